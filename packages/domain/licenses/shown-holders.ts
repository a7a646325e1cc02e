// Holders of seats as the API shows them: each license with since when, and why.

import type { Deps } from '../deps.ts';
import { shownToAll } from '../directory/shown.ts';
import type { Granter } from '../grants/limits.ts';
import { isInSight } from '../grants/sight.ts';
import { maySeeField } from '../users/open-fields.ts';
import type { User } from '../users/user.ts';
import { causesOf, queueNames, told } from './causes.ts';
import type { Rules } from './consumption.ts';
import { heldOf } from './holders.ts';
import { knownLicenses } from './known.ts';

interface Asking extends Granter {
  definitions: Rules;
}

/** @param license undefined: all that they hold. Reads the names of queues, once for all of them. */
export async function shownHolders(deps: Deps, caller: Asking, users: readonly User[], license: string | undefined) {
  const { definitions } = caller;
  const causes = users.map((user) => causesOf(user, definitions));
  const [queues, known] = await Promise.all([queueNames(deps, causes), knownLicenses(deps, definitions.licensing)]);
  const names = new Map(known.map(({ id, name }) => [id, name]));
  return users.map((user, n) => ({
    ...shownToAll(user),
    // Also who is out of sight is in this list, but no detail of them.
    ...(maySeeField(caller, 'login') && isInSight(caller, user) && { login: user.login }),
    licenses: heldOf(user, license).map(([id, since]) => ({
      license: id,
      name: names.get(id) ?? id,
      since: new Date(since).toISOString(),
      causes: (causes[n]?.get(id) ?? []).map((cause) => told(cause, definitions, queues)),
    })),
  }));
}

export type ShownHolder = Awaited<ReturnType<typeof shownHolders>>[number];
