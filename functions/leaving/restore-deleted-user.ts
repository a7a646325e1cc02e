// Brings a deleted user back whole (C14).

import { leaving as contract } from '#contract/leaving.ts';
import { Problem } from '#contract/problems.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { withProposals } from '#domain/leaving/proposals.ts';
import { revival } from '#domain/leaving/reviving.ts';
import { audited, shownPersonTo } from '#domain/users/person.ts';
import { serve } from '#serve/serve.ts';
import { tellingHolders } from '#serve/telling-holders.ts';

const operation = tellingHolders(contract['restore-deleted-user']);

export const handler = serve(operation, async ({ deps, request, caller, commit }) => {
  const { userId } = request.params;
  const { person, tokensWorking, writes } = await revival(deps, userId, request.body, caller);
  try {
    return await commit({
      writes: [...writes, ...stillHolds(caller, userId)],
      subject: { type: 'user', id: userId },
      after: { ...audited(person), tokensWorking },
      answer: { ...shownPersonTo(caller.permissions, person), tokensWorking },
    });
  } catch (error) {
    const isNumber = error instanceof Problem && error.code === 'number_taken';
    throw isNumber ? await withProposals(deps, error, person.user, caller.definitions.settings) : error;
  }
});
