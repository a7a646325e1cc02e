// Judging what proves the second factor of a sign-in under way, and counting what does not.

import { Problem } from '#contract/problems.ts';
import type { Write } from '#table/write.ts';
import { authenticatorItem, use as useStep } from '../authenticators/authenticators.ts';
import { acceptedStep } from '../authenticators/codes.ts';
import * as recoveryCodes from '../authenticators/recovery-codes.ts';
import type { Deps } from '../deps.ts';
import { add, isReached, type Limit, refusal } from '../limits/limits.ts';
import type { Origin } from '../sessions/sessions.ts';
import type { User } from '../users/user.ts';
import type { Account } from './account.ts';
import * as challenges from './challenges.ts';
import * as emailCode from './email-code.ts';
import { codeGuesses } from './limits.ts';

/** How it was proven (K2, RFC 8176), and what is used up by it. */
export interface Proof {
  amr: 'otp' | 'otp-email' | 'recovery-code';
  writes: Write[];
}

/** @throws Problem `wrong_code`, `code_expired`, `code_used_up`; at commit `wrong_code` when it was used meanwhile */
export async function proofOf(
  deps: Deps,
  { challenge, account }: challenges.Standing,
  given: { code?: string | undefined; recoveryCode?: string | undefined },
): Promise<Proof> {
  challenges.checkTriesLeft(challenge);
  if (challenge.step === 'email-code') {
    emailCode.checkLives(challenge, deps.now());
    // Used up with the challenge itself.
    if (await emailCode.isRight(deps, challenge, given.code)) return { amr: 'otp-email', writes: [] };
    throw challenges.wrongCode(challenge.tries, 'That is not the code of the newest mail');
  }
  const proof = await proofByAuthenticator(deps, account, given);
  if (!proof)
    throw challenges.wrongCode(challenge.tries, 'That is not a code of your authenticator now, or it was used already');
  return proof;
}

/** Proven by a code of the authenticator or a recovery code; undefined when it is neither. */
export async function proofByAuthenticator(
  deps: Deps,
  { id, authenticator }: Pick<Account, 'id' | 'authenticator'>,
  { code, recoveryCode }: { code?: string | undefined; recoveryCode?: string | undefined },
): Promise<Proof | undefined> {
  if (recoveryCode !== undefined) {
    return { amr: 'recovery-code', writes: [await recoveryCodes.use(deps, id, recoveryCode)] };
  }
  if (code === undefined || !authenticator) return undefined;
  const { key, lastStep } = authenticatorItem().parse(authenticator);
  const step = await acceptedStep(deps, id, key, code, lastStep);
  return step === undefined ? undefined : { amr: 'otp', writes: [useStep(id, step)] };
}

/** Runs an attempt on a challenge. A wrong code is counted, on the challenge and on the account, before anybody hears of it. */
export async function counting<T>(
  deps: Deps,
  { challenge, account }: challenges.Standing,
  origin: Origin,
  attempt: () => Promise<T>,
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'wrong_code')) throw error;
    const limit = codeGuesses(account.user.id);
    const wrongTry = challenges.wrongTry(challenge, deps.now());
    await add(deps, limit, account.limit(limit.key), (addition) => deps.table.transact([wrongTry, addition]));
    deps.log({ level: 'warn', event: 'authn_code_fail', user: account.user.id, network: origin.network });
    throw error;
  }
}

/**
 * The authenticator's code that came along with the password. A wrong one counts as a wrong code and as a failed sign-in.
 * @param byAccount the limit under which the password was judged
 * @throws Problem `wrong_code`, `too_many_attempts`; at commit `wrong_code` when it was used meanwhile
 */
export async function proofBesidePassword(
  deps: Deps,
  account: Account & { user: User },
  code: string | undefined,
  byAccount: Limit,
): Promise<Proof | undefined> {
  if (code === undefined || !account.authenticator) return undefined;
  const byCode = codeGuesses(account.id);
  const wrongCodes = account.limit(byCode.key);
  if (isReached(byCode, wrongCodes, deps.now())) throw refusal(byCode, wrongCodes, deps.now());
  const proof = await proofByAuthenticator(deps, account, { code });
  if (proof) return proof;
  await add(deps, byCode, wrongCodes, (one) =>
    add(deps, byAccount, account.limit(byAccount.key), (other) => deps.table.transact([one, other])),
  );
  deps.log({ level: 'warn', event: 'authn_code_fail', user: account.id });
  throw new Problem('wrong_code', { detail: 'That is not a code of your authenticator now, or it was used already' });
}
