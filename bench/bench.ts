// `npm run bench`: what operations cost. Units, trips and sizes are exact and have budgets; times are of this machine, so
// read them as ratios within one run. CPU is that of the process that runs the bundles, which is what Lambda bills.

import { buildFunctions } from '#build/build.ts';
import { exceptions, budget as sizes } from '#build/sizes.ts';
import { startEngine } from '#local/engine.ts';
import { budgets, definitionsReadUnits, overBudget } from './budgets.ts';
import { bulkReport } from './bulk-report.ts';
import { definitionReport } from './definition-edit.ts';
import { directoryReport } from './directory-report.ts';
import { startTimes } from './import-time.ts';
import { type Pace, type Served, serveBundles } from './load.ts';
import { adminToken, loadTargets, platformToken, signIn } from './load-targets.ts';
import { peerFigures } from './peers.ts';
import { type Measured, measureScenarios } from './scenarios.ts';
import { loginOf, type SeededTenant, seed } from './seed.ts';
import type { Spending } from './spending.ts';
import { textTable } from './text-table.ts';

const USERS = 5000;
const BULK_USERS = 10_000;
const IN_FLIGHT = [1, 16] as const;
const START_RATIO_MAX = 1.2;
const SIGN_IN_RATIO_MAX = 1.1;

type Paces = Partial<Record<string, Pace[]>>;

const say = (line = '') => process.stdout.write(`${line}\n`);
const figure = (value: number | undefined, digits = 1) => (value === undefined ? '' : value.toFixed(digits));

const built = await buildFunctions({ say });
const engine = await startEngine();
try {
  process.env.DYNAMODB_ENDPOINT = engine.endpoint;
  say(`Seeding ${USERS} users …`);
  const tenant = await seed(engine.endpoint, USERS);
  const measured = await measureScenarios();
  const served = await serveBundles(tenant.environment);
  try {
    await report(tenant, measured, served);
  } finally {
    await served.stop();
  }
  await directoryReport(engine.endpoint, say);
} finally {
  await engine.stop();
}

async function report(tenant: SeededTenant, measured: Measured[], served: Served): Promise<void> {
  const token = await adminToken(served.ask);
  const paces: Paces = {};
  const platform = await platformToken(served.ask, token);
  for (const [name, { next, status }] of Object.entries(loadTargets(tenant, token, platform))) {
    say(`Under load: ${name} …`);
    paces[name] = [];
    for (const inFlight of IN_FLIGHT) paces[name].push(await served.pace(inFlight, next, status));
  }
  const hashing = await served.besideBareHash((n) => signIn(loginOf(n)));
  say('Starting fresh processes …');
  const starts = await startTimes(tenant.environment, token);
  sayOperations(measured, paces);
  sayCommands(measured);
  sayRouting(paces);
  say(`\n${await bulkReport(BULK_USERS)}`);
  say(`\n${await definitionReport(BULK_USERS)}`);

  say('\nPassword hashing (CPU, one in flight, the least of 15 turns)\n');
  say(`  one bare argon2id hash   ${figure(hashing.hashMs)} ms`);
  const signInRatio = hashing.callMs / hashing.hashMs;
  const isWithin = signInRatio <= SIGN_IN_RATIO_MAX;
  say(
    `  sign-in by password      ${figure(hashing.callMs)} ms = ${figure(signInRatio, 2)} × the hash (at most ${SIGN_IN_RATIO_MAX}): ${isWithin ? 'ok' : 'OVER'}`,
  );

  say(
    '\nBeside a peer, CPU ms a sign-in as once measured together (bench/peers.ts; Roster hashes with 28 MiB and three passes)\n',
  );
  say(
    textTable([
      ['operation', 'Roster', 'better-auth, scrypt', 'better-auth, argon2id 19 MiB, two passes'],
      ...peerFigures.map(({ operation, rosterCpuMs, betterAuthCpuMs }) => [
        operation,
        figure(rosterCpuMs),
        figure(betterAuthCpuMs.scrypt),
        figure(betterAuthCpuMs.argon2id),
      ]),
    ]),
  );

  const { bare, typical } = starts;
  const ratio = typical.importMs / bare.importMs;
  const verdict = ratio <= START_RATIO_MAX ? 'ok' : 'OVER';
  say('\nStart of a fresh process (median of 15, in turns; `get-me` beside bare middy + zod + lib-dynamodb)\n');
  say(
    textTable([
      ['bundle', 'kB', 'import ms', 'import and first answer ms', ''],
      ['bare', figure(bare.bytes / 1000, 0), figure(bare.importMs), figure(bare.firstAnswerMs), ''],
      [
        'get-me',
        figure(typical.bytes / 1000, 0),
        figure(typical.importMs),
        figure(typical.firstAnswerMs),
        `import ${figure(ratio, 2)} × bare (at most ${START_RATIO_MAX}): ${verdict}`,
      ],
    ]),
  );
}

