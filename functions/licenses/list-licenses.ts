// Which licenses there are, and what takes one (S0-57).

import { licenses as contract } from '#contract/licenses.ts';
import { licensesWithSeats, shownSeats } from '#domain/licenses/known.ts';
import { ruleInWords } from '#domain/licenses/rules-in-words.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-licenses'], async ({ deps, caller }) => {
  const { licensing } = caller.definitions;
  const known = await licensesWithSeats(deps, licensing);
  return {
    licenses: known.map(({ seats, ...license }) => ({
      ...license,
      ...shownSeats(seats),
      ...(seats.price && { price: seats.price }),
      version: seats.version,
    })),
    rules: licensing.catalogue.rules.map((rule) => ({ text: ruleInWords(rule, licensing.catalogue), rule })),
    ...(licensing.underway && { preparing: { jobId: licensing.underway.jobId } }),
  };
});
