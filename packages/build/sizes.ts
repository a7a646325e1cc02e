// The budget of a cold start: how large an operation's bundle may be. Import time grows with it.

import { operationList } from '#contract/operations.ts';
import { type BuiltFunction, builtFunctions, kilobytes } from './build.ts';

/** What the middle one of all operations may have, and what each may have at most. */
export const budget = { typicalBytes: 300_000, eachBytes: 325_000 };

interface Exception {
  bytes: number;
  reason: string;
}

/** Compressed; as the package has it, the list would be 380 kB. */
const setsPassword: Exception = {
  bytes: 412_000,
  reason: 'carries 18,000 common passwords (68 kB) and is called rarely',
};
const makesUsers: Exception = {
  bytes: 425_000,
  reason: 'carries 18,000 common passwords (68 kB), and the rule of each field that a user has',
};
const readsAuthenticator: Exception = { bytes: 365_000, reason: 'checks codes of authenticators (otplib, 28 kB)' };

const beginsUpload: Exception = {
  bytes: 490_000,
  reason: 'signs the form of an upload with the client of S3, and is called rarely',
};

const judgesUsers: Exception = {
  bytes: 346_000,
  reason: 'judges a whole user anew, and says who holds the seat that is missing',
};

const sanitizes: Exception = {
  bytes: 475_000,
  reason: 'sanitizes HTML (sanitize-html with postcss, 155 kB), and is called rarely',
};

const speaksForSwitch: Exception = {
  bytes: 340_000,
  reason: 'decides calls both ways and their recording, and writes them as XML',
};

/** Operations that may be larger, each with its own budget and the reason. */
export const exceptions: Readonly<Record<string, Exception>> = {
  'get-openapi': { bytes: 930_000, reason: 'carries the document itself; no agent waits for it' },
  'accept-invite': setsPassword,
  'answer-freeswitch': speaksForSwitch,
  'change-my-password': setsPassword,
  'change-my-picture': beginsUpload,
  'change-user-picture': beginsUpload,
  'choose-new-password': setsPassword,
  'complete-password-reset': setsPassword,
  'change-user': { bytes: 352_000, reason: 'holds the rule of each field that a user has' },
  'clone-user': makesUsers,
  'create-user': makesUsers,
  'plan-rights': judgesUsers,
  'plan-user': {
    bytes: 445_000,
    reason: 'judges what creating, changing and restoring a user would, in their own words',
  },
  'restore-deleted-user': judgesUsers,
  'restore-user': judgesUsers,
  'set-user-password': setsPassword,
  'set-my-signature': sanitizes,
  'set-user-signature': sanitizes,
  'confirm-my-totp': readsAuthenticator,
  'confirm-totp-setup': readsAuthenticator,
  reauthenticate: readsAuthenticator,
  'sign-in': readsAuthenticator,
  'verify-code': readsAuthenticator,
};

/** One line for each budget that is not kept; empty when all are. */
export function overBudget(built: readonly BuiltFunction[]): string[] {
  const middle = typical(built);
  const over = built
    .map(({ id, bytes }) => ({ id, bytes, max: exceptions[id]?.bytes ?? budget.eachBytes }))
    .filter(({ bytes, max }) => bytes > max)
    .map(({ id, bytes, max }) => `${id} is ${kilobytes(bytes)}, its budget is ${kilobytes(max)}`);
  if (middle <= budget.typicalBytes) return over;
  return [`A typical operation is ${kilobytes(middle)}, its budget is ${kilobytes(budget.typicalBytes)}`, ...over];
}

/** The middle one by size. */
function typical(built: readonly BuiltFunction[]): number {
  return built.map(({ bytes }) => bytes).toSorted((a, b) => a - b)[Math.floor(built.length / 2)] ?? 0;
}

if (import.meta.main) {
  const built = builtFunctions(operationList);
  const over = overBudget(built);
  for (const line of over) console.error(line);
  const [largest] = built.filter(({ id }) => !(id in exceptions)).toSorted((a, b) => b.bytes - a.bytes);
  console.log(`A typical operation is ${kilobytes(typical(built))} of ${kilobytes(budget.typicalBytes)}`);
  console.log(`The largest is ${largest?.id}, ${kilobytes(largest?.bytes ?? 0)} of ${kilobytes(budget.eachBytes)}`);
  for (const [id, { bytes, reason }] of Object.entries(exceptions)) {
    console.log(`Exception: ${id} up to ${kilobytes(bytes)}, because it ${reason}`);
  }
  if (over.length > 0) process.exitCode = 1;
}
