// A new user. Who can sign in is invited in the same transaction, by mail or SMS; or gets a temporary password (C3, K3); or signs
// in elsewhere, and needs neither.

import { Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';
import { userTypes } from '#contract/user-types.ts';
import { users as contract } from '#contract/users.ts';
import { type Deps, newId } from '#domain/deps.ts';
import { checkSuperUser, stillHolds } from '#domain/grants/limits.ts';
import { invite, needsPassword } from '#domain/invites/invites.ts';
import { notice } from '#domain/notices/notice.ts';
import { TEMPORARY_HOURS, temporary } from '#domain/passwords/passwords.ts';
import { checkMayIssue, issue } from '#domain/tokens/issue.ts';
import { checkFieldsOfType, checkSecondFactor, checkSignIn } from '#domain/users/field-rules.ts';
import { checkReferences } from '#domain/users/references.ts';
import { shown, shownTo, type User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';
import type { Write } from '#table/write.ts';

export const handler = serve(contract['create-user'], async ({ deps, request, caller, commit }) => {
  const { settings } = caller.definitions;
  const { type, superUser, password, apiToken, secondFactor = 'off', ...fields } = request.body;
  checkFieldsOfType(type, request.body, settings);
  // Who never signs in has no factor that a tenant could forbid.
  if (userTypes[type].signsIn) {
    checkSecondFactor(secondFactor, settings);
    checkSignIn({ ...fields, secondFactor }, settings);
  }
  checkSuperUser(caller, superUser);
  if (apiToken) checkMayIssue(caller);
  await checkReferences(deps, caller, fields, caller.definitions);
  const now = deps.now();
  const user: User = {
    type: 'user',
    v: 1,
    id: newId(deps, 'usr'),
    version: 1,
    ...fields,
    userType: type,
    secondFactor,
    ...(superUser && { superUser }),
    state: 'active',
    epoch: 1,
    createdAt: now,
    updatedAt: now,
  };
  const { user: created, writes } = await withFirstSteps(deps, user, password, settings, caller.user.title);
  const issued = apiToken && (await issue(deps, created, apiToken, caller));
  return commit({
    writes: [...users.creation(created), ...writes, ...(issued?.writes ?? []), ...stillHolds(caller)],
    subject: { type: 'user', id: user.id },
    after: shown(created),
    answer: { ...shownTo(caller.permissions, created), ...(issued && { apiToken: issued.shown }) },
  });
});

/** The user as they begin, with what lets them in for the first time. @throws Problem `password_refused`, `invalid_input` */
async function withFirstSteps(
  deps: Deps,
  user: User,
  password: string | undefined,
  settings: Settings,
  by: string,
): Promise<{ user: User; writes: Write[] }> {
  if (password !== undefined) {
    if (!needsPassword(user, settings)) throw passwordNotUsed(user.verifyType);
    const { write } = await temporary(deps, user, undefined, password, settings);
    const told = await notice(deps, user, 'temporary-password-set', { by, hours: TEMPORARY_HOURS });
    return { user, writes: [write, ...told] };
  }
  if (!needsPassword(user, settings)) return { user, writes: [] };
  const { user: invited, mails } = await invite(deps, { ...user, state: 'invited' });
  return { user: invited, writes: mails };
}

function passwordNotUsed(verifyType: User['verifyType']): Problem {
  const detail = `would never be asked for: this user signs in by ${verifyType}; leave it out, or turn the setting ssoPasswordFallback on`;
  return new Problem('invalid_input', {
    detail: `/body/password ${detail}`,
    errors: [{ pointer: '/body/password', detail }],
    rule: 'S1-12',
    because: verifyType,
    remedy: 'Leave the password out, or turn the setting ssoPasswordFallback on',
  });
}
