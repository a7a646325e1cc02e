// Changes what the request names of an API token, against the version that the caller has seen. What it takes away holds at once.

import { tokens as contract } from '#contract/tokens.ts';
import { forOwner } from '#domain/tokens/owner.ts';
import { checkTitle } from '#domain/tokens/titles.ts';
import { changesOf, shown } from '#domain/tokens/token.ts';
import * as tokens from '#domain/tokens/tokens.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['change-token'], async ({ deps, request, caller, ifMatch, commit }) => {
  const { params, body } = request;
  return forOwner(deps, caller, params.userId, async (owner, stillSo) => {
    const before = await tokens.require(deps, owner.id, params.tokenId);
    const now = deps.now();
    if (before.version !== ifMatch) throw tokens.stale(before, now);
    const changes = changesOf(before, body, now);
    if (body.title !== undefined) await checkTitle(deps, body.title);
    const after = shown({ ...before, ...changes }, now);
    return commit({
      writes: [...tokens.change(deps, before, changes), ...stillSo],
      subject: { type: 'token', id: before.id },
      before: shown(before, now),
      after,
      answer: after,
    });
  });
});
