// The budget of a cold start: how large an operation's bundle may be. Import time grows with it.

import { operationList } from '#contract/operations.ts';
import { type BuiltFunction, builtFunctions, kilobytes } from './build.ts';

export const budgetBytes = 300_000;

/** Operations that may be larger, each with its own budget and the reason. */
export const exceptions: Readonly<Record<string, { bytes: number; reason: string }>> = {
  'sign-in': { bytes: 320_000, reason: 'is the one that verifies passwords, limits guesses and starts both steps' },
  'get-openapi': { bytes: 450_000, reason: 'carries the document itself; no agent waits for it' },
};

export function budgetOf(id: string): number {
  return exceptions[id]?.bytes ?? budgetBytes;
}

/** One line for each bundle that is over its budget; empty when all keep it. */
export function overBudget(built: readonly BuiltFunction[]): string[] {
  return built
    .filter(({ id, bytes }) => bytes > budgetOf(id))
    .map(({ id, bytes }) => `${id} is ${kilobytes(bytes)}, its budget is ${kilobytes(budgetOf(id))}`);
}

if (import.meta.main) {
  const built = builtFunctions(operationList);
  const over = overBudget(built);
  for (const line of over) console.error(line);
  const largest = built.toSorted((a, b) => b.bytes - a.bytes)[0];
  console.log(`${built.length - over.length} of ${built.length} operations keep the budget; largest: ${largest?.id}`);
  for (const [id, { bytes, reason }] of Object.entries(exceptions)) {
    console.log(`Exception: ${id} up to ${kilobytes(bytes)}, because it ${reason}`);
  }
  if (over.length > 0) process.exitCode = 1;
}
