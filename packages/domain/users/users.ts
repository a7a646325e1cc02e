// Where users are kept. Reading gives parsed users; writing gives Writes, which the operation commits together with what they cause.

import { Problem } from '#contract/problems.ts';
import { superUsersKey, userKeys } from '#table/keys.ts';
import { absent, type Item, put, remove, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { seatReleases, seatWrites } from '../licenses/seats.ts';
import * as claims from './claims.ts';
import { sortTitle } from './names.ts';
import { usageWrites } from './references.ts';
import { shown } from './shown.ts';
import { readUser, shelfOf, type User } from './user.ts';

export function read(item: Item | undefined): User | undefined {
  return item && readUser(item);
}

export async function byId(deps: Deps, userId: string): Promise<User | undefined> {
  return read(await deps.table.get(userKeys.user(userId)));
}

/** @throws Problem `user_not_found` */
export async function require(deps: Deps, userId: string): Promise<User> {
  const user = await byId(deps, userId);
  if (!user) throw notFound(userId);
  return user;
}

export function notFound(userId: string): Problem {
  return new Problem('user_not_found', { detail: `No user has the id ${userId}` });
}

/** Writes of a new user: the item and the claims on its sign-in names. @throws at commit `login_taken`, `email_taken`, `mobile_taken`, `license_exhausted` */
export function creation(user: User): Write[] {
  return [
    put(stored(user), { if: absent }),
    ...claims.moves(undefined, user),
    ...usageWrites(undefined, user),
    ...seatWrites(undefined, user),
    ...superUserWrites(undefined, user),
    ...endingWrites(undefined, user),
  ];
}

/**
 * Writes that turn `before` into `after`, which must be its next version.
 * @param show what the caller may see of the stored one, should it be another version
 * @throws at commit `version_stale`, `email_taken`, `mobile_taken`, `last_superuser`, `license_exhausted`
 */
export function change(before: User, after: User, show = shown as Show): Write[] {
  return [
    put(stored(after), {
      if: ['=', 'version', before.version],
      otherwise: (found) => (found ? stale(readUser(found), show) : notFound(before.id)),
    }),
    ...claims.moves(before, after),
    ...usageWrites(before, after),
    ...seatWrites(before, after),
    ...superUserWrites(before, after),
    ...endingWrites(before, after),
  ];
}

/** The same as attributes of the stored item, for who changes many users at once and writes claims, counts and the roll by itself. */
export function storedChanges(before: User, after: User): { set: Record<string, unknown>; remove: string[] } {
  const had = stored(before);
  const has = stored(after);
  const names = [...new Set([...Object.keys(had), ...Object.keys(has)])];
  const differing = names.filter((name) => JSON.stringify(had[name]) !== JSON.stringify(has[name]));
  return {
    set: Object.fromEntries(differing.filter((name) => has[name] !== undefined).map((name) => [name, has[name]])),
    remove: differing.filter((name) => has[name] === undefined),
  };
}

/**
 * Writes that take a user away. The claims on their sign-in names stay, so that nobody signs in as who might come back; records
 * that they refer to are counted elsewhere. @throws at commit `version_stale`, `user_not_found`, `last_superuser`
 */
export function removal(before: User): Write[] {
  const off: User = { ...before, state: 'deactivated' };
  return [
    remove(userKeys.user(before.id), {
      if: ['=', 'version', before.version],
      otherwise: (found) => (found ? stale(readUser(found)) : notFound(before.id)),
    }),
    ...claims.moves(before, { ...before, mobile: undefined }),
    ...seatReleases(before),
    ...superUserWrites(before, off),
    ...endingWrites(before, off),
  ];
}

/** Writes that put a user back who was taken away so. @throws at commit `mobile_taken`, `license_exhausted` */
export function revival(user: User): Write[] {
  return [
    put(stored(user), { if: absent }),
    ...claims.moves({ ...user, mobile: undefined }, user),
    ...seatWrites(undefined, user),
    ...superUserWrites(undefined, user),
    ...endingWrites(undefined, user),
  ];
}

type Show = (user: User) => Record<string, unknown>;

/** Refuses a change of another version than the stored one, and shows of the stored one what the caller may see. */
export function stale(current: User, show = shown as Show): Problem {
  return new Problem('version_stale', {
    detail: `The user has version ${current.version} now; read it, decide again, and send If-Match: "${current.version}"`,
    because: current.version,
    extra: { current: show(current) },
  });
}

/** Repeats work that lost a race for the user's version; for changes that name no version themselves. */
export async function retryStale<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'version_stale')) throw error;
      if (tries === 5) throw new Problem('try_again', { retryAfterSeconds: 1, cause: error });
    }
  }
}

function stored(user: User): Item {
  const { id, ...values } = user;
  return {
    ...values,
    ...userKeys.user(id),
    ...userKeys.list(shelfOf(user), id, sortTitle(user.title)),
    ...(user.invite && userKeys.due('invite', user.invite.expiresAt)),
    ...(user.queued && userKeys.due('queued', user.queued.dueAt)),
  };
}

/** The roll of active SuperUsers, which never becomes empty again once one is on it (I6). */
function superUserWrites(before: User | undefined, after: User): Write[] {
  const was = before !== undefined && isActiveSuperUser(before);
  const is = isActiveSuperUser(after);
  if (is && !was) return [joiningSuperUsers([after.id])];
  if (was && !is) return [leavingSuperUsers([after.id], () => lastSuperUser(after))];
  return [];
}

export function joiningSuperUsers(ids: readonly string[]): Write {
  return update(superUsersKey, { set: { type: 'superusers', v: 1 }, addTo: { ids: new Set(ids) } });
}

export function leavingSuperUsers(ids: readonly string[], otherwise: () => Error): Write {
  const contained = ids.map((id) => ['contains', 'ids', id] as const);
  return update(
    superUsersKey,
    { takeFrom: { ids: new Set(ids) } },
    { if: ['and', ...contained, ['size>', 'ids', ids.length]], otherwise },
  );
}

export function lastSuperUser({ title }: Pick<User, 'title'>): Problem {
  return new Problem('last_superuser', {
    detail: `${title} is the only active SuperUser whose access has neither beginning nor end; make another one first`,
    rule: 'I6',
    because: 1,
    remedy: 'Make another active user without active dates a SuperUser first',
  });
}

/** Before a caller is asked to confirm what would then be refused; the roll itself decides at the commit. @throws Problem `last_superuser` */
export async function checkNotLastSuperUser(deps: Deps, user: User): Promise<void> {
  if (!isActiveSuperUser(user)) return;
  const roll = await deps.table.get(superUsersKey);
  if ((roll?.ids as Set<string> | undefined)?.size === 1) throw lastSuperUser(user);
}

/** Not who is one for a time only: the clock would take the last one away, and nobody could refuse that. */
export function isActiveSuperUser({ superUser, state, activeFrom, activeUntil }: User): boolean {
  return superUser === true && state === 'active' && activeFrom === undefined && activeUntil === undefined;
}

/** The end of the active dates in the index of due work, for as long as there is something to end. */
export function endingWrites(before: User | undefined, after: User): Write[] {
  const [had, has] = [endingOf(before), endingOf(after)];
  if (had === has) return [];
  const key = userKeys.ending(after.id);
  return [has === undefined ? remove(key) : put({ ...key, type: 'ending', v: 1, ...userKeys.due('ending', has) })];
}

function endingOf(user: User | undefined): number | undefined {
  return user?.state === 'deactivated' ? undefined : user?.activeUntil;
}
