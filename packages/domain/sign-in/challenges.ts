// Challenges: sign-ins under way that wait for their next step. Never a session; good for their own next step only, and once.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import type { Condition } from '#table/condition.ts';
import { userKeys } from '#table/keys.ts';
import { type Item, put, remove, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { isSecret, mintToken, readToken } from '../secrets/token.ts';
import type { Origin } from '../sessions/sessions.ts';
import { isAdmitted, type User } from '../users/user.ts';
import { type Account, accountOf } from './account.ts';

const TRIES_MAX = 5;

const step = once(() => z.enum(['email-code', 'authenticator-code', 'authenticator-setup', 'new-password']));

export type Step = z.output<ReturnType<typeof step>>;

const challengeItem = once(() =>
  z.object({
    type: z.literal('challenge'),
    v: z.literal(1),
    id: z.string(),
    userId: z.string(),
    secretHash: z.string(),
    step: step(),
    /** Counts what was waited for: a new code, another key, the next step. An answer to an earlier one is worth nothing. */
    round: z.number(),
    tries: z.number(),
    /** What was proven so far. */
    amr: z.array(z.string()),
    epoch: z.number(),
    createdAt: z.number(),
    expiresAt: z.number(),
    network: z.string(),
    device: z.string(),
    /** The code that went out by mail: recognized with the tenant's key, not kept itself. */
    code: z.object({ fingerprint: z.string(), expiresAt: z.number(), resendAt: z.number() }).optional(),
    /** The authenticator's key that waits for its proof, sealed. */
    sealedKey: z.string().optional(),
  }),
);

export type Challenge = z.output<ReturnType<typeof challengeItem>>;

/** What a step begins with. */
export type Beginning = Pick<Challenge, 'step' | 'amr' | 'expiresAt' | 'code'>;

export interface Standing {
  challenge: Challenge;
  /** As the client has it. */
  token: string;
  account: Account & { user: User };
}

export async function creation(
  deps: Deps,
  user: User,
  origin: Origin,
  begin: (id: string) => Promise<Beginning>,
): Promise<{ challenge: Challenge; token: string; write: Write }> {
  const { token, itemId, secretHash } = mintToken(deps, 'rchl', user.id);
  const challenge: Challenge = {
    type: 'challenge',
    v: 1,
    id: itemId,
    userId: user.id,
    secretHash,
    round: 1,
    tries: 0,
    epoch: user.epoch,
    createdAt: deps.now(),
    network: origin.network,
    device: origin.device,
    ...(await begin(itemId)),
  };
  return { challenge, token, write: put(stored(challenge)) };
}

/** The challenge of a token, if it waits for one of these steps, with the account as it stands. @throws Problem `challenge_over` */
export async function require(deps: Deps, token: string, ...steps: Step[]): Promise<Standing> {
  const read = readToken('rchl', token);
  if (!read) throw over();
  const [found, account] = await Promise.all([
    deps.table.get(userKeys.challenge(read.userId, read.itemId)),
    accountOf(deps, read.userId),
  ]);
  const { user } = account;
  if (!found || !user) throw over();
  const challenge = challengeItem().parse(found);
  const now = deps.now();
  const isStanding = isAdmitted(user, now) && user.epoch === challenge.epoch && now < challenge.expiresAt;
  if (!isSecret(read, challenge) || !isStanding || !steps.includes(challenge.step)) throw over();
  return { challenge, token, account: { ...account, user } };
}

/** The next round of the same sign-in: another step, or another key. Of parallel ones exactly one is written. */
export function next(
  challenge: Challenge,
  changes: Partial<Challenge>,
  now: number,
  otherwise = moved(challenge),
): { challenge: Challenge; write: Write } {
  const after = inNextRound(challenge, changes);
  return { challenge: after, write: put(stored(after), { if: untouched(challenge, now), otherwise }) };
}

/** Another code in the place of the one before, also when that one's tries are used up. */
export function recoding(
  challenge: Challenge,
  code: NonNullable<Challenge['code']>,
  otherwise: (found: Item | undefined) => Problem,
): { challenge: Challenge; write: Write } {
  const after = inNextRound(challenge, { code });
  return { challenge: after, write: put(stored(after), { if: inRound(challenge), otherwise }) };
}

function inNextRound(challenge: Challenge, changes: Partial<Challenge>): Challenge {
  const { code: _code, sealedKey: _key, ...kept } = challenge;
  return { ...kept, ...changes, round: challenge.round + 1, tries: 0 };
}

/** Ends the sign-in under way: of any number of right answers exactly one removes it. */
export function consumption(challenge: Challenge, now: number): Write {
  const key = userKeys.challenge(challenge.userId, challenge.id);
  return remove(key, { if: untouched(challenge, now), otherwise: moved(challenge) });
}

/** Counts a wrong answer; past the fifth nothing is judged any more. */
export function wrongTry(challenge: Challenge, now: number): Write {
  const key = userKeys.challenge(challenge.userId, challenge.id);
  return update(key, { increase: { tries: 1 } }, { if: untouched(challenge, now), otherwise: moved(challenge) });
}

/** @throws Problem `code_used_up`, before anything is judged */
export function checkTriesLeft(challenge: Challenge): void {
  if (challenge.tries >= TRIES_MAX) throw usedUp();
}

/** @param triesBefore wrong tries before the one that is answered */
export function wrongCode(triesBefore: number, detail = 'That is not the code'): Problem {
  const attemptsLeft = Math.max(0, TRIES_MAX - triesBefore - 1);
  return new Problem('wrong_code', { detail: `${detail}; tries left: ${attemptsLeft}`, extra: { attemptsLeft } });
}

export function over(): Problem {
  return new Problem('challenge_over', {
    detail: 'This sign-in was finished, replaced or took too long; sign in again',
  });
}

function usedUp(): Problem {
  return new Problem('code_used_up', {
    detail: 'Five wrong codes were entered, so this code is dead; ask for a new one, or sign in again',
  });
}

function inRound({ step, round }: Challenge): Condition {
  return ['and', ['=', 'step', step], ['=', 'round', round]];
}

function untouched(challenge: Challenge, now: number): Condition {
  return ['and', inRound(challenge), ['<', 'tries', TRIES_MAX], ['>', 'expiresAt', now]];
}

/** Another request was faster: answered, used the tries up, or had a new code sent. */
function moved({ step, round }: Challenge) {
  return (found: Item | undefined): Problem => {
    if (!found) return over();
    const challenge = challengeItem().parse(found);
    if (challenge.step !== step) return over();
    if (challenge.round !== round) return wrongCode(challenge.tries, 'That is not the newest code');
    return challenge.tries >= TRIES_MAX ? usedUp() : over();
  };
}

function stored(challenge: Challenge): Item {
  const ttl = Math.ceil(challenge.expiresAt / 1000);
  return { ...challenge, ...userKeys.challenge(challenge.userId, challenge.id), ttl };
}
