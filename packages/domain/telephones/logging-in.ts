// Logging users in to devices and out of them (S0-41, S1-25). The item of each device and the user's own list of them move in one
// transaction: a device is one user's at a time, however many ask for it at once.

import { Problem } from '#contract/problems.ts';
import { deviceLogOnKey, recordKey, userKeys } from '#table/keys.ts';
import { absent, check, type Item, present, put, remove, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { isInSight, type Viewer } from '../grants/sight.ts';
import * as records from '../records/records.ts';
import * as sessions from '../sessions/sessions.ts';
import { readUser, type User } from '../users/user.ts';
import { moved, readSummary, replacing, type Summary, summaryOf } from '../work/work.ts';
import { deviceLogOn } from './log-on.ts';

interface Wanted {
  user: User;
  seen: Summary;
  /** All of them; empty: logged out. */
  devices: readonly string[];
  /** Holds at the commit of the user: that they are still there. */
  guard: Write;
}

/**
 * The user is logged in to these devices and no others from now on.
 * @throws Problem `record_not_found`, `device_taken`; at commit `record_not_found`, what the guard says, WorkMoved
 */
export async function loggingIn(
  deps: Deps,
  viewer: Viewer,
  { user, seen, devices, guard }: Wanted,
): Promise<{ after: Summary; writes: Write[] }> {
  const added = devices.filter((id) => !seen.devices.includes(id));
  const left = seen.devices.filter((id) => !devices.includes(id));
  const { after, write } = replacing(user.id, seen, { devices: [...devices] });
  const taking = await takings(deps, viewer, user, added);
  return { after, writes: [guard, write, ...taking, ...(await loggingOut(deps, user.id, left))] };
}

/** The devices are free for others. @throws at commit WorkMoved */
export async function loggingOut(deps: Deps, userId: string, devices: readonly string[]): Promise<Write[]> {
  const items = await itemsOf(deps, devices);
  return items.flatMap(({ id, item }) => {
    // What has become somebody else's is not touched.
    if (item?.userId !== userId) return [];
    return [remove(deviceLogOnKey(id), { if: ['=', 'userId', userId], otherwise: moved })];
  });
}

/** The same for who signs out, once nothing else is left that they are signed in with. @throws at commit WorkMoved */
export async function loggingOutAtEnd(deps: Deps, user: User, ending: readonly string[] | 'all'): Promise<Write[]> {
  const seen = await summaryOf(deps, user.id);
  if (seen.devices.length === 0) return [];
  const live = ending === 'all' ? [] : await sessions.live(deps, user);
  if (live.some(({ id }) => !ending.includes(id))) return [];
  return [replacing(user.id, seen, { devices: [] }).write, ...(await loggingOut(deps, user.id, seen.devices))];
}

async function takings(deps: Deps, viewer: Viewer, user: User, ids: readonly string[]): Promise<Write[]> {
  const known = await records.byIds(
    deps,
    ids.map((id) => ({ kind: 'device' as const, id })),
  );
  const missing = ids.find((_id, n) => !known[n]);
  if (missing !== undefined) throw notThere(missing);
  const items = await itemsOf(deps, ids);
  const writes = items.map(async ({ id, item }, n) => {
    const name = known[n]?.name as string;
    const holder = item && item.userId !== user.id ? await holderOf(deps, id, item) : undefined;
    if (holder) throw taken(name, holder, viewer);
    return [
      check(recordKey('device', id), present, () => notThere(id)),
      put(
        { ...deviceLogOnKey(id), type: 'device-log-on', v: 1, userId: user.id, since: deps.now() },
        // Where somebody's log-on was left behind, it is that very one that ends here.
        { if: item ? asRead(item) : absent, otherwise: moved },
      ),
    ];
  });
  return (await Promise.all(writes)).flat();
}

const READ_AT_ONCE = 100;

/** Who is logged in to which of them; only to be shown, so it may be a moment old. */
export async function holdersOf(deps: Deps, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = Array.from({ length: Math.ceil(ids.length / READ_AT_ONCE) }, (_, n) =>
    ids.slice(n * READ_AT_ONCE, (n + 1) * READ_AT_ONCE),
  );
  const read = rows.map((row) => deps.table.batchGet(row.map(deviceLogOnKey), { consistent: false }));
  const found = (await Promise.all(read)).flat();
  return new Map(ids.flatMap((id, n) => (found[n] ? [[id, deviceLogOn().parse(found[n]).userId]] : [])));
}

interface Held {
  userId: string;
  since: number;
}

async function itemsOf(deps: Deps, ids: readonly string[]): Promise<{ id: string; item: Held | undefined }[]> {
  if (ids.length === 0) return [];
  const found = await deps.table.batchGet(ids.map(deviceLogOnKey));
  return ids.map((id, n) => ({ id, item: found[n] && deviceLogOn().parse(found[n]) }));
}

/** It is that very log-on. */
export function asRead({ userId, since }: Held) {
  return ['and', ['=', 'userId', userId], ['=', 'since', since]] as const;
}

interface Holder {
  user: User;
  since: number;
}

/** Who is logged in to it; nobody, where that user is gone or knows nothing of it: then nothing of it holds. */
export async function holderOf(deps: Deps, deviceId: string, { userId, since }: Held): Promise<Holder | undefined> {
  const [user, work] = await deps.table.batchGet([userKeys.user(userId), userKeys.work(userId)]);
  if (!user || !readSummary(work as Item | undefined).devices.includes(deviceId)) return undefined;
  return { user: readUser(user), since };
}

/** Who it is, only to who has them in sight. */
function taken(name: string, { user, since }: Holder, viewer: Viewer): Problem {
  const isShown = isInSight(viewer, user);
  const at = new Date(since).toISOString();
  const remedy = isShown
    ? `Have them log out of it, or POST /v1/users/${user.id}/log-out; or choose a free one`
    : 'Choose a free one, or have an administrator log them out of it';
  return new Problem('device_taken', {
    detail: `${isShown ? user.title : 'Somebody'} has been logged in to ${name} since ${at}. ${remedy}`,
    rule: 'S0-41',
    because: { since: at, ...(isShown && { user: { id: user.id, title: user.title } }) },
    remedy,
  });
}

function notThere(id: string): Problem {
  return new Problem('record_not_found', {
    detail: `There is no device ${id}; see GET /v1/devices`,
    rule: 'S0-41',
    because: id,
    remedy: 'Choose another device',
  });
}
