// One walk through all users: what they hold by their own items, and who of them holds other seats than they need. Remembers totals,
// and of users alone those.

import { shelves, userKeys } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import { mendLedger } from '../ledger/mending.ts';
import { readUser, type User } from '../users/user.ts';
import { neededBy, type Rules } from './consumption.ts';

/** Users that one read gets. */
const USERS = 100;

export interface Count {
  /** License → users who hold it, also of licenses that the catalogue has no more. */
  held: Map<string, number>;
  /** "<type> <state>" → users. */
  users: Record<string, number>;
  wrong: Wrong[];
  ledgerMended: number;
}

/** A user who holds other seats than they need. */
export interface Wrong {
  id: string;
  takes: string[];
  frees: string[];
}

export async function countAll(deps: Deps, rules: Rules): Promise<Count> {
  const count: Count = { held: new Map(), users: {}, wrong: [], ledgerMended: 0 };
  for (const partition of shelves.flatMap(userKeys.listPartitions)) {
    // Whose title changes on the way may be shown twice, and the table refuses a read that names a key twice.
    let waiting = new Set<string>();
    for await (const { pk } of deps.table.all({ index: 'users', partition })) {
      waiting.add(pk);
      if (waiting.size < USERS) continue;
      await countSome(deps, rules, waiting, count);
      waiting = new Set();
    }
    await countSome(deps, rules, waiting, count);
  }
  return count;
}

async function countSome(deps: Deps, rules: Rules, partitions: ReadonlySet<string>, count: Count): Promise<void> {
  if (partitions.size === 0) return;
  const keys = Array.from(partitions, (pk) => userKeys.user(pk.slice(userKeys.partition('').length)));
  const users = (await deps.table.batchGet(keys)).filter((item) => item !== undefined).map(readUser);
  for (const user of users) {
    const name = `${user.userType} ${user.state}`;
    count.users[name] = (count.users[name] ?? 0) + 1;
    for (const license of Object.keys(user.seats?.held ?? {})) {
      count.held.set(license, (count.held.get(license) ?? 0) + 1);
    }
    // While an edit is being prepared, some hold what they will need, and some what they needed.
    const wrong = rules.licensing.underway ? undefined : wrongOf(user, rules);
    if (wrong) count.wrong.push(wrong);
  }
  count.ledgerMended += await mendLedger(deps, users, rules);
}

function wrongOf(user: User, rules: Rules): Wrong | undefined {
  const [held, needed] = [new Set(Object.keys(user.seats?.held ?? {})), neededBy(user, rules)];
  const takes = [...needed].filter((license) => !held.has(license));
  const frees = [...held].filter((license) => !needed.has(license));
  return takes.length + frees.length > 0 ? { id: user.id, takes, frees } : undefined;
}
