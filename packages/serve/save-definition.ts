// Saving an access, rights or a role. Where nobody takes other licenses by it, that is one transaction; otherwise a job prepares it,
// for which the request waits as long as it may.

import { stillHolds } from '#domain/grants/limits.ts';
import { editByJob } from '#domain/licenses/edit-definition.ts';
import { bearsOnLicenses, type DefiningRecord, editInert, editUnused, isUsed } from '#domain/licenses/redefining.ts';
import { shown } from '#domain/records/record.ts';
import type { Change, OpenVisit, SignedInCaller } from './visit.ts';

type Saving<Answer> = Pick<OpenVisit, 'deps' | 'origin' | 'requestId'> & {
  caller: SignedInCaller;
  commit: (change: Change<Answer>) => Promise<Answer>;
};

/**
 * @param event of the audit
 * @param answerOf the record as it is in force; with `preparing` while it is not yet the new one
 * @throws Problem `license_exhausted`, `licenses_moving`, `caller_changed`
 */
export async function saveDefinition<R extends DefiningRecord, Answer>(
  { deps, caller, origin, requestId, commit }: Saving<Answer>,
  event: string,
  before: R,
  after: R,
  answerOf: (record: R, preparing?: { jobId: string }) => Answer,
): Promise<Answer> {
  const rules = caller.definitions;
  const bears = bearsOnLicenses(rules, before, after);
  if (!bears || !isUsed(rules, before)) {
    return commit({
      writes: [
        ...(bears ? editUnused(rules.licensing, before, after) : editInert(rules.licensing, before, after)),
        ...stillHolds(caller),
      ],
      subject: { type: after.type, id: after.id },
      before: shown(before),
      after: shown(after),
      answer: answerOf(after),
    });
  }
  const told = {
    event,
    actor: caller.user.id,
    session: caller.session?.id,
    token: caller.token?.id,
    network: origin.network,
    request: requestId,
  };
  const { outcome, jobId } = await editByJob(deps, rules, { caller, before, after, told });
  deps.log({ level: 'info', event, request: requestId, actor: caller.user.id, subject: after.id, outcome });
  return outcome === 'applied' ? answerOf(after) : answerOf(before, { jobId });
}

/** The record as the API shows it, and what is being prepared of it. */
export function answered<R extends DefiningRecord>(record: R, preparing?: { jobId: string }) {
  return { ...shown(record), ...(preparing && { preparing }) };
}
