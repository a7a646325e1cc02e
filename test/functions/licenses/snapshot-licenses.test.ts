import { aTenant } from '#test/setup/tenant.ts';

describe('the day’s snapshot', () => {
  it('counts users by type and state', async () => {
    const tenant = await aTenant();
    for (let n = 0; n < 3; n++) await tenant.aUser();
    await tenant.aUser({ userType: 'back-office', state: 'deactivated' });
    const snapshot = await tenant.react('snapshot-licenses', { scheduledAt: '2026-03-02T00:15:00Z' });
    expect(snapshot).toMatchObject({
      day: '2026-03-02',
      users: { 'contact-center active': 3, 'back-office deactivated': 1 },
    });
  });

  it('is written once a day, however often and parallel the schedule fires', async () => {
    const tenant = await aTenant();
    const fire = () => tenant.react('snapshot-licenses', { scheduledAt: '2026-03-02T00:15:00Z' });
    await Promise.all(Array.from({ length: 10 }, fire));
    await tenant.aUser();
    expect(await fire()).toMatchObject({ users: {} });
    expect(await tenant.allOf(['SNAPSHOT'])).toHaveLength(1);
  });
});
