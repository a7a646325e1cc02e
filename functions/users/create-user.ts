// A new user. Who can sign in is invited by mail in the same transaction; nobody sets a password for anybody (C3, K3).

import { userTypes } from '#contract/user-types.ts';
import { users as contract } from '#contract/users.ts';
import { newId } from '#domain/deps.ts';
import { checkSuperUser, stillHolds } from '#domain/grants/limits.ts';
import { invite } from '#domain/invites/invites.ts';
import { checkReferences } from '#domain/users/references.ts';
import { checkFieldsOfType, checkSecondFactor, shown, shownTo, type User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['create-user'], async ({ deps, request, caller, commit }) => {
  const { type, superUser, secondFactor = 'off', ...fields } = request.body;
  checkFieldsOfType(type, request.body);
  const { signsIn } = userTypes[type];
  // Who never signs in has no factor that a tenant could forbid.
  if (signsIn) checkSecondFactor(secondFactor, caller.definitions.settings);
  checkSuperUser(caller, superUser);
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
    state: signsIn ? 'invited' : 'active',
    epoch: 1,
    createdAt: now,
    updatedAt: now,
  };
  const { user: created, mails } = signsIn ? await invite(deps, user) : { user, mails: [] };
  return commit({
    writes: [...users.creation(created), ...mails, ...stillHolds(caller)],
    subject: { type: 'user', id: user.id },
    after: shown(created),
    answer: shownTo(caller.permissions, created),
  });
});
