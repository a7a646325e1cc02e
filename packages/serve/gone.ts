// Whoever is deleted while their own request is on its way: they hear what they would have heard a moment later.

import { type Operation, problemsOf } from '#contract/operation.ts';
import { Problem } from '#contract/problems.ts';

export function asIfGoneBefore(operation: Operation, error: unknown): unknown {
  const declared = problemsOf(operation);
  const isOwnLoss = error instanceof Problem && error.code === 'user_not_found' && !declared.includes(error.code);
  if (!isOwnLoss) return error;
  const code = (['not_signed_in', 'challenge_over', 'link_over'] as const).find((each) => declared.includes(each));
  return code ? new Problem(code, { detail: 'The account has just been deleted', cause: error }) : error;
}
