// A password of one's own in the place of a temporary or an old one (K3); other sessions end, this sign-in goes on.

import { signIn } from '#contract/sign-in.ts';
import { checkNetworkNow } from '#domain/limits/allowed-networks.ts';
import { notice } from '#domain/notices/notice.ts';
import { chosen } from '#domain/passwords/passwords.ts';
import { openedEntry } from '#domain/sessions/opening.ts';
import { current as currentSettings } from '#domain/settings/settings.ts';
import * as challenges from '#domain/sign-in/challenges.ts';
import { proceed } from '#domain/sign-in/proceed.ts';
import { signedOut } from '#domain/users/sign-out.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(signIn['choose-new-password'], async ({ deps, request, origin, commit }) =>
  users.retryStale(async () => {
    const { challenge: asked, password, device } = request.body;
    const [{ account, challenge, token }, settings] = await Promise.all([
      challenges.require(deps, asked, 'new-password'),
      currentSettings(deps),
    ]);
    const { user } = account;
    await checkNetworkNow(deps, user, origin.address);
    const replacement = await chosen(deps, user, account.password, password, settings);
    const { after, writes: endings } = await signedOut(deps, user);
    const progress = {
      account: { ...account, user: after, password: undefined },
      amr: challenge.amr,
      origin,
      deviceToken: device,
      answered: { challenge, token },
      writes: [replacement, ...endings, ...(await notice(deps, user, 'password-changed'))],
    };
    return proceed(deps, progress, async ({ next, writes, session }) =>
      commit({
        writes: [...writes, ...(session ? [openedEntry(deps, session)] : [])],
        actor: user.id,
        ...(session && { session: session.id }),
        subject: { type: 'user', id: user.id },
        answer: { next },
      }),
    );
  }),
);
