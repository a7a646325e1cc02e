// Challenges: sign-ins under way that wait for the code from the mail (S0-20). Never a session; good for their own next steps only.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import { userKeys } from '#table/keys.ts';
import { type Item, put, remove, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { isSecret, mintToken, readToken } from '../secrets/token.ts';
import type { Origin } from '../sessions/sessions.ts';
import { readUser, type User } from '../users/user.ts';
import { codeGuesses, codesSent } from './limits.ts';

export const CODE_TTL_MS = 10 * 60_000;
const TRIES_MAX = 5;
/** From then on no new code: the password was typed too long ago. */
const RESENDABLE_MS = 30 * 60_000;

export const challengeItem = once(() =>
  z.object({
    type: z.literal('challenge'),
    v: z.literal(1),
    id: z.string(),
    userId: z.string(),
    secretHash: z.string(),
    /** Recognizes the code with the tenant's key; the code itself is not kept. */
    codeFingerprint: z.string(),
    codeExpiresAt: z.number(),
    tries: z.number(),
    resendAt: z.number(),
    epoch: z.number(),
    createdAt: z.number(),
    network: z.string(),
    device: z.string(),
  }),
);

export type Challenge = z.output<ReturnType<typeof challengeItem>>;

export async function creation(
  deps: Deps,
  user: User,
  origin: Origin,
  resendIntervalSeconds: number,
): Promise<{ challenge: Challenge; token: string; code: string; write: Write }> {
  const { token, itemId, secretHash } = mintToken(deps, 'rchl', user.id);
  const fresh = await newCode(deps, itemId, resendIntervalSeconds);
  const challenge: Challenge = {
    type: 'challenge',
    v: 1,
    id: itemId,
    userId: user.id,
    secretHash,
    ...fresh.values,
    epoch: user.epoch,
    createdAt: deps.now(),
    network: origin.network,
    device: origin.device,
  };
  return { challenge, token, code: fresh.code, write: put(stored(challenge)) };
}

export interface StandingChallenge {
  challenge: Challenge;
  user: User;
  /** The limits' items, read in the same trip. */
  wrongCodes: Item | undefined;
  sentCodes: Item | undefined;
}

/** The challenge of a token and its user, if both still stand. @throws Problem `challenge_over` */
export async function require(deps: Deps, token: string): Promise<StandingChallenge> {
  const read = readToken('rchl', token);
  if (!read) throw over();
  const [challengeFound, userFound, wrongCodes, sentCodes] = await deps.table.batchGet([
    userKeys.challenge(read.userId, read.itemId),
    userKeys.user(read.userId),
    codeGuesses(read.userId).key,
    codesSent(read.userId).key,
  ]);
  if (!challengeFound || !userFound) throw over();
  const challenge = challengeItem().parse(challengeFound);
  const user = readUser(userFound);
  const isStanding =
    user.state === 'active' &&
    user.epoch === challenge.epoch &&
    deps.now() < challenge.createdAt + RESENDABLE_MS + CODE_TTL_MS;
  if (!isSecret(read, challenge) || !isStanding) throw over();
  return { challenge, user, wrongCodes, sentCodes };
}

export async function isRightCode(deps: Deps, challenge: Challenge, code: string): Promise<boolean> {
  const sealer = await deps.sealer();
  return sealer.matches(purpose(challenge.id), code, challenge.codeFingerprint);
}

/** The code is dead, right or wrong: expired, or five tries are used up. @throws Problem `code_expired`, `code_used_up` */
export function checkCodeLives(challenge: Challenge, now: number): void {
  if (challenge.codeExpiresAt <= now) {
    throw new Problem('code_expired', { detail: 'A code is good for 10 minutes; ask for a new one (S0-20)' });
  }
  if (challenge.tries >= TRIES_MAX) throw usedUp();
}

/** One conditional write: of any number of right answers exactly one removes the challenge. */
export function consumption(challenge: Challenge, now: number): Write {
  return remove(userKeys.challenge(challenge.userId, challenge.id), {
    if: [
      'and',
      ['=', 'codeFingerprint', challenge.codeFingerprint],
      ['<', 'tries', TRIES_MAX],
      ['>', 'codeExpiresAt', now],
    ],
    otherwise: moved,
  });
}

/** Counts a wrong answer; past the fifth nothing is judged any more. */
export function wrongTry(challenge: Challenge): Write {
  return update(
    userKeys.challenge(challenge.userId, challenge.id),
    { increase: { tries: 1 } },
    {
      if: ['and', ['=', 'codeFingerprint', challenge.codeFingerprint], ['<', 'tries', TRIES_MAX]],
      otherwise: moved,
    },
  );
}

/** @throws Problem `resend_too_soon`, `challenge_over` */
export function checkResendable(challenge: Challenge, now: number): void {
  if (now >= challenge.createdAt + RESENDABLE_MS) throw over();
  if (now < challenge.resendAt) throw tooSoon(challenge, now);
}

function tooSoon(challenge: Challenge, now: number): Problem {
  const seconds = Math.max(1, Math.ceil((challenge.resendAt - now) / 1000));
  return new Problem('resend_too_soon', {
    detail: `The next code can be sent in ${seconds} s`,
    retryAfterSeconds: seconds,
  });
}

/** A new code in the place of the old, which is dead from then on. */
export async function recoding(
  deps: Deps,
  challenge: Challenge,
  resendIntervalSeconds: number,
): Promise<{ challenge: Challenge; code: string; write: Write }> {
  const fresh = await newCode(deps, challenge.id, resendIntervalSeconds);
  const recoded = { ...challenge, ...fresh.values };
  const write = put(stored(recoded), {
    if: ['=', 'codeFingerprint', challenge.codeFingerprint],
    otherwise: (found) => (found ? tooSoon(challengeItem().parse(found), deps.now()) : over()),
  });
  return { challenge: recoded, code: fresh.code, write };
}

async function newCode(deps: Deps, challengeId: string, resendIntervalSeconds: number) {
  const code = sixDigits(deps);
  const now = deps.now();
  const sealer = await deps.sealer();
  const values = {
    codeFingerprint: sealer.fingerprint(purpose(challengeId), code),
    codeExpiresAt: now + CODE_TTL_MS,
    tries: 0,
    resendAt: now + resendIntervalSeconds * 1000,
  };
  return { code, values };
}

/** Uniform: draws above the last whole million are thrown away. */
function sixDigits(deps: Deps): string {
  const whole = Math.floor(2 ** 32 / 1_000_000) * 1_000_000;
  for (;;) {
    const drawn = deps.randomBytes(4).readUInt32BE();
    if (drawn < whole) return String(drawn % 1_000_000).padStart(6, '0');
  }
}

function stored(challenge: Challenge): Item {
  const ttl = Math.ceil((challenge.createdAt + RESENDABLE_MS + CODE_TTL_MS) / 1000);
  return { ...challenge, ...userKeys.challenge(challenge.userId, challenge.id), ttl };
}

const purpose = (challengeId: string) => `code ${challengeId}`;

function over(): Problem {
  return new Problem('challenge_over', {
    detail: 'This sign-in was finished, replaced or took too long; sign in again',
  });
}

function usedUp(): Problem {
  return new Problem('code_used_up', {
    detail: 'Five wrong codes were entered, so this code is dead; ask for a new one',
  });
}

/** Another request was faster: used the code, used up its tries, or had a new one sent. */
function moved(found: Item | undefined): Problem {
  if (!found) return over();
  const challenge = challengeItem().parse(found);
  return challenge.tries >= TRIES_MAX ? usedUp() : wrongCode(challenge.tries);
}

/** @param triesBefore wrong tries of this code before the one that is answered */
export function wrongCode(triesBefore: number): Problem {
  const attemptsLeft = Math.max(0, TRIES_MAX - triesBefore - 1);
  return new Problem('wrong_code', {
    detail: `That is not the code of the newest mail; tries left: ${attemptsLeft}`,
    extra: { attemptsLeft },
  });
}
