// Signing in by login or authentication email and password (C5); goes on to the second factor, or straight to the session.

import { Problem } from '#contract/problems.ts';
import { signIn } from '#contract/sign-in.ts';
import { recognized } from '#domain/devices/devices.ts';
import { checkNetwork, checkNetworkNow } from '#domain/limits/allowed-networks.ts';
import { add, isReached, notReached, refusal } from '#domain/limits/limits.ts';
import { isWeak, verifyPassword } from '#domain/passwords/hash.ts';
import { hashOf, rehash } from '#domain/passwords/passwords.ts';
import { current as currentSettings } from '#domain/settings/settings.ts';
import { accountAnd, opensByPassword } from '#domain/sign-in/account.ts';
import { networkGuesses, passwordGuesses } from '#domain/sign-in/limits.ts';
import { proceed } from '#domain/sign-in/proceed.ts';
import { proofBesidePassword } from '#domain/sign-in/second-factor.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(signIn['sign-in'], async ({ deps, request, origin, commit }) => {
  const { login, password, code, device } = request.body;
  const byNetwork = networkGuesses(origin.network);
  // Read together, so that nothing waits for the settings later.
  const [{ account, items }, settings] = await Promise.all([
    accountAnd(deps, login, byNetwork.key),
    currentSettings(deps),
  ]);
  const [failuresOfNetwork] = items;
  checkNetwork(settings, origin.address);
  const now = deps.now();
  const { byDevice, byNetwork: isKnownNetwork } = recognized(account.devices, account.id, origin, device, now);
  const byAccount = passwordGuesses(account.id, byDevice || isKnownNetwork);
  const failuresOfAccount = account.limit(byAccount.key);
  if (isReached(byAccount, failuresOfAccount, now)) throw refusal(byAccount, failuresOfAccount, now);
  if (!byDevice && isReached(byNetwork, failuresOfNetwork, now)) throw refusal(byNetwork, failuresOfNetwork, now);

  const phc = hashOf(account.password);
  const isRight = await verifyPassword(password, phc);
  if (!isRight || !opensByPassword(account, settings, deps.now())) {
    await add(deps, byAccount, failuresOfAccount, (addition) => deps.table.write(addition));
    if (!byDevice) await add(deps, byNetwork, failuresOfNetwork, (addition) => deps.table.write(addition));
    deps.log({ level: 'warn', event: 'authn_login_fail', network: origin.network });
    // One answer for unknown, deactivated, out of date and mistyped: it must not tell which (K14).
    throw new Problem('invalid_credentials', {
      detail: 'Check both, or ask for a new password with POST /v1/password-resets',
    });
  }
  const { user } = account;
  await checkNetworkNow(deps, user, origin.address);

  if (phc && isWeak(phc)) await rehash(deps, user.id, password, phc);
  const second = await proofBesidePassword(deps, account, code, byAccount);
  const progress = {
    account,
    amr: second ? ['pwd', second.amr] : ['pwd'],
    origin,
    deviceToken: device,
    // Judged with the commit: a right guess counts only while the wrong ones before it were few enough.
    writes: [notReached(byAccount, deps.now()), ...(second?.writes ?? [])],
  };
  return proceed(deps, progress, async ({ next, writes, session }) => {
    const answer = { next };
    if (!session) return deps.table.transact(writes).then(() => answer);
    const subject = { type: 'user', id: user.id };
    return commit({ writes, actor: user.id, session: session.id, subject, answer });
  });
});
