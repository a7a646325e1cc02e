// A new API token. Its value is in this answer and never again (S0-51); the owner is told that there is one.

import { tokens as contract } from '#contract/tokens.ts';
import { notice } from '#domain/notices/notice.ts';
import { forOwner } from '#domain/tokens/owner.ts';
import { checkTitle } from '#domain/tokens/titles.ts';
import { minted, shown } from '#domain/tokens/token.ts';
import * as tokens from '#domain/tokens/tokens.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['create-token'], async ({ deps, request, caller, commit }) =>
  forOwner(deps, caller, request.params.userId, async (owner, stillSo) => {
    const { token, value } = minted(deps, owner.id, request.body);
    await checkTitle(deps, token.title);
    const told = await notice(deps, owner, 'token-created', { tokenTitle: token.title, by: caller.user.title });
    const after = shown(token, deps.now());
    return commit({
      writes: [...tokens.creation(token), ...told, ...stillSo],
      subject: { type: 'token', id: token.id },
      after,
      answer: { ...after, value },
    });
  }),
);
