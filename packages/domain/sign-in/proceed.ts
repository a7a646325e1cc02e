// The way through a sign-in: password, second factor (proven or first set up), a new password where one is due, session.
// Each step proves something and hands over to the next, in one transaction.

import type { Settings } from '#contract/settings.ts';
import { isAuthenticator } from '#contract/user-types.ts';
import type { Write } from '#table/write.ts';
import { isSetUp } from '../authenticators/authenticators.ts';
import type { Deps } from '../deps.ts';
import { mustChange } from '../passwords/passwords.ts';
import { open } from '../sessions/opening.ts';
import { type Origin, type Session, signedIn } from '../sessions/sessions.ts';
import { current as currentSettings } from '../settings/settings.ts';
import type { User } from '../users/user.ts';
import type { Account } from './account.ts';
import * as challenges from './challenges.ts';
import * as emailCode from './email-code.ts';
import { codesSent } from './limits.ts';

const STEP_MS = 10 * 60_000;

export interface Progress {
  account: Account & { user: User };
  /** How the user proved who they are so far (RFC 8176, K2). */
  amr: string[];
  origin: Origin;
  deviceToken: string | undefined;
  /** The challenge that was answered just now; none after the password. */
  answered?: { challenge: challenges.Challenge; token: string };
  /** What is used up, or must hold, when this counts. */
  writes: Write[];
}

type Waiting =
  | { step: 'authenticator-code' | 'authenticator-setup' | 'new-password'; challenge: string; expiresAt: string }
  | ReturnType<typeof emailCode.shown>;

export interface Outcome {
  next: Waiting | (ReturnType<typeof signedIn> & { device?: string });
  /** All of them are written, or none. */
  writes: Write[];
  /** Where the sign-in is complete. */
  session?: Session;
}

/**
 * Goes on to what comes next; `commit` writes it, and may be asked again when a race was lost.
 * @throws Problem `too_many_codes`, `too_many_sessions`, and at commit what the writes throw
 */
export async function proceed<T>(deps: Deps, progress: Progress, commit: (outcome: Outcome) => Promise<T>): Promise<T> {
  const step = stepAfter(progress, await currentSettings(deps), deps.now());
  if (step === undefined) return openSession(deps, progress, commit);
  if (step === 'email-code') return sendCode(deps, progress, commit);
  const expiresAt = deps.now() + STEP_MS;
  const { token, write } = await moveTo(deps, progress, async () => ({ step, amr: progress.amr, expiresAt }));
  const next = { step, challenge: token, expiresAt: new Date(expiresAt).toISOString() };
  return commit({ next, writes: [...progress.writes, write] });
}

/** What is still to be done; undefined when nothing is. */
function stepAfter({ account, amr }: Progress, settings: Settings, now: number): challenges.Step | undefined {
  const { secondFactor } = account.user;
  const isProvenTwice = amr.length > 1;
  if (!isProvenTwice && secondFactor === 'email-otp') return 'email-code';
  if (!isProvenTwice && isAuthenticator(secondFactor)) {
    if (isSetUp(account.authenticator)) return 'authenticator-code';
    if (secondFactor === 'authenticator-enforced') return 'authenticator-setup';
  }
  return mustChange(account.password, settings, now) ? 'new-password' : undefined;
}

async function moveTo(
  deps: Deps,
  { account, origin, answered }: Progress,
  begin: (challengeId: string) => Promise<challenges.Beginning>,
): Promise<{ challenge: challenges.Challenge; token: string; write: Write }> {
  if (!answered) return challenges.creation(deps, account.user, origin, begin);
  const { challenge, token } = answered;
  const changes = { ...(await begin(challenge.id)), epoch: account.user.epoch };
  return { token, ...challenges.next(challenge, changes, deps.now()) };
}

async function sendCode<T>(deps: Deps, progress: Progress, commit: (outcome: Outcome) => Promise<T>): Promise<T> {
  const { user, id, limit } = progress.account;
  let digits = '';
  const { challenge, token, write } = await moveTo(deps, progress, async (challengeId) => {
    const fresh = await emailCode.newCode(deps, challengeId);
    digits = fresh.digits;
    const expiresAt = emailCode.waitsUntil(deps.now());
    return { step: 'email-code', amr: progress.amr, expiresAt, code: fresh.code };
  });
  const next = emailCode.shown(token, user, challenge);
  return emailCode.send(deps, user, { challenge, digits }, limit(codesSent(id).key), (writes) =>
    commit({ next, writes: [...progress.writes, write, ...writes] }),
  );
}

async function openSession<T>(deps: Deps, progress: Progress, commit: (outcome: Outcome) => Promise<T>): Promise<T> {
  const { account, amr, origin, deviceToken, answered } = progress;
  const done = answered ? [challenges.consumption(answered.challenge, deps.now())] : [];
  return open(deps, account, { amr, origin, deviceToken }, ({ session, token, device, writes }) =>
    commit({
      next: { ...signedIn(session, token), ...(device !== undefined && { device }) },
      writes: [...done, ...progress.writes, ...writes],
      session,
    }),
  );
}
