// Lets a token of another system work on, known by its hash alone (S0-52). The owner is told, as of one that is made here.

import { tokens as contract } from '#contract/tokens.ts';
import { notice } from '#domain/notices/notice.ts';
import { forOwner } from '#domain/tokens/owner.ts';
import { checkTitle } from '#domain/tokens/titles.ts';
import { imported, shown } from '#domain/tokens/token.ts';
import * as tokens from '#domain/tokens/tokens.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['import-token'], async ({ deps, request, caller, commit }) =>
  forOwner(deps, caller, request.params.userId, async (owner, stillSo) => {
    const token = imported(deps, owner.id, request.body);
    await checkTitle(deps, token.title, token.sha256);
    const told = await notice(deps, owner, 'token-created', { tokenTitle: token.title, by: caller.user.title });
    const after = shown(token, deps.now());
    return commit({
      writes: [...tokens.creation(token), ...told, ...stillSo],
      subject: { type: 'token', id: token.id },
      after,
      answer: after,
    });
  }),
);
