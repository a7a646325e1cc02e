// Where users are kept. Reading gives parsed users; writing gives Writes, which the operation commits together with what they cause.

import { Problem } from '#contract/problems.ts';
import { superUsersKey, userKeys } from '#table/keys.ts';
import { absent, type Item, put, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import * as claims from './claims.ts';
import { usageWrites } from './references.ts';
import { readUser, shown, sortTitle, type User } from './user.ts';

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

/** Pages of the index that one request reads at most, when few of the users that it finds are wanted. */
const READS_MAX = 5;

/**
 * One page of the list, by title, of the users that `isWanted` takes. Where few are wanted a page may hold fewer than the
 * limit, and still have a next one: no request reads without bound.
 */
export async function page(
  deps: Deps,
  options: {
    deactivated: boolean;
    limit: number;
    from: Record<string, unknown> | undefined;
    isWanted: (user: User) => boolean;
  },
): Promise<{ users: User[]; next?: Record<string, unknown> }> {
  const partition = userKeys.listPartition(options.deactivated ? 'deactivated' : 'present');
  const found: User[] = [];
  let from = options.from;
  for (let reads = 0; reads < READS_MAX; reads++) {
    const { items, next } = await deps.table.query({ index: 'list', partition, limit: options.limit, from });
    for (const item of items) {
      const user = readUser(item);
      if (!options.isWanted(user)) continue;
      found.push(user);
      if (found.length === options.limit && item !== items.at(-1)) {
        return { users: found, next: keysOf(item) };
      }
    }
    if (!next) return { users: found };
    from = next;
    if (found.length === options.limit) break;
  }
  return { users: found, ...(from && { next: from }) };
}

function keysOf({ pk, sk, lpk, lsk }: Item): Record<string, unknown> {
  return { pk, sk, lpk, lsk };
}

/** Writes of a new user: the item and the claims on its sign-in names. @throws at commit `login_taken`, `email_taken`, `mobile_taken` */
export function creation(user: User): Write[] {
  return [
    put(stored(user), { if: absent }),
    ...claims.moves(undefined, user),
    ...usageWrites(undefined, user),
    ...superUserWrites(undefined, user),
  ];
}

/**
 * Writes that turn `before` into `after`, which must be its next version.
 * @param show what the caller may see of the stored one, should it be another version
 * @throws at commit `version_stale`, `email_taken`, `mobile_taken`, `last_superuser`
 */
export function change(before: User, after: User, show = shown as Show): Write[] {
  return [
    put(stored(after), {
      if: ['=', 'version', before.version],
      otherwise: (found) => (found ? stale(readUser(found), show) : notFound(before.id)),
    }),
    ...claims.moves(before, after),
    ...usageWrites(before, after),
    ...superUserWrites(before, after),
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
  const shelf = user.state === 'deactivated' ? 'deactivated' : 'present';
  return {
    ...values,
    ...userKeys.user(id),
    ...userKeys.list(shelf, sortTitle(user.title)),
    ...(user.invite && userKeys.due('invite', user.invite.expiresAt)),
    ...(user.queued && userKeys.due('queued', user.queued.dueAt)),
  };
}

/** The roll of active SuperUsers, which never becomes empty again once one is on it (I6). */
function superUserWrites(before: User | undefined, after: User): Write[] {
  const was = before !== undefined && isActiveSuperUser(before);
  const is = isActiveSuperUser(after);
  if (is && !was)
    return [update(superUsersKey, { set: { type: 'superusers', v: 1 }, addTo: { ids: new Set([after.id]) } })];
  if (was && !is) {
    return [
      update(
        superUsersKey,
        { takeFrom: { ids: new Set([after.id]) } },
        {
          if: ['and', ['contains', 'ids', after.id], ['size>', 'ids', 1]],
          otherwise: () =>
            new Problem('last_superuser', {
              detail: `${after.title} is the only active SuperUser; make another active user a SuperUser first`,
              rule: 'I6',
              because: 1,
              remedy: 'Make another active user a SuperUser first',
            }),
        },
      ),
    ];
  }
  return [];
}

function isActiveSuperUser(user: User): boolean {
  return user.superUser === true && user.state === 'active';
}
