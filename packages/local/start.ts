// `npm start`: a whole tenant on this machine, from a fresh checkout. Builds when something changed, starts, says where everything is.

import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildFunctions } from '#build/build.ts';
import { whenNpmIsGone } from './ancestor.ts';
import { operatorKeyOf } from './operator-key.ts';
import { type Addresses, addressesFile, portFrom, StartError } from './ports.ts';
import { type LocalTenant, startTenant } from './start-tenant.ts';

const print = process.stdout.write.bind(process.stdout);
const say = (line: string) => print(`${line}\n`);

try {
  await start();
} catch (error) {
  refuse(error);
}

async function start(): Promise<void> {
  const port = portFrom('ROSTER_PORT', 3000);
  const mailPort = portFrom('ROSTER_MAIL_PORT', 8005);
  const dataFolder = resolve(process.env.ROSTER_DATA || '.roster');
  // Read late, so that a mistake in it is told as a mistake and not as a crash at load.
  const { localTenant } = await import('./tenant.ts');
  await buildFunctions({ say });
  say('Starting the tenant …');
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  keepLogsAside(join(dataFolder, 'functions.log'));
  const tenant = await startTenant({
    dataFolder,
    port: port.port,
    portSetBy: port.setBy,
    mailPort: mailPort.port,
    mailPortSetBy: mailPort.setBy,
    tenantFile: localTenant,
    engineEndpoint: process.env.DYNAMODB_ENDPOINT || undefined,
    mailEndpoint: process.env.ROSTER_MAIL_ENDPOINT || undefined,
    reindex: process.env.ROSTER_REINDEX === '1',
    say: (line) => process.stderr.write(`${line}\n`),
  });
  const { apiUrl: api, mailUrl: inbox, engineEndpoint: engine } = tenant;
  const addresses: Addresses = { api, inbox, engine, pid: process.pid };
  writeFileSync(join(dataFolder, addressesFile), JSON.stringify(addresses));
  endOnSignals(tenant);
  sayMoved('ROSTER_PORT', port.port, tenant.apiUrl, port.setBy);
  if (tenant.mailUrl) sayMoved('ROSTER_MAIL_PORT', mailPort.port, tenant.mailUrl, mailPort.setBy);
  say(welcome(tenant, dataFolder, localTenant.firstSuperUser.authEmail));
}

function welcome({ apiUrl, mailUrl }: LocalTenant, dataFolder: string, invited: string): string {
  const inbox = mailUrl
    ? `Open the inbox: the invite of ${invited}, the first SuperUser, is there.`
    : `The invite of ${invited} went to the SES endpoint that you gave.`;
  return `
Roster is ready.

  API    ${apiUrl}/v1
  Docs   ${apiUrl}/docs
  Inbox  ${mailUrl ?? process.env.ROSTER_MAIL_ENDPOINT}
  Data   ${dataFolder} (with the functions' log)
  Key    ${operatorKeyOf(dataFolder).path} (the operator's, who sets the seats that are owned)

Next: ${inbox}
      npm run demo walks through the first day. Ctrl-C ends the tenant; its data stays.
`;
}

function sayMoved(variable: string, wanted: number, url: string, setBy: string | undefined): void {
  const got = Number(new URL(url).port);
  if (!setBy && got !== wanted) say(`Port ${wanted} is busy, so ${got} is taken instead (set ${variable} to choose)`);
}

/** What functions log, line by line on standard output as in Lambda, would bury the addresses. Errors still show. */
function keepLogsAside(path: string): void {
  const log = createWriteStream(path, { flags: 'a', mode: 0o600 });
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: []) => {
    log.write(chunk);
    return String(chunk).includes('"level":"error"') ? print(chunk, ...rest) : true;
  }) as typeof process.stdout.write;
}

function endOnSignals(tenant: LocalTenant): void {
  let ending = false;
  const end = async (why: string) => {
    if (ending) return;
    ending = true;
    say(`\n${why}: finishing what is under way …`);
    await tenant.stop().catch(refuse);
    process.exit();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(signal));
  whenNpmIsGone(() => void end('npm is gone'));
  // In Lambda it would end one function's instance, here it must not end the tenant.
  process.on('unhandledRejection', (error) => console.error('A function left a rejection unhandled:', error));
}

function refuse(error: unknown): never {
  const isExpected = error instanceof StartError || (error instanceof Error && / is not valid:\n/.test(error.message));
  process.stderr.write(`\n${isExpected ? error.message : ((error as Error)?.stack ?? error)}\n`);
  process.exit(1);
}
