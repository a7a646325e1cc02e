// What a save of a user would do, and would be refused for. Nothing is changed, nobody is told.

import { plans as contract } from '#contract/plans.ts';
import { planUser } from '#domain/plans/user.ts';
import * as users from '#domain/users/users.ts';
import { checkHolds } from '#serve/authenticate.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['plan-user'], async ({ deps, request, caller, origin }) => {
  const { body } = request;
  if (body.create) checkHolds(caller, 'users:create');
  if (body.restore) checkHolds(caller, 'users:deactivate');
  return users.retryStale(() => planUser(deps, caller, body, origin.address));
});
