// Making users leave, as an administrator does who has looked at what that closes.

import type { Called, TestTenant } from './tenant.ts';

export async function impact(tenant: TestTenant, token: string, userId: string) {
  return (await tenant.call('get-removal-impact', { token, params: { userId } })).body;
}

export async function deactivate(tenant: TestTenant, token: string, userId: string): Promise<Called> {
  const { preview } = await impact(tenant, token, userId);
  return tenant.call('deactivate-user', { token, params: { userId }, body: { preview: preview?.deactivate } });
}

export async function remove(tenant: TestTenant, token: string, userId: string): Promise<Called> {
  const { preview } = await impact(tenant, token, userId);
  return tenant.call('delete-user', {
    token,
    params: { userId },
    ...(preview && { query: { preview: preview.delete } }),
  });
}

/** Does all jobs to their ends, as the stream would, or so many turns of each. */
export async function finishJobs(tenant: TestTenant, turns = Number.POSITIVE_INFINITY): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    const running = (await tenant.jobs()).filter(({ state }) => state === 'running');
    if (running.length === 0) return;
    const Records = running.map(({ pk, sk }) => ({
      dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } }, SequenceNumber: pk },
    }));
    await tenant.react('run-jobs', { Records });
  }
}
