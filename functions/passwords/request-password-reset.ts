// Asking for a new password. Answer and work are alike whether the account exists, is off, has an address or asked too often (K14).

import { passwords } from '#contract/passwords.ts';
import { Problem } from '#contract/problems.ts';
import type { Deps } from '#domain/deps.ts';
import { checkNetwork } from '#domain/limits/allowed-networks.ts';
import { add } from '#domain/limits/limits.ts';
import * as outbox from '#domain/outbox/outbox.ts';
import * as resets from '#domain/passwords/resets.ts';
import { current as currentSettings } from '#domain/settings/settings.ts';
import { type Account, accountNamed } from '#domain/sign-in/account.ts';
import { serve } from '#serve/serve.ts';
import type { Write } from '#table/write.ts';

export const handler = serve(passwords['request-password-reset'], async ({ deps, request, origin }) => {
  const [account, settings] = await Promise.all([accountNamed(deps, request.body.login), currentSettings(deps)]);
  checkNetwork(settings, origin.address);
  const limit = resets.resetMailLimit(account.id);
  const writes = await resetWrites(deps, account);
  try {
    await add(deps, limit, account.limit(limit.key), (addition) => deps.table.transact([...writes, addition]));
  } catch (error) {
    // Asked too often: no mail, and no word about it.
    if (!(error instanceof Problem && error.code === limit.code)) throw error;
    deps.log({ level: 'warn', event: 'authn_reset_limit', user: account.user?.id });
  }
  return null;
});

async function resetWrites(deps: Deps, { id, user }: Account): Promise<Write[]> {
  const { language } = await currentSettings(deps);
  const reset = resets.creation(deps, id, user?.epoch ?? 0);
  if (!resets.isResettable(user)) return [reset.write, await outbox.decoy(deps)];
  const mail = await outbox.mail(deps, {
    userId: user.id,
    to: user.authEmail,
    language: user.language ?? language,
    template: 'password-reset',
    data: {
      title: user.title,
      login: user.login,
      link: `${deps.tenant.publicUrl}/password-reset#${reset.token}`,
      minutes: 60,
    },
    deadAt: reset.expiresAt,
  });
  return [reset.write, mail];
}
