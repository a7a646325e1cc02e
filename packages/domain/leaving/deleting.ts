// Deleting: the user vanishes at once, in one transaction, and nothing of theirs is accepted from then on, since everything is read
// with the user's own item. A sealed copy stays as long as the settings say (C14); a job completes it and clears the rest away.

import type { Settings } from '#contract/settings.ts';
import { userKeys } from '#table/keys.ts';
import { type Item, remove, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { departure } from '../ledger/departures.ts';
import * as numbers from '../numbers/numbers.ts';
import * as claims from '../users/claims.ts';
import { detailKeys, readDetails } from '../users/details.ts';
import type { Person } from '../users/person.ts';
import { accountMoves } from '../users/sip-accounts.ts';
import { readUser } from '../users/user.ts';
import * as users from '../users/users.ts';
import { closing } from '../work/closing.ts';
import { userClearing } from './clearing.ts';
import { partWrites } from './copies.ts';
import { COUNTS_AT_ONCE, counting, countsOf } from './counts.ts';
import { type Receipt, receiptOf } from './deactivating.ts';
import { deletedCreation } from './deleted.ts';
import type { Standing } from './standing.ts';

const DAY_MS = 86_400_000;

export interface Deletion {
  /** As they were. */
  person: Person;
  writes: Write[];
  receipt: Receipt;
  /** Absent: gone for good. */
  restorableUntil?: number;
}

/** @throws at commit `version_stale`, `user_not_found`, `last_superuser`, WorkMoved */
export async function deletion(deps: Deps, standing: Standing, by: string, settings: Settings): Promise<Deletion> {
  const { user, work } = standing;
  const core = await coreOf(deps, user.id);
  const { details, signature, telephony } = core;
  const person: Person = { user, details: readDetails(details, { signature, telephony }) };
  // Read a moment later: were it another version, the writes would fail on it.
  if (core.user.version !== user.version) throw users.stale(readUser(core.user));
  const now = deps.now();
  const counts = countsOf(person);
  const keeps = settings.deletedDays > 0;
  const clearing = userClearing(deps, { userId: user.id, keeps, owed: counts.slice(COUNTS_AT_ONCE) });
  const restorableUntil = now + settings.deletedDays * DAY_MS;
  const sealer = await deps.sealer();
  const kept = [
    deletedCreation(sealer, user, { jobId: clearing.id, deletedAt: now, deletedBy: by, restorableUntil }),
    ...partWrites(
      sealer,
      user.id,
      0,
      [core.user, details, signature, telephony].filter((item) => item !== undefined),
    ),
  ];
  return {
    person,
    receipt: await receiptOf(deps, standing),
    ...(keeps && { restorableUntil }),
    writes: [
      ...users.removal(user),
      ...departure(user, now),
      ...detailKeys(user.id).map((key) => remove(key)),
      ...numbers.moves(user, undefined, now, settings),
      ...counting(counts.slice(0, COUNTS_AT_ONCE), -1),
      ...(await closing(deps, user.id, work)),
      clearing.write,
      ...(keeps
        ? kept
        : [...claims.releases({ ...user, mobile: undefined }), ...accountMoves(user.id, person.details, {})]),
    ],
  };
}

interface Core {
  user: Item;
  details: Item | undefined;
  signature: Item | undefined;
  telephony: Item | undefined;
}

async function coreOf(deps: Deps, userId: string): Promise<Core> {
  const keys = [userKeys.user(userId), ...detailKeys(userId)];
  const [user, details, signature, telephony] = await deps.table.batchGet(keys);
  if (!user) throw users.notFound(userId);
  return { user, details, signature, telephony };
}
