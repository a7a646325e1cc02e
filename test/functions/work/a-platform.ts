// The contact-center platform of a tenant: it keeps work up to date with the API token of an API user who may do just that.

import { peopleOf } from '#test/functions/users/people.ts';
import { aTenant, type Called, type TestTenant } from '#test/setup/tenant.ts';

export type Platform = Awaited<ReturnType<typeof aPlatform>>;

export async function aPlatform(...given: Parameters<typeof aTenant>) {
  const tenant = await aTenant(...given);
  const people = await peopleOf(tenant);
  const root = people.root.token;
  const access = await people.access('work:read', 'work:change', 'telephone:log-on');
  const user = await tenant.aUser({ userType: 'api', access, rights: 'rgt_everything' });
  const made = await tenant.call('create-token', {
    token: root,
    params: { userId: user.id },
    body: { title: 'Platform' },
  });
  return { tenant, people, root, token: made.body.value as string, ...workBy(tenant, made.body.value) };
}

function workBy(tenant: TestTenant, token: string) {
  const call = (id: Parameters<TestTenant['call']>[0], options: Parameters<TestTenant['call']>[1]): Promise<Called> =>
    tenant.call(id, { token, ...options });
  return {
    activity: (activityId: string, userId: string, more: object = {}) =>
      call('put-activity', { params: { activityId }, body: { userId, channel: 'call', ...more } }),
    record: (recordId: string, userId: string, more: object = {}) =>
      call('put-campaign-record', {
        params: { recordId },
        body: { userId, campaign: 'Spring', action: 'not-assigned', ...more },
      }),
    closeActivity: (activityId: string) => call('close-activity', { params: { activityId } }),
    closeRecord: (recordId: string) => call('close-campaign-record', { params: { recordId } }),
    logOn: (userId: string, ...queues: string[]) => call('put-queue-log-on', { params: { userId }, body: { queues } }),
    ready: (userId: string, ready: boolean, queues = ['Sales'], more: object = {}) =>
      call('put-queue-log-on', { params: { userId }, body: { queues, ready, ...more } }),
    devices: (userId: string, ...devices: string[]) =>
      call('put-device-log-on', { params: { userId }, body: { devices } }),
    dial: (numericId: string, pin: string, what = 'log-on', ip?: string) =>
      call('log-on-by-telephone', { body: { numericId, pin, do: what }, ...(ip !== undefined && { ip }) }),
    activities: async (userId: string) => (await call('list-activities', { query: { userId } })).body,
    records: async (userId: string) => (await call('list-campaign-records', { query: { userId } })).body,
    queues: async (userId: string) => (await call('get-queue-log-on', { params: { userId } })).body,
  };
}
