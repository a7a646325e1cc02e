// How many seats were used and owned on each day, and the most at a time.

import { licenseHistory as contract } from '#contract/license-history.ts';
import { daysOf, historyOf, requireLicense } from '#domain/licenses/history.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-license-history'], async ({ deps, request, caller }) => {
  const { license, from, to } = request.query;
  const { licensing } = caller.definitions;
  const asked = daysOf(from, to, deps.now());
  const wanted =
    license === undefined
      ? licensing.catalogue.licenses
      : [await requireLicense(deps, licensing, license, '/query/license')];
  const ofEach = wanted.map(async ({ id, name }) => ({ id, name, days: await historyOf(deps, id, asked) }));
  return { licenses: await Promise.all(ofEach) };
});
