import { licensesRead } from './reading.ts';

const price = { amount: 49, currency: 'EUR' };

describe('S0-15 what each field means for licenses', () => {
  it('is told next to type, access, rights, roles and recording, with the reason in words', async () => {
    const { tenant, people, aHolder, whoMay } = await licensesRead();
    const rights = await people.rights({ name: 'Sales', queues: [await people.queue('chat')] });
    const access = await people.access('users:read', 'crm:use');
    const role = await people.role(['crm:use']);
    const user = await aHolder({ rights, access, roles: [role], recording: 'after-bridged' });
    const token = await whoMay('users:read', 'users:read-details');
    const { status, body } = await tenant.call('get-license-effect', { token, params: { userId: user.id } });
    expect(status).toBe(200);
    expect(body.fields).toEqual({
      type: [],
      access: [{ license: 'crm', name: 'CRM', text: expect.stringMatching(/^access Record \d+ holds crm:use$/) }],
      rights: [
        { license: 'chat', name: 'Chat', text: expect.stringMatching(/^rights Sales include queue Record \d+$/) },
      ],
      roles: [{ license: 'crm', name: 'CRM', text: expect.stringMatching(/^role Record \d+ holds crm:use$/) }],
      recording: [{ license: 'call-recording', name: 'Call recording', text: 'calls are recorded' }],
    });
    const since = new Date(tenant.deps.now()).toISOString();
    // Badges alone: how many seats there are, and what they cost, is for who has Licensing access.
    expect(body).toEqual({
      fields: expect.anything(),
      licenses: [
        { license: 'call-recording', name: 'Call recording', since },
        { license: 'chat', name: 'Chat', since },
        { license: 'crm', name: 'CRM', since },
      ],
    });
  });

  it('S0-12 is told next to the type where it takes one by itself', async () => {
    const { tenant, aHolder, whoMay } = await licensesRead();
    const token = await whoMay('users:read-details');
    const typeOf = async (userType: 'back-office' | 'contact-center' | 'passive') => {
      const { id } = await aHolder({ userType });
      return (await tenant.call('get-license-effect', { token, params: { userId: id } })).body.fields.type;
    };
    expect(await typeOf('back-office')).toEqual([
      { license: 'back-office', name: 'Back-office', text: 'type back-office' },
    ]);
    expect(await typeOf('contact-center')).toMatchObject([{ license: 'voice' }]);
    expect(await typeOf('passive')).toEqual([]);
  });

  it('C17 shows seats, prices and cost with Licensing access', async () => {
    const { tenant, aHolder, whoMay } = await licensesRead({
      voice: { seats: 5, price },
      'call-recording': { seats: 5, price: { ...price, amount: 0.1 } },
    });
    const user = await aHolder({ recording: 'from-call-start' });
    const token = await whoMay('users:read-details', 'licenses:read');
    const { body } = await tenant.call('get-license-effect', { token, params: { userId: user.id } });
    // The other seat of voice is the first SuperUser’s.
    expect(body.licenses).toMatchObject([
      { license: 'call-recording', price: { amount: 0.1 }, seats: { owned: 5, used: 1, free: 4, overCommitted: 0 } },
      { license: 'voice', price, seats: { owned: 5, used: 2, free: 3, overCommitted: 0 } },
    ]);
    expect(body.cost).toEqual([{ currency: 'EUR', amount: 49.1 }]);
  });

  it('is nothing for who is deactivated, and 404 for who is out of sight', async () => {
    const { tenant, people, aHolder } = await licensesRead();
    const away = await aHolder({ state: 'deactivated', recording: 'from-call-start' });
    const token = people.root.token;
    const { body } = await tenant.call('get-license-effect', { token, params: { userId: away.id } });
    expect(body.licenses).toEqual([]);
    const blind = await people.person(['users:read-details'], { userType: 'passive', rights: 'rgt_own' });
    expect(await tenant.call('get-license-effect', { token: blind.token, params: { userId: away.id } })).toMatchObject({
      status: 404,
      body: { code: 'user_not_found' },
    });
  });
});