function sayOperations(measured: Measured[], paces: Paces): void {
  const rows = measured.map(({ name, operation, warm, cold }) => {
    const bytes = built.find(({ id }) => id === operation)?.bytes ?? 0;
    const [alone, many] = paces[name] ?? [];
    return [
      name,
      both(warm.readUnits, cold.readUnits),
      both(warm.writeUnits, cold.writeUnits),
      both(warm.trips, cold.trips),
      `${figure(bytes / 1000, 0)}`,
      figure(alone?.cpuMs, 2),
      figure(many?.cpuMs, 2),
      figure(alone?.p50Ms),
      figure(many?.p50Ms),
      verdictOf(name, warm, cold, bytes > (exceptions[operation]?.bytes ?? sizes.eachBytes)),
    ];
  });
  const heading = [
    'operation',
    'reads',
    'writes',
    'trips',
    'kB',
    'CPU ms 1',
    'CPU ms 16',
    'p50 ms 1',
    'p50 ms 16',
    'budget',
  ];
  say(
    '\nOperations: DynamoDB units and trips in sequence (→ when the settings have to be read, too), bundle, CPU and p50',
  );
  say('with 1 and 16 in flight\n');
  say(textTable([heading, ...rows]));
}

function both(warm: number, cold: number): string {
  return warm === cold ? `${warm}` : `${warm} → ${cold}`;
}

function verdictOf(name: Measured['name'], warm: Spending, cold: Spending, isLarge: boolean): string {
  const size = isLarge ? ['bundle OVER'] : [];
  const budget = budgets[name];
  if (!budget) return size.join('; ');
  const limits = `${budget.readUnits} R ${budget.writeUnits} W ${budget.trips} trips`;
  const warmOver = overBudget(budget, warm);
  const coldOver = overBudget({ ...budget, readUnits: budget.readUnits + definitionsReadUnits }, cold);
  const words = warmOver.length > 0 ? `OVER: ${warmOver.join(', ')}` : 'ok';
  const apart =
    warmOver.length === 0 && coldOver.length > 0 ? [`OVER when definitions are read: ${coldOver.join(', ')}`] : [];
  return [`${limits}: ${words}`, ...apart, ...size].join('; ');
}

/** What one vCPU does when it does nothing else; a whole one is what Lambda gives a function of 1769 MB. */
function sayRouting(paces: Paces): void {
  const [alone, many] = paces['route a call to an extension' satisfies Measured['name']] ?? [];
  say('\nInbound decisions a second on one vCPU (1000 / CPU ms)\n');
  for (const [inFlight, pace] of [alone, many].entries()) {
    say(`  ${String(IN_FLIGHT[inFlight]).padStart(2)} in flight   ${figure(pace && 1000 / pace.cpuMs, 0)}`);
  }
}

function sayCommands(measured: Measured[]): void {
  say('\nCommand by command (definitions not at hand)\n');
  for (const { name, cold } of measured) say(`  ${name.padEnd(28)} ${cold.commands.join(' · ')}`);
}
