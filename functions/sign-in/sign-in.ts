// Signing in by password: the first factor, and either the session or the wait for a code.

import { Problem } from '#contract/problems.ts';
import { signIn } from '#contract/sign-in.ts';
import { checkNetwork } from '#domain/limits/allowed-networks.ts';
import { add, isReached, notReached, refusal, seen } from '#domain/limits/limits.ts';
import { isWeak, verifyPassword } from '#domain/passwords/hash.ts';
import { hashOf, rehash } from '#domain/passwords/passwords.ts';
import * as sessions from '#domain/sessions/sessions.ts';
import { current as currentSettings } from '#domain/settings/settings.ts';
import { accountNamed } from '#domain/sign-in/account.ts';
import { begin } from '#domain/sign-in/code-step.ts';
import { codesSent, networkGuesses, passwordGuesses } from '#domain/sign-in/limits.ts';
import { writesAtEnd } from '#domain/users/queued.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(signIn['sign-in'], async ({ deps, request, origin, commit }) => {
  const byNetwork = networkGuesses(origin.network);
  // Read together, so that nothing waits for the settings later.
  const [account, failuresOfNetwork, settings] = await Promise.all([
    accountNamed(deps, request.body.login),
    seen(deps, byNetwork),
    currentSettings(deps),
  ]);
  checkNetwork(settings, origin.address);
  const byAccount = passwordGuesses(account.id);
  const failuresOfAccount = account.limit(byAccount.key);
  if (isReached(byAccount, failuresOfAccount, deps.now())) throw refusal(byAccount, failuresOfAccount, deps.now());
  if (isReached(byNetwork, failuresOfNetwork, deps.now())) throw refusal(byNetwork, failuresOfNetwork, deps.now());

  const phc = hashOf(account.password);
  const isRight = await verifyPassword(request.body.password, phc);
  const { user } = account;
  if (!isRight || user?.state !== 'active') {
    await add(deps, byAccount, failuresOfAccount, (addition) => deps.table.write(addition));
    await add(deps, byNetwork, failuresOfNetwork, (addition) => deps.table.write(addition));
    deps.log({ level: 'warn', event: 'authn_login_fail', network: origin.network });
    // One answer for unknown, deactivated and mistyped: it must not tell which (K14).
    throw new Problem('invalid_credentials', {
      detail: 'Check both, or ask for a new password with POST /v1/password-resets',
    });
  }

  if (phc && isWeak(phc)) await rehash(deps, user.id, request.body.password, phc);
  // Judged with the commit: a right guess counts only while the wrong ones before it were few enough.
  const fewFailures = notReached(byAccount, deps.now());
  if (user.secondFactor === 'email-otp') {
    return { next: await begin(deps, user, origin, account.limit(codesSent(user.id).key), fewFailures) };
  }
  const { session, token, write } = await sessions.creation(deps, {
    userId: user.id,
    epoch: user.epoch,
    amr: ['pwd'],
    origin,
  });
  // What waited for a sign-out and found no sessions left takes effect before this one begins.
  return users.retryStale(async () =>
    commit({
      writes: [write, fewFailures, ...(await writesAtEnd(deps, user, []))],
      actor: user.id,
      session: session.id,
      subject: { type: 'user', id: user.id },
      answer: { next: sessions.signedIn(session, token) },
    }),
  );
});
