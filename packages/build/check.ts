// What CI runs and what a commit must pass: one step after the other, stopping at the first that fails.

import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

interface Step {
  title: string;
  command: readonly string[];
  /** Why the step is left out this time. */
  skippedBecause?: string | undefined;
}

const root = join(import.meta.dirname, '../..');

const steps: readonly Step[] = [
  { title: 'Format and lint', command: ['biome', 'check', '.'] },
  { title: 'Types', command: ['tsc'] },
  {
    title: 'Tests',
    command: ['jest'],
    skippedBecause: process.env.ROSTER_TESTS_RAN === '1' ? 'they have just run (ROSTER_TESTS_RAN=1)' : undefined,
  },
  { title: 'Build and synth', command: ['npm', 'run', '--silent', 'synth'] },
  { title: 'Drift of OpenAPI and permissions page', command: ['node', 'packages/build/openapi.ts', '--check'] },
  { title: 'Bundle sizes', command: ['node', 'packages/build/sizes.ts'] },
];

const startedAt = performance.now();
for (const { title, command, skippedBecause } of steps) {
  console.log(`\n── ${title} ${'─'.repeat(Math.max(0, 60 - title.length))}`);
  if (skippedBecause) {
    console.log(`Skipped: ${skippedBecause}`);
    continue;
  }
  const began = performance.now();
  if (!run(command)) {
    console.error(`\n✗ ${title} failed after ${since(began)}: ${command.join(' ')}`);
    process.exit(1);
  }
  console.log(`✓ ${title}, ${since(began)}`);
}
console.log(`\n✓ All checks passed in ${since(startedAt)}`);

function run([program = '', ...args]: readonly string[]): boolean {
  const PATH = `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH,
      // jest needs it; npm sets it from .npmrc, a direct call of this file doesn't.
      NODE_OPTIONS: process.env.NODE_OPTIONS || '--experimental-vm-modules',
    },
  });
  if (error) console.error(error.message);
  return status === 0;
}

function since(began: number): string {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}
