// Whom does a caller mean by what they say?

import { routing as contract } from '#contract/routing.ts';
import { steeredCall } from '#domain/routing/steered-call.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['steer-call'], async ({ deps, request: { query } }) => ({
  users: await steeredCall(deps, query),
}));
