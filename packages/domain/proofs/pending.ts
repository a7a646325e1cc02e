// Proofs that are waited for: a new authenticator's, or a new address's, in the profile of who is signed in. One of each at a
// time, for the session that asked, until a code proves it, five codes were wrong or ten minutes are over.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import { type Key, userKeys } from '#table/keys.ts';
import { type Item, put, remove, update, type Write } from '#table/write.ts';
import { type Deps, newId } from '../deps.ts';
import { add } from '../limits/limits.ts';
import type { Session } from '../sessions/sessions.ts';
import { codeGuesses } from '../sign-in/limits.ts';

export const PROOF_MS = 10 * 60_000;
const TRIES_MAX = 5;

/** What every pending proof has, whatever it proves. */
export const pendingItem = once(() =>
  z.object({
    type: z.literal('pending'),
    v: z.literal(1),
    id: z.string(),
    userId: z.string(),
    sessionId: z.string(),
    /** Codes that were wrong. */
    tries: z.number(),
    expiresAt: z.number(),
  }),
);

export type Pending = z.output<ReturnType<typeof pendingItem>>;

export const pendingAuthenticator = once(() => pendingItem().extend({ sealedKey: z.string() }));

export function begun(deps: Deps, { id, userId }: Session): Pending {
  const expiresAt = deps.now() + PROOF_MS;
  return { type: 'pending', v: 1, id: newId(deps, 'pnd'), userId, sessionId: id, tries: 0, expiresAt };
}

export function stored<P extends Pending>(key: Key, pending: P): Item {
  return { ...pending, ...key, ttl: Math.ceil(pending.expiresAt / 1000) };
}

/** The key waits for its proof, in the place of one before. */
export function waiting(deps: Deps, session: Session, sealedKey: string): { expiresAt: number; write: Write } {
  const pending = { ...begun(deps, session), sealedKey };
  const write = put(stored(userKeys.pending(session.userId, 'authenticator'), pending));
  return { expiresAt: pending.expiresAt, write };
}

/** @throws Problem `verification_over` when there is nothing that a code of this session could prove */
export function living<P extends Pending>(pending: P | undefined, session: Session, now: number): P {
  if (pending?.sessionId !== session.id || pending.tries >= TRIES_MAX || pending.expiresAt <= now) throw over();
  return pending;
}

/** One conditional write: of any number of right codes exactly one removes it. @throws at commit Problem `verification_over` */
export function consumption(key: Key, { id }: Pending, now: number): Write {
  return remove(key, {
    if: ['and', ['=', 'id', id], ['<', 'tries', TRIES_MAX], ['>', 'expiresAt', now]],
    otherwise: over,
  });
}

/**
 * A wrong code, counted on the proof and on the account before anybody hears of it.
 * @param seen the account's wrong codes, as read
 * @throws Problem `wrong_code` always, unless `verification_over` or `too_many_attempts` came first
 */
export async function refuse(
  deps: Deps,
  key: Key,
  pending: Pending,
  seen: Item | undefined,
  detail: string,
): Promise<never> {
  const wrongTry = update(
    key,
    { increase: { tries: 1 } },
    { if: ['and', ['=', 'id', pending.id], ['<', 'tries', TRIES_MAX]], otherwise: over },
  );
  await add(deps, codeGuesses(pending.userId), seen, (addition) => deps.table.transact([wrongTry, addition]));
  deps.log({ level: 'warn', event: 'authn_code_fail', user: pending.userId });
  const attemptsLeft = TRIES_MAX - pending.tries - 1;
  throw new Problem('wrong_code', { detail: `${detail}; tries left: ${attemptsLeft}`, extra: { attemptsLeft } });
}

function over(): Problem {
  return new Problem('verification_over', {
    detail: 'It was not begun in this session, was used, replaced or tried too often, or took longer than 10 minutes',
  });
}
