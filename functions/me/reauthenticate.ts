// Who is signed in proves again who they are, with all that their sign-in takes: for five minutes they can change it.

import { me } from '#contract/me.ts';
import { Problem } from '#contract/problems.ts';
import { isAuthenticator } from '#contract/user-types.ts';
import { isSetUp } from '#domain/authenticators/authenticators.ts';
import * as recoveryCodes from '#domain/authenticators/recovery-codes.ts';
import type { Deps } from '#domain/deps.ts';
import { add, isReached, type Limit, notReached, refusal } from '#domain/limits/limits.ts';
import { verifyPassword } from '#domain/passwords/hash.ts';
import { hashOf } from '#domain/passwords/passwords.ts';
import { stillSignedIn } from '#domain/sessions/own-change.ts';
import { proving } from '#domain/sessions/sessions.ts';
import { type Account, accountOf } from '#domain/sign-in/account.ts';
import { codeGuesses, passwordGuesses } from '#domain/sign-in/limits.ts';
import { proofByAuthenticator } from '#domain/sign-in/second-factor.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(me.reauthenticate, async ({ deps, request, caller, commit }) => {
  const { user, session } = caller;
  const { password, ...given } = request.body;
  const account = await accountOf(deps, user.id);
  const isCodeNeeded = isAuthenticator(user.secondFactor) && isSetUp(account.authenticator);
  if (isCodeNeeded && given.code === undefined && given.recoveryCode === undefined) throw codeMissing();
  // From here on a session is what stands in for a known device.
  const byPassword = passwordGuesses(user.id, true);
  const byCode = codeGuesses(user.id);
  for (const limit of isCodeNeeded ? [byPassword, byCode] : [byPassword]) {
    if (isReached(limit, account.limit(limit.key), deps.now())) {
      throw refusal(limit, account.limit(limit.key), deps.now());
    }
  }

  if (!(await verifyPassword(password, hashOf(account.password)))) {
    await count(deps, account, byPassword, 'authn_login_fail');
    throw new Problem('wrong_password', { detail: 'That is not your password' });
  }
  const proof = isCodeNeeded ? await proofOf(deps, account, given) : [];
  if (!proof) {
    await count(deps, account, byCode, 'authn_code_fail');
    throw new Problem('wrong_code', {
      detail: 'That is neither a code of your authenticator now nor an unused recovery code',
    });
  }
  const { until, write } = proving(session, deps.now());
  return commit({
    writes: [
      ...proof,
      write,
      stillSignedIn(caller),
      notReached(byPassword, deps.now()),
      ...(isCodeNeeded ? [notReached(byCode, deps.now())] : []),
    ],
    subject: { type: 'session', id: session.id },
    answer: { until: new Date(until).toISOString() },
  });
});

/** What the right code uses up; undefined when it is wrong. */
async function proofOf(
  deps: Deps,
  account: Account,
  given: { code?: string | undefined; recoveryCode?: string | undefined },
) {
  const { recoveryCode } = given;
  const isUnknown =
    recoveryCode !== undefined && !(await recoveryCodes.isOne(deps, account.id, account.recoveryCodes, recoveryCode));
  return isUnknown ? undefined : (await proofByAuthenticator(deps, account, given))?.writes;
}

async function count(deps: Deps, account: Account, limit: Limit, event: string): Promise<void> {
  await add(deps, limit, account.limit(limit.key), (addition) => deps.table.write(addition));
  deps.log({ level: 'warn', event, user: account.id });
}

function codeMissing(): Problem {
  const detail = 'is needed as well, or a recoveryCode: an authenticator is set up';
  return new Problem('invalid_input', { detail: `/body/code ${detail}`, errors: [{ pointer: '/body/code', detail }] });
}
