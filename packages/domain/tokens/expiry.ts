// API tokens that will end or have ended: their owners are told 30, 7 and 1 day before (K5), and the end goes into the audit.
// Found by the sparse index of due work, never by scanning. No token lives or dies by this: each use looks at the clock itself.

import { type Key, userIdIn, userKeys } from '#table/keys.ts';
import { update, type Write } from '#table/write.ts';
import { entry } from '../audit/audit.ts';
import type { Deps } from '../deps.ts';
import { notice } from '../notices/notice.ts';
import { eachDue } from '../schedules/due.ts';
import { readUser, type User } from '../users/user.ts';
import { type ApiToken, readItem } from './token.ts';
import { dueKeyOf, keyOf } from './tokens.ts';
import { DAY_MS, reachedStage } from './validity.ts';

export interface Swept {
  /** Tokens whose end went into the audit. */
  expired: number;
  /** Notices that went to owners. */
  told: number;
}

export async function sweep(deps: Deps): Promise<Swept> {
  const swept: Swept = { expired: 0, told: 0 };
  await eachDue(deps, 'token', async (key) => {
    const done = await sweepOne(deps, key);
    if (done) swept[done]++;
    return done !== undefined;
  });
  return swept;
}

async function sweepOne(deps: Deps, key: Key): Promise<keyof Swept | undefined> {
  const [tokenFound, userFound] = await deps.table.batchGet([key, userKeys.user(userIdIn(key.pk))]);
  if (!tokenFound) return undefined;
  const token = readItem(tokenFound);
  const stage = reachedStage(token.expiresAt, deps.now());
  // The index may be a moment old: what it named may have been extended or dealt with since.
  if (stage === undefined || stage >= (token.told ?? Number.POSITIVE_INFINITY)) return undefined;
  const owner = userFound && readUser(userFound);
  const told = stage === 0 ? [expiryOf(deps, token)] : await noticeOf(deps, token, owner);
  try {
    await deps.table.transact([step(token, stage), ...told]);
  } catch (error) {
    // Used or saved at this very moment: it has another date now, and the next sweep sees to it.
    if (error instanceof Overtaken) return undefined;
    throw error;
  }
  if (stage === 0) return 'expired';
  return told.length > 0 ? 'told' : undefined;
}

/** The token is as it was read, and counts as told until this stage. */
function step(token: ApiToken, stage: number): Write {
  const { dpk, dsk } = dueKeyOf({ expiresAt: token.expiresAt, told: stage });
  return update(
    keyOf(token),
    {
      set: { told: stage, ...(dpk !== undefined && { dpk, dsk }) },
      ...(dpk === undefined && { remove: ['dpk', 'dsk'] }),
    },
    {
      if: [
        'and',
        ['=', 'version', token.version],
        ['=', 'expiresAt', token.expiresAt],
        token.told === undefined ? ['absent', 'told'] : ['=', 'told', token.told],
      ],
      otherwise: () => new Overtaken(),
    },
  );
}

function expiryOf(deps: Deps, token: ApiToken): Write {
  return entry(deps, { event: 'token.expired', actor: 'system', subject: { type: 'token', id: token.id } });
}

/** Nobody is told of a token that works for nobody: a disabled one, or one of an owner who is not active. */
async function noticeOf(deps: Deps, token: ApiToken, owner: User | undefined): Promise<Write[]> {
  if (!token.enabled || owner?.state !== 'active') return [];
  return notice(deps, owner, 'token-expiring', {
    tokenTitle: token.title,
    days: Math.ceil((token.expiresAt - deps.now()) / DAY_MS),
    expiresAt: new Date(token.expiresAt).toISOString(),
  });
}

class Overtaken extends Error {
  override readonly name = 'Overtaken';
}
