// Numbers for who comes back and finds theirs taken: the next free ones, ready to be sent.

import { Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';
import type { NumberKind } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import { nextFree } from '../numbers/next-free.ts';
import { extensionsOf, freeAt, keyOf, numberItem } from '../numbers/numbers.ts';
import type { User } from '../users/user.ts';

const fields = [
  { kind: 'numeric-ids', field: 'numericId' },
  { kind: 'extensions', field: 'extension' },
  { kind: 'extensions', field: 'virtualExtension' },
] as const;

/** The refusal with a proposal for each number of the user that is somebody else's, so that one more request is enough. */
export async function withProposals(deps: Deps, refused: Problem, user: User, settings: Settings): Promise<Problem> {
  const proposal: Record<string, string> = {};
  for (const { kind, field } of fields) {
    const number = user[field];
    if (number === undefined || !(await isTaken(deps, kind, number, user.id, settings))) continue;
    // Another than their other extension, and than the one that is proposed for that.
    const besides = kind === 'extensions' ? [...extensionsOf(user), proposal.extension ?? ''] : [];
    const free = await nextFree(deps, kind, number, settings, besides);
    if (free !== undefined) proposal[field] = free;
  }
  return new Problem('number_taken', {
    ...refused.facts,
    remedy: `Repeat with ${JSON.stringify(proposal)}, with others of your choice, or with null for none`,
    extra: { proposal },
  });
}

async function isTaken(deps: Deps, kind: NumberKind, number: string, userId: string, settings: Settings) {
  const item = await deps.table.get(keyOf(kind, number));
  if (!item) return false;
  const found = numberItem().parse(item);
  const free = freeAt(found, settings);
  return free === undefined || (found.userId !== userId && free > deps.now());
}
