// The operator sets how many seats the tenant owns of a license, and what one costs (S1-35).

import { licenses as contract } from '#contract/licenses.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import { knownLicenses, requireKnown, shownSeats } from '#domain/licenses/known.ts';
import { auditedSeats, requireSeats, retrySeatsMoved, setting } from '#domain/licenses/setting.ts';
import { forOperator } from '#serve/operator.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(forOperator(contract['set-license']), async ({ deps, request, ifMatch, commit }) => {
  const { licensing } = await definitions.latest(deps);
  const { licenseId } = request.params;
  const { status: _status, ...license } = requireKnown(
    await knownLicenses(deps, licensing),
    licenseId,
    '/path/licenseId',
  );
  return retrySeatsMoved(async () => {
    const before = await requireSeats(deps, licenseId);
    const { after, writes } = setting(deps, before, ifMatch, { ...request.body, force: request.query.force });
    return commit({
      writes,
      subject: { type: 'license', id: licenseId },
      actor: 'operator',
      before: auditedSeats(before),
      after: auditedSeats(after),
      answer: {
        ...license,
        ...shownSeats(after),
        ...(after.price && { price: after.price }),
        version: after.version,
      },
    });
  });
});
