// How much of each license is used, and what that costs (S0-57).

import { licenses as contract } from '#contract/licenses.ts';
import { licensesWithSeats } from '#domain/licenses/known.ts';
import { totalsOf, usageOf } from '#domain/licenses/usage.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-license-usage'], async ({ deps, caller }) => {
  const known = await licensesWithSeats(deps, caller.definitions.licensing);
  return { licenses: known.map(usageOf), totals: totalsOf(known) };
});
