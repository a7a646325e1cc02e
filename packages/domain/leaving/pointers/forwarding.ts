// Users whose calls go to the user: by forwarding all of them, or as the target of those that are not answered.

import { memberPartitions, userKeys } from '#table/keys.ts';
import type { Deps } from '../../deps.ts';
import { idOfEntry } from '../../directory/entries.ts';
import { isInSight } from '../../grants/sight.ts';
import { extensionsOf } from '../../numbers/numbers.ts';
import { readUser, type User } from '../../users/user.ts';
import type { Pointer, Source } from '../pointers.ts';

/** Of one number; who has more has other worries than a list. */
const READ_MAX = 100;

const effects = {
  forwarding:
    'All calls to them then reach nobody, until they forward elsewhere, or not at all. A number that somebody else has one day takes them along',
  target:
    'Calls that they do not answer then end there, until they have another target, or none. A number that somebody else has one day takes them along',
} as const;

export const leadsTo: Source = async (deps, asker, user) => {
  const kinds = ['forwarding', 'target'] as const;
  const wanted = kinds.flatMap((what) => extensionsOf(user).map((extension) => ({ what, extension })));
  const found = await Promise.all(
    wanted.map(async ({ what, extension }): Promise<Pointer[]> => {
      const others = (await leading(deps, what, extension)).filter(({ id }) => id !== user.id);
      const seen = others.filter((other) => isInSight(asker, other));
      const unseen = others.length - seen.length;
      const named = seen.map(({ id, title }): Pointer => ({ what, id, name: title, effect: effects[what] }));
      // Who they are is not for who does not see them; that there are some is.
      return unseen === 0 ? named : [...named, { what, id: extension, effect: hidden(unseen, what) }];
    }),
  );
  return found.flat();
};

/** What is found by the index may be a moment old: the users say what is so. */
async function leading(deps: Deps, what: 'forwarding' | 'target', extension: string): Promise<User[]> {
  const read = (partition: string) => deps.table.query({ partition, limit: READ_MAX });
  const pages = await Promise.all(memberPartitions(what, extension).map(read));
  const ids = pages.flatMap(({ items }) => items.map(idOfEntry)).slice(0, READ_MAX);
  if (ids.length === 0) return [];
  const items = await deps.table.batchGet(ids.map(userKeys.user), { consistent: false });
  const users = items.filter((item) => item !== undefined).map(readUser);
  return users.filter((user) => user[what] === extension && user.state !== 'deactivated');
}

function hidden(count: number, what: 'forwarding' | 'target'): string {
  const who = count === 1 ? 'A user out of your sight leads' : `${count} users out of your sight lead`;
  return `${who} calls there. ${effects[what]}`;
}
