// Who holds seats: found by the index of holders, whatever the number of users, and judged by the users themselves. The index lags
// a moment; nothing is decided on it.

import { anyLicense, memberPartitions } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import { readMember } from '../directory/entries.ts';
import { type FoundPage, gather, type Request, type Source } from '../directory/find.ts';
import type { User } from '../users/user.ts';

/** @param license undefined: of any */
export async function holdersPage(
  deps: Deps,
  license: string | undefined,
  request: Request,
): Promise<{ users: User[]; next?: NonNullable<FoundPage['next']> }> {
  const source: Source = {
    stages: [{ partitions: memberPartitions('license', license ?? anyLicense) }],
    knowing: 'entry',
    read: readMember,
  };
  // Judged on the users, so it is them who come back.
  const { users, next } = await gather(deps, source, request, (user) => heldOf(user as User, license).length > 0);
  return { users: users as User[], ...(next && { next }) };
}

/** Licenses that the user holds a seat of, by name, and since when (epoch ms); the one asked for alone. */
export function heldOf(
  { seats }: Pick<User, 'seats'>,
  license: string | undefined,
): [license: string, since: number][] {
  const held = Object.entries(seats?.held ?? {}).filter(([id]) => license === undefined || id === license);
  return held.sort(([a], [b]) => (a < b ? -1 : 1));
}
