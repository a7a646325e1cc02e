// An administrator sets a temporary password, given or made (S0-17, K3): good for 72 hours, changed at the first sign-in. All
// sessions of the user end, and the user is told.

import { Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';
import { userSignIn as contract } from '#contract/user-sign-in.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { activation, needsPassword } from '#domain/invites/invites.ts';
import { notice } from '#domain/notices/notice.ts';
import { generatedPassword } from '#domain/passwords/generated.ts';
import { TEMPORARY_HOURS, temporary } from '#domain/passwords/passwords.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { shown } from '#domain/users/shown.ts';
import { signedOut } from '#domain/users/sign-out.ts';
import type { User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';
import { userKeys } from '#table/keys.ts';

export const handler = serve(contract['set-user-password'], async ({ deps, request, caller, commit }) =>
  users.retryStale(async () => {
    const { settings } = caller.definitions;
    const user = await requireInReach(deps, caller, request.params.userId);
    checkSettable(user, caller.user, settings);
    const given = request.body.password;
    const made = given === undefined ? generatedPassword(deps, user, settings) : undefined;
    const present = await deps.table.get(userKeys.password(user.id));
    const { until, write } = await temporary(deps, user, present, given ?? (made as string), settings);
    const { after, writes } = await signedOut(deps, user, user.state === 'invited' ? activation(user) : {});
    return commit({
      writes: [
        ...writes,
        write,
        ...(await notice(deps, after, 'temporary-password-set', { by: caller.user.title, hours: TEMPORARY_HOURS })),
        ...stillHolds(caller, user.id),
      ],
      subject: { type: 'user', id: user.id },
      before: shown(user),
      after: shown(after),
      answer: { ...(made !== undefined && { password: made }), expiresAt: new Date(until).toISOString() },
    });
  }),
);

/** @throws Problem `not_invitable` for who has no password to be set, and for oneself */
function checkSettable(user: User, caller: User, settings: Settings): void {
  const refuse = (rule: string, detail: string, because: unknown) => {
    throw new Problem('not_invitable', { detail, rule, because });
  };
  if (user.id === caller.id) {
    // Here nobody asks for the present one: an unlocked screen would be enough to take the account over.
    refuse('ASVS 6.2.3', 'Change your own password with POST /v1/me/password', 'yourself');
  }
  const { state, userType: type, verifyType = 'password' } = user;
  if (state === 'deactivated') refuse('S0-54', `${user.title} is deactivated; nothing signs them in`, { state });
  if (!needsPassword(user, settings)) {
    const detail = `${user.title} signs in without a password of Roster: type ${type}, verify type ${verifyType}`;
    refuse('S1-12', detail, { type, verifyType });
  }
}
