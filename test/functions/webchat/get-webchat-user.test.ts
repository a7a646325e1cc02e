import { aTenant } from '#test/setup/tenant.ts';

const people = { withAlias: { title: 'Jana Nováková', alias: 'Jenny' }, without: { title: 'Petr Svoboda' } };

async function names(webchatName: 'operator' | 'title' | 'alias' | undefined) {
  const tenant = await aTenant(webchatName && { webchatName });
  const { token: admin } = await tenant.aSuperUser();
  const access = await tenant.call('create-access', {
    ...{ token: admin, body: { name: 'Webchat', permissions: ['pictures:read'] } },
  });
  const webchat = await tenant.aUser({ userType: 'api', access: access.body.id, rights: 'rgt_everything' });
  const made = await tenant.call('create-token', {
    ...{ token: admin, params: { userId: webchat.id }, body: { title: 'Webchat' } },
  });
  const ask = async (token: string, person: object) => {
    const { id } = await tenant.aUser(person);
    return tenant.call('get-webchat-user', { token, params: { userId: id } });
  };
  const token = made.body.value as string;
  return {
    withAlias: (await ask(token, people.withAlias)).body,
    without: (await ask(token, people.without)).body,
    signedIn: (await ask(admin, people.without)).body,
  };
}

describe('C8 S0-28 S1-15 what customers in webchat see of who talks to them', () => {
  it.each([
    [undefined, { name: 'Operator', from: 'operator' }, { name: 'Operator', from: 'operator' }],
    ['operator', { name: 'Operator', from: 'operator' }, { name: 'Operator', from: 'operator' }],
    ['title', { name: 'Jana Nováková', from: 'title' }, { name: 'Petr Svoboda', from: 'title' }],
    ['alias', { name: 'Jenny', from: 'alias' }, { name: 'Operator', from: 'operator' }],
  ] as const)('is by the setting %s', async (setting, withAlias, without) => {
    expect(await names(setting)).toMatchObject({ withAlias, without, signedIn: { code: 'token_needed' } });
  });
});
