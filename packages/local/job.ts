// `npm run job -- snapshot-licenses --at 2026-01-01`: runs a reaction of the clock by hand, against the tenant of this machine,
// whether it runs or not. Prints what the run came to; what the function logs goes to standard error.

import { resolve } from 'node:path';
import { buildFunctions, functionsOut } from '#build/build.ts';
import { setEnvironment } from './environment.ts';
import { Functions } from './functions.ts';
import { askedFor } from './job-asked.ts';
import { openTenant } from './open-tenant.ts';
import { StartError } from './ports.ts';

const print = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

try {
  await run();
} catch (error) {
  process.stderr.write(`\n${error instanceof StartError ? error.message : ((error as Error)?.stack ?? error)}\n`);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const { id, timeoutSeconds, event } = askedFor(process.argv.slice(2), Date.now());
  const { localTenant } = await import('./tenant.ts');
  const dataFolder = resolve(process.env.ROSTER_DATA || '.roster');
  const tenant = await openTenant(dataFolder, localTenant);
  try {
    const { apiUrl, engineEndpoint } = tenant;
    await buildFunctions();
    // No function of a schedule sends anything by itself.
    const mails = { sesEndpoint: '', snsEndpoint: '' };
    setEnvironment({ tenantFile: localTenant, dataFolder, apiUrl, engineEndpoint, ...mails });
    const result = await new Functions(functionsOut).invoke(id, event, timeoutSeconds);
    print(`${JSON.stringify(result, undefined, 2)}\n`);
  } finally {
    await tenant.close();
  }
}
