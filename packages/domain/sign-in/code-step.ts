// The step of a sign-in in which a code goes out by mail: at the start, and at each resend.

import type { Item, Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { add } from '../limits/limits.ts';
import * as outbox from '../outbox/outbox.ts';
import type { Origin } from '../sessions/sessions.ts';
import { current as currentSettings } from '../settings/settings.ts';
import type { User } from '../users/user.ts';
import { type Challenge, CODE_TTL_MS, creation, recoding } from './challenges.ts';
import { codesSent } from './limits.ts';

export interface CodeSent {
  step: 'code-sent';
  challenge: string;
  sentTo: string;
  expiresAt: string;
  resendAt: string;
}

type UserWithEmail = User & { authEmail: string };

/**
 * Begins the wait for a code: challenge, mail and count in one transaction, beside what must hold at that moment.
 * @throws Problem `too_many_codes`
 */
export async function begin(
  deps: Deps,
  user: User,
  origin: Origin,
  seenSent: Item | undefined,
  holds: Write,
): Promise<CodeSent> {
  const { resendIntervalSeconds } = await currentSettings(deps);
  const { challenge, token, code, write } = await creation(deps, user, origin, resendIntervalSeconds);
  await send(deps, user as UserWithEmail, challenge, code, seenSent, [write, holds]);
  return shown(challenge, token, user as UserWithEmail);
}

/** Another code in the place of the one before. @throws Problem `too_many_codes`, `resend_too_soon`, `challenge_over` */
export async function again(
  deps: Deps,
  user: User,
  challenge: Challenge,
  token: string,
  seenSent: Item | undefined,
): Promise<CodeSent> {
  const { resendIntervalSeconds } = await currentSettings(deps);
  const recoded = await recoding(deps, challenge, resendIntervalSeconds);
  await send(deps, user as UserWithEmail, recoded.challenge, recoded.code, seenSent, [recoded.write]);
  return shown(recoded.challenge, token, user as UserWithEmail);
}

async function send(
  deps: Deps,
  user: UserWithEmail,
  challenge: Challenge,
  code: string,
  seenSent: Item | undefined,
  writes: Write[],
) {
  const { language } = await currentSettings(deps);
  const mail = await outbox.mail(deps, {
    userId: user.id,
    to: user.authEmail,
    language: user.language ?? language,
    template: 'sign-in-code',
    data: {
      title: user.title,
      code,
      minutes: CODE_TTL_MS / 60_000,
      device: challenge.device,
      network: challenge.network,
    },
    deadAt: challenge.codeExpiresAt,
    replaces: { createdAt: challenge.createdAt, name: challenge.id },
  });
  await add(deps, codesSent(user.id), seenSent, (addition) => deps.table.transact([...writes, mail, addition]));
}

function shown(challenge: Challenge, token: string, user: UserWithEmail): CodeSent {
  return {
    step: 'code-sent',
    challenge: token,
    sentTo: masked(user.authEmail),
    expiresAt: new Date(challenge.codeExpiresAt).toISOString(),
    resendAt: new Date(challenge.resendAt).toISOString(),
  };
}

/** Enough to recognize one's own address, too little to learn it. */
function masked(address: string): string {
  return address.replace(/^(.).*@/u, '$1…@');
}
