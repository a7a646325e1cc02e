// The step in which a code goes out by mail (S0-20): at the start, and at each resend.

import { Problem } from '#contract/problems.ts';
import type { Item, Write } from '#table/write.ts';
import { masked } from '../contacts/masked.ts';
import type { Deps } from '../deps.ts';
import { effectiveOf } from '../inheritance/inheritance.ts';
import { add } from '../limits/limits.ts';
import * as outbox from '../outbox/outbox.ts';
import { sixDigits } from '../secrets/six-digits.ts';
import { current as currentSettings } from '../settings/settings.ts';
import type { User } from '../users/user.ts';
import { type Challenge, over } from './challenges.ts';
import { codesSent } from './limits.ts';

const CODE_TTL_MS = 10 * 60_000;
/** From then on no new code: the password was typed too long ago. */
const RESENDABLE_MS = 30 * 60_000;

type Code = NonNullable<Challenge['code']>;

/** A code for this challenge, and what is kept of it. */
export async function newCode(deps: Deps, challengeId: string): Promise<{ digits: string; code: Code }> {
  const digits = sixDigits(deps);
  const { resendIntervalSeconds } = await currentSettings(deps);
  const sealer = await deps.sealer();
  const now = deps.now();
  const code: Code = {
    fingerprint: sealer.fingerprint(purpose(challengeId), digits),
    expiresAt: now + CODE_TTL_MS,
    resendAt: now + resendIntervalSeconds * 1000,
  };
  return { digits, code };
}

/** Until when a sign-in waits for its codes, resends included. */
export const waitsUntil = (createdAt: number) => createdAt + RESENDABLE_MS + CODE_TTL_MS;

export async function isRight(deps: Deps, { id, code }: Challenge, digits: string | undefined): Promise<boolean> {
  if (!code || digits === undefined) return false;
  const sealer = await deps.sealer();
  return sealer.matches(purpose(id), digits, code.fingerprint);
}

/** @throws Problem `code_expired` */
export function checkLives({ code }: Challenge, now: number): void {
  if (code && code.expiresAt > now) return;
  throw new Problem('code_expired', { detail: 'A code is good for 10 minutes; ask for a new one (S0-20)' });
}

/** @throws Problem `resend_too_soon`, `challenge_over` */
export function checkResendable({ createdAt, code }: Challenge, now: number): void {
  if (now >= createdAt + RESENDABLE_MS) throw over();
  if (code && now < code.resendAt) throw tooSoon(code.resendAt, now);
}

/** What a resend hears when another was faster. */
export const resentMeanwhile =
  (now: number) =>
  (found: Item | undefined): Problem => {
    const code = found?.code as Code | undefined;
    return code ? tooSoon(code.resendAt, now) : over();
  };

function tooSoon(resendAt: number, now: number): Problem {
  const seconds = Math.max(1, Math.ceil((resendAt - now) / 1000));
  return new Problem('resend_too_soon', {
    detail: `The next code can be sent in ${seconds} s`,
    retryAfterSeconds: seconds,
  });
}

/**
 * Commits the challenge with the mail that carries its code, counted. A mail of the same sign-in that still waits is replaced.
 * @throws Problem `too_many_codes`, and what the writes throw
 */
export async function send<T>(
  deps: Deps,
  user: User,
  { challenge, digits }: { challenge: Challenge; digits: string },
  seenSent: Item | undefined,
  commit: (writes: Write[]) => Promise<T>,
): Promise<T> {
  const { language } = await effectiveOf(deps, user);
  const { expiresAt } = challenge.code as Code;
  const mail = await outbox.message(deps, {
    userId: user.id,
    channel: 'email',
    to: user.authEmail as string,
    language,
    template: 'sign-in-code',
    data: {
      title: user.title,
      code: digits,
      minutes: CODE_TTL_MS / 60_000,
      device: challenge.device,
      network: challenge.network,
    },
    deadAt: expiresAt,
    replaces: { createdAt: challenge.createdAt, name: challenge.id },
  });
  let answer: T | undefined;
  await add(deps, codesSent(user.id), seenSent, async (addition) => {
    answer = await commit([mail, addition]);
  });
  return answer as T;
}

export function shown(token: string, user: User, challenge: Challenge) {
  const code = challenge.code as Code;
  return {
    step: 'code-sent' as const,
    challenge: token,
    sentTo: masked(user.authEmail as string),
    expiresAt: new Date(code.expiresAt).toISOString(),
    resendAt: new Date(code.resendAt).toISOString(),
  };
}

const purpose = (challengeId: string) => `code ${challengeId}`;
