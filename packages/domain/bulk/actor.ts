// Who asked for a bulk edit, as they are now. Its work goes on for minutes, and may be committed hours after it was planned: what
// they held when it was judged, they must hold at each step.

import { createHash } from 'node:crypto';
import * as z from 'zod';
import { once } from '#contract/once.ts';
import type { Permission } from '#contract/permissions.ts';
import { userTypeNames } from '#contract/user-types.ts';
import { userKeys } from '#table/keys.ts';
import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { callerChanged, type Granter, granterOf } from '../grants/limits.ts';
import { beyond } from '../grants/sight.ts';
import { type ApiToken, isLive, readItem } from '../tokens/token.ts';
import { bearerOf } from '../tokens/use.ts';
import { isInActiveDates, readUser } from '../users/user.ts';
import * as plans from './plan.ts';

const content = once(() => z.union([z.literal('all'), z.array(z.string())]));

export const asker = once(() =>
  z.object({
    userId: z.string(),
    tokenId: z.string().optional(),
    held: z.object({
      superUser: z.boolean(),
      permissions: z.array(z.custom<Permission>()),
      rights: z
        .object({
          queues: content(),
          categories: content(),
          groups: content(),
          databases: content(),
          users: z.union([
            z.literal('all'),
            z.object({ types: z.array(z.enum(userTypeNames)), rights: z.array(z.string()), ids: z.array(z.string()) }),
          ]),
        })
        .optional(),
    }),
    /** The settings, accesses, rights and roles that it was judged by. */
    judgedBy: z.string(),
  }),
);

export type Asker = z.output<ReturnType<typeof asker>>;

/** Who does it, at this moment. */
export interface Actor extends Granter {
  definitions: definitions.Definitions;
  token?: ApiToken | undefined;
}

export function askerOf(actor: Actor): Asker {
  const { user, token, permissions, rights } = actor;
  return {
    userId: user.id,
    ...(token && { tokenId: token.id }),
    held: { superUser: user.superUser ?? false, permissions: [...permissions], ...(rights && { rights }) },
    judgedBy: markOf(actor.definitions),
  };
}

/**
 * Read anew, with the credential that asked: an API token that was disabled meanwhile stops what was begun with it.
 * @throws Problem `caller_changed`
 */
export async function actorNow(deps: Deps, { userId, tokenId }: Pick<Asker, 'userId' | 'tokenId'>): Promise<Actor> {
  const keys = [userKeys.user(userId), ...(tokenId === undefined ? [] : [userKeys.token(userId, tokenId)])];
  const [[userFound, tokenFound], asKnown] = await Promise.all([deps.table.batchGet(keys), definitions.current(deps)]);
  if (!userFound || (tokenId !== undefined && !tokenFound)) throw callerChanged();
  const user = readUser(userFound);
  const now = deps.now();
  if (user.state !== 'active' || !isInActiveDates(user, now)) throw callerChanged();
  const known = await definitions.knowing(deps, asKnown, user);
  if (tokenFound) {
    const token = readItem(tokenFound);
    if (!isLive(token, user, now)) throw callerChanged();
    return { ...bearerOf(token, user, known), token, definitions: known };
  }
  return { ...granterOf(user, known), definitions: known };
}

/** Holding more than before is no matter. @throws Problem `caller_changed` */
export function checkStillHeld(actor: Actor, { held }: Pick<Asker, 'held'>): void {
  const isLess =
    !actor.permissions.has('users:change') ||
    held.permissions.some((permission) => !actor.permissions.has(permission)) ||
    (held.superUser && !actor.user.superUser) ||
    (!actor.user.superUser && held.rights !== undefined && beyond(actor.rights, held.rights).length > 0);
  if (isLess) throw callerChanged();
}

/**
 * When settings, accesses, rights or roles were edited since, others hold more, or may less, than was judged.
 * @throws Problem `caller_changed`, `plan_over`
 */
export function checkStillJudged(actor: Actor, asker: Asker): void {
  checkStillHeld(actor, asker);
  if (markOf(actor.definitions) === asker.judgedBy) return;
  throw plans.over('Settings, accesses, rights or roles were edited since it was planned');
}

function markOf({ settings, licensing, accesses, rights, roles }: definitions.Definitions): string {
  const versions = [accesses, rights, roles].map((known) =>
    [...known.values()].map(({ id, version }) => `${id} ${version}`).sort(),
  );
  return createHash('sha256')
    .update(JSON.stringify([settings, licensing.edition, ...versions]))
    .digest('base64url');
}
