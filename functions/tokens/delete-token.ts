// Deletes an API token. A value that was imported may be imported again afterwards.

import { tokens as contract } from '#contract/tokens.ts';
import { forOwner } from '#domain/tokens/owner.ts';
import { shown } from '#domain/tokens/token.ts';
import * as tokens from '#domain/tokens/tokens.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['delete-token'], async ({ deps, request, caller, commit }) =>
  forOwner(deps, caller, request.params.userId, async (owner, stillSo) => {
    const before = await tokens.require(deps, owner.id, request.params.tokenId);
    return commit({
      writes: [...tokens.removal(before), ...stillSo],
      subject: { type: 'token', id: before.id },
      before: shown(before, deps.now()),
      answer: null,
    });
  }),
);
