// Ten new recovery codes in the place of those before, which are dead from then on.

import { me } from '#contract/me.ts';
import { checkSetUp, find, stillSetUp } from '#domain/authenticators/authenticators.ts';
import * as recoveryCodes from '#domain/authenticators/recovery-codes.ts';
import { notice } from '#domain/notices/notice.ts';
import { stillSignedIn } from '#domain/sessions/own-change.ts';
import { checkFresh } from '#domain/sessions/sessions.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(me['renew-my-recovery-codes'], async ({ deps, caller, commit }) => {
  const { user, session } = caller;
  checkFresh(session, deps.now());
  checkSetUp(await find(deps, user.id));
  const { codes, write } = await recoveryCodes.fresh(deps, user.id);
  return commit({
    writes: [
      stillSetUp(user.id),
      write,
      stillSignedIn(caller),
      ...(await notice(deps, user, 'second-factor-changed', { what: 'recovery-codes' })),
    ],
    subject: { type: 'user', id: user.id },
    answer: { recoveryCodes: codes },
  });
});
