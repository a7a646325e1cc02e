// API tokens of a user, newest first. Their values are nowhere, so they cannot be shown.

import { tokens as contract } from '#contract/tokens.ts';
import { shown } from '#domain/tokens/token.ts';
import * as tokens from '#domain/tokens/tokens.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-tokens'], async ({ deps, request, caller }) => {
  const owner = await requireInSight(deps, caller, request.params.userId);
  const all = await tokens.ofUser(deps, owner.id);
  return { tokens: all.map((token) => shown(token, deps.now())) };
});
