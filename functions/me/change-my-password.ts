// Users change their own password: proven by the present one, and the other sessions end.

import { me } from '#contract/me.ts';
import { Problem } from '#contract/problems.ts';
import type { Deps } from '#domain/deps.ts';
import { add, isReached, notReached, refusal } from '#domain/limits/limits.ts';
import { notice } from '#domain/notices/notice.ts';
import { verifyPassword } from '#domain/passwords/hash.ts';
import { chosen, hashOf } from '#domain/passwords/passwords.ts';
import { changingOneself } from '#domain/sessions/own-change.ts';
import { type Account, accountOf } from '#domain/sign-in/account.ts';
import { passwordGuesses } from '#domain/sign-in/limits.ts';
import { shown } from '#domain/users/shown.ts';
import { signedOutElsewhere } from '#domain/users/sign-out.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(me['change-my-password'], async ({ deps, request, caller, commit }) =>
  changingOneself(deps, caller, async ({ user, session }) => {
    const { currentPassword, password } = request.body;
    const account = await accountOf(deps, user.id);
    await checkCurrent(deps, account, currentPassword);
    const replacement = await chosen(deps, user, account.password, password, caller.definitions.settings);
    const { after, writes } = signedOutElsewhere(deps, user, session);
    return commit({
      writes: [
        // First: who comes second is decided again, against the password that is the present one then.
        ...writes,
        replacement,
        notReached(guesses(user.id), deps.now()),
        ...(await notice(deps, after, 'password-changed')),
      ],
      subject: { type: 'user', id: user.id },
      before: shown(user),
      after: shown(after),
      answer: null,
    });
  }),
);

/** A wrong one counts: a session that was left open must not become a way to guess. @throws Problem `wrong_password`, `too_many_attempts` */
async function checkCurrent(deps: Deps, account: Account, currentPassword: string): Promise<void> {
  const limit = guesses(account.id);
  const failures = account.limit(limit.key);
  if (isReached(limit, failures, deps.now())) throw refusal(limit, failures, deps.now());
  if (await verifyPassword(currentPassword, hashOf(account.password))) return;
  await add(deps, limit, failures, (addition) => deps.table.write(addition));
  deps.log({ level: 'warn', event: 'authn_password_fail', user: account.id });
  throw new Problem('wrong_password', {
    detail: 'That is not your password',
    errors: [{ pointer: '/body/currentPassword', detail: 'is not your password' }],
  });
}

/** A session is what stands in for a known device. */
const guesses = (userId: string) => passwordGuesses(userId, true);
