// One user.

import { users as contract } from '#contract/users.ts';
import { shown } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-user'], async ({ deps, request }) =>
  shown(await users.require(deps, request.params.userId)),
);
