// Asking for a new password. Answer and work are alike whether the account exists, is off, has an address or asked too often (K14).

import { passwords } from '#contract/passwords.ts';
import { Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';
import type { Deps } from '#domain/deps.ts';
import { effectiveOf } from '#domain/inheritance/inheritance.ts';
import { checkNetwork } from '#domain/limits/allowed-networks.ts';
import { add } from '#domain/limits/limits.ts';
import * as outbox from '#domain/outbox/outbox.ts';
import * as resets from '#domain/passwords/resets.ts';
import { current as currentSettings } from '#domain/settings/settings.ts';
import { type Account, accountNamed } from '#domain/sign-in/account.ts';
import { serve } from '#serve/serve.ts';
import type { Write } from '#table/write.ts';

export const handler = serve(passwords['request-password-reset'], async ({ deps, request, origin }) => {
  const { login, by } = request.body;
  const [account, settings] = await Promise.all([accountNamed(deps, login), currentSettings(deps)]);
  checkNetwork(settings, origin.address);
  const limit = resets.resetMailLimit(account.id);
  const writes = await resetWrites(deps, account, by, settings);
  try {
    await add(deps, limit, account.limit(limit.key), (addition) => deps.table.transact([...writes, addition]));
  } catch (error) {
    // Asked too often: no message, and no word about it.
    if (!(error instanceof Problem && error.code === limit.code)) throw error;
    deps.log({ level: 'warn', event: 'authn_reset_limit', user: account.user?.id });
  }
  return null;
});

async function resetWrites(
  deps: Deps,
  { id, user }: Account,
  by: outbox.Channel,
  settings: Settings,
): Promise<Write[]> {
  const reset = await resets.creation(deps, id, user?.epoch ?? 0, by);
  const to = resets.addressFor(user, by, settings, deps.now());
  if (!user || to === undefined) return [reset.write, await outbox.decoy(deps)];
  const { title, login } = user;
  const { language } = await effectiveOf(deps, user);
  const facts = { title, login, minutes: resets.resetMinutes[by] };
  const message = await outbox.message(deps, {
    userId: id,
    channel: by,
    to,
    language,
    ...(by === 'email'
      ? {
          template: 'password-reset',
          data: { ...facts, link: `${deps.tenant.publicUrl}/password-reset#${reset.secret}` },
        }
      : { template: 'password-reset-code', data: { ...facts, code: reset.secret } }),
    deadAt: reset.expiresAt,
  });
  return [reset.write, message];
}
