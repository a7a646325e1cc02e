// A tenant whose bulk edits are planned and committed as the stream would have it.

import { jobKey } from '#table/keys.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

/** One delivery of the job by the stream. */
export async function turn(tenant: TestTenant, jobId: string): Promise<void> {
  const { pk, sk } = jobKey(jobId);
  const record = { dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } }, SequenceNumber: '1' } };
  const { batchItemFailures } = (await tenant.react('run-jobs', { Records: [record] })) as {
    batchItemFailures: unknown[];
  };
  if (batchItemFailures.length > 0) throw tenant.logged.findLast(({ event }) => event === 'record_failed')?.error;
}

/** Delivers the job until it is done. */
export async function runJob(tenant: TestTenant, jobId: string): Promise<number> {
  for (let turns = 1; ; turns++) {
    await turn(tenant, jobId);
    if ((await tenant.read(jobKey(jobId)))?.state === 'done') return turns;
  }
}

export type BulkTenant = Awaited<ReturnType<typeof aBulkTenant>>;

/** With a signed-in SuperUser, who plans and commits unless another token is given. */
export async function aBulkTenant(...given: Parameters<typeof aTenant>) {
  const tenant = await aTenant(...given);
  const { user: admin, token } = await tenant.aSuperUser({ title: 'Zoe Admin' });

  const plan = async (body: object, by = token) => {
    const answer = await tenant.call('plan-bulk-edit', { token: by, body });
    if (answer.status !== 202) return answer;
    await runJob(tenant, answer.body.jobId);
    return tenant.call('get-bulk-edit', { token: by, params: { planId: answer.body.id } });
  };
  const commit = async (planId: string, by = token) => {
    const answer = await tenant.call('commit-bulk-edit', { token: by, params: { planId } });
    if (answer.status !== 202) return answer;
    await runJob(tenant, answer.body.jobId);
    return tenant.call('get-bulk-edit', { token: by, params: { planId } });
  };
  /** Every user of it, page by page. */
  const outcomes = async (planId: string, query: Record<string, string> = {}, by = token) => {
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
    const users: any[] = [];
    let cursor: string | undefined;
    do {
      const { status, body } = await tenant.call('list-bulk-edit-users', {
        token: by,
        params: { planId },
        query: { ...query, ...(cursor && { cursor }) },
      });
      if (status !== 200) throw new Error(`list-bulk-edit-users answered ${status} ${JSON.stringify(body)}`);
      users.push(...body.users);
      cursor = body.next;
    } while (cursor);
    return users;
  };
  /** What became of each, by id. */
  const became = async (planId: string) =>
    Object.fromEntries((await outcomes(planId)).map(({ userId, ...outcome }) => [userId, outcome]));
  /** Planned and committed. */
  const edit = async (body: object, by = token) => {
    const planned = await plan(body, by);
    if (planned.status !== 200) throw new Error(`plan-bulk-edit answered ${JSON.stringify(planned.body)}`);
    return (await commit(planned.body.id, by)).body;
  };
  const ids = (users: { id: string }[]) => ({ ids: users.map(({ id }) => id) });
  return { ...tenant, admin, token, plan, commit, outcomes, became, edit, ids };
}
