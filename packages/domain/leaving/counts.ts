// How often records count a user who is deleted or comes back: as somebody who has them, and as somebody whose personal profiles name
// them. One write a record, and not more at once than fit into the transaction that does the rest.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import type { RecordKind } from '#table/keys.ts';
import type { Write } from '#table/write.ts';
import { skillsOf } from '../profiles/profile.ts';
import * as records from '../records/records.ts';
import type { Person } from '../users/person.ts';
import { referencesOf } from '../users/references.ts';

/** Goes with the removal or the return itself, which take some fifty writes beside it. */
export const COUNTS_AT_ONCE = 40;
/** Goes with nothing but a note of it. */
export const COUNTS_ALONE = 90;

export const count = once(() =>
  z.object({ kind: z.custom<RecordKind>(), id: z.string(), usedBy: z.number(), inPersonalProfiles: z.number() }),
);

export type Count = z.output<ReturnType<typeof count>>;

export function countsOf({ user, details }: Person): Count[] {
  const counts = new Map<string, Count>();
  for (const [id, kind] of referencesOf(user)) counts.set(id, { kind, id, usedBy: 1, inPersonalProfiles: 0 });
  for (const id of skillsOf(details.profiles ?? [])) {
    const known = counts.get(id) ?? { kind: 'skill', id, usedBy: 0, inPersonalProfiles: 0 };
    counts.set(id, { ...known, inPersonalProfiles: 1 });
  }
  return [...counts.values()];
}

/** @throws at commit `prerequisites_missing` */
export function counting(counts: readonly Count[], by: 1 | -1): Write[] {
  return counts.map(({ kind, id, usedBy, inPersonalProfiles }) =>
    records.uses(kind, id, { usedBy: usedBy * by, inPersonalProfiles: inPersonalProfiles * by }),
  );
}
