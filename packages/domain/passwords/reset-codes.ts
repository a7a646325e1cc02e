// Redeeming the code of an SMS. Eight digits can be guessed, so each guess is one conditional write: the code dies of five wrong
// ones, and the account of ten an hour over all codes. Names that nobody has are judged and counted alike (K14, G3).

import { Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';
import { userKeys } from '#table/keys.ts';
import { remove, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { add, isReached, type Limit, notReached } from '../limits/limits.ts';
import type { Account } from '../sign-in/account.ts';
import { codePurpose, linkOver, type Redemption, resetItem, standing } from './resets.ts';

const TRIES_MAX = 5;

/** Apart from the codes of sign-ins: who only knows a login must not be able to block these. */
export const resetCodeGuesses = (userId: string): Limit => ({
  key: userKeys.limit(userId, 'reset-codes'),
  max: 10,
  code: 'too_many_attempts',
  what: 'wrong reset codes',
});

/**
 * Redeems the code, once, or counts the wrong guess.
 * @throws Problem `link_over`, here or at commit, whatever is wrong
 */
export async function redeemedCode(
  deps: Deps,
  code: string,
  account: Account,
  settings: Settings,
): Promise<Redemption> {
  const now = deps.now();
  const limit = resetCodeGuesses(account.id);
  // Also where nothing can be redeemed, a fingerprint is compared and a write tried.
  const kept = account.reset && resetItem().parse(account.reset);
  const fingerprint = kept?.by === 'sms' ? kept.codeFingerprint : '';
  const isRight = (await deps.sealer()).matches(codePurpose(account.id), code, fingerprint);
  const reset = standing(account, 'sms', settings, now);
  if (!isRight || !reset || reset.item.tries >= TRIES_MAX || isReached(limit, account.limit(limit.key), now)) {
    await countWrong(deps, account, limit, fingerprint);
    throw linkOver();
  }
  const fewGuesses = { ...notReached(limit, now), otherwise: linkOver };
  return { user: reset.user, writes: [consumption(account.id, fingerprint, now), fewGuesses] };
}

/** Of any number of right answers exactly one removes the code. */
function consumption(userId: string, fingerprint: string, now: number): Write {
  return remove(userKeys.reset(userId), { if: alive(fingerprint, now), otherwise: linkOver });
}

/** Counts against the code and the account together; a code that is dead already counts no more. */
async function countWrong(deps: Deps, account: Account, limit: Limit, fingerprint: string): Promise<void> {
  const wrongTry = update(
    userKeys.reset(account.id),
    { increase: { tries: 1 } },
    { if: alive(fingerprint, deps.now()), otherwise: linkOver },
  );
  deps.log({ level: 'warn', event: 'authn_reset_fail', user: account.user?.id });
  try {
    await add(deps, limit, account.limit(limit.key), (addition) => deps.table.transact([wrongTry, addition]));
  } catch (error) {
    const isExpected = error instanceof Problem && (error.code === 'link_over' || error.code === limit.code);
    if (!isExpected) throw error;
  }
}

function alive(fingerprint: string, now: number) {
  return ['and', ['=', 'codeFingerprint', fingerprint], ['<', 'tries', TRIES_MAX], ['>', 'expiresAt', now]] as const;
}
