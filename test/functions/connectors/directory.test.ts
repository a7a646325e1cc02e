import { createHash } from 'node:crypto';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';
import { aSwitch, routingToken, type Switch, variable } from './switch.ts';

let tenant: TestTenant;
let token: string;
let pbx: Switch;
beforeAll(async () => {
  tenant = await aTenant();
  ({ token } = await tenant.aSuperUser());
  pbx = aSwitch(tenant, await routingToken(tenant, token));
});

const sipPassword = 'Tr0ub4dor&3-<"quoted">';
let count = 0;
const newUser = (values: object = {}) => {
  const login = `agent.${++count}`;
  return {
    ...{ login, title: `Agent ${count}`, type: 'contact-center', authEmail: `${login}@example.com` },
    ...{ access: 'acc_agent', rights: 'rgt_own' },
    ...values,
  };
};
const create = async (values: object) => {
  const made = await tenant.call('create-user', { token, body: newUser(values) });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  return made.body;
};
const change = async (userId: string, body: object) => {
  const { headers } = await tenant.call('get-user', { token, params: { userId } });
  const changed = await tenant.call('change-user', {
    token,
    params: { userId },
    body,
    headers: { 'if-match': headers.etag as string },
  });
  if (changed.status !== 200) throw new Error(JSON.stringify(changed.body));
};
const hashOf = (name: string, password = sipPassword) =>
  createHash('md5').update(`${name}:pbx.example.com:${password}`).digest('hex');

describe('S4-27 the directory', () => {
  it('knows an account by its user name: the hash of its password, whose it is, and how they are shown', async () => {
    const { id } = await create({
      ...{ title: 'Jana Nováková', extension: '217' },
      ...{ sipOption: 'pbx', sipUsername: 'jana', sipPassword },
    });
    expect(await pbx.registers('jana')).toEqual({
      id: 'jana',
      domain: 'pbx.example.com',
      params: { 'a1-hash': hashOf('jana') },
      variables: {
        user_context: 'default',
        effective_caller_id_name: 'Jana Nováková',
        effective_caller_id_number: '217',
        roster_user: id,
      },
    });
    expect((await pbx.registers('jana', { domain: 'other.example.com' }))?.params['a1-hash']).not.toBe(hashOf('jana'));
  });

  it('never shows the password, to whom it may concern or in the log', async () => {
    await create({ sipOption: 'pbx', sipUsername: 'secretive', sipPassword: 'correct-horse-battery' });
    const { text } = await pbx.ask({ section: 'directory', user: 'secretive', domain: 'pbx.example.com' });
    expect(text).toContain('a1-hash');
    expect(text).not.toContain('correct-horse');
    expect(JSON.stringify(tenant.logged)).not.toMatch(/correct-horse|a1-hash|rst_/);
  });

  it('lets a telephone register by the extension where no user name is set, and not beside one', async () => {
    const { id } = await create({ extension: '218', sipOption: 'pbx', sipPassword });
    expect(await pbx.registers('218')).toMatchObject({
      params: { 'a1-hash': hashOf('218') },
      variables: { roster_user: id, effective_caller_id_number: '218' },
    });
    expect(await pbx.registers(id)).toBeUndefined();
    await create({ extension: '221', sipOption: 'pbx', sipUsername: 'named', sipPassword });
    expect(await pbx.registers('221')).toBeUndefined();
  });

  it('takes an extension for whose it is, should it be another one’s user name', async () => {
    const other = await create({ sipOption: 'pbx', sipUsername: '219', sipPassword });
    expect((await pbx.registers('219'))?.variables.roster_user).toBe(other.id);
    const owner = await create({ extension: '219', sipOption: 'pbx', sipPassword });
    expect((await pbx.registers('219'))?.variables.roster_user).toBe(owner.id);
  });

  it('knows no account without a password, with a custom URI, of the softphone, of the deactivated, and none that is nobody’s', async () => {
    const softphone = await create({ extension: '222', sipOption: 'webrtc' });
    for (const name of ['222', softphone.id]) expect(await pbx.registers(name)).toBeUndefined();
    await create({ sipOption: 'pbx', sipUsername: 'open' });
    expect(await pbx.registers('open')).toBeUndefined();
    await create({ extension: '220', sipOption: 'custom-uri', sipUri: 'sip:220@elsewhere.example.com' });
    expect(await pbx.registers('220')).toBeUndefined();
    const gone = await create({ sipOption: 'pbx', sipUsername: 'gone', sipPassword });
    expect(await pbx.registers('gone')).toBeDefined();
    const params = { userId: gone.id };
    const { preview } = (await tenant.call('get-removal-impact', { token, params })).body;
    await tenant.call('deactivate-user', { token, params, body: { preview: preview.deactivate } });
    expect(await pbx.registers('gone')).toBeUndefined();
    for (const name of [
      'nobody',
      '999',
      'usr_000000000000000000000000',
      'a b',
      'x'.repeat(65),
      '../jana',
      `ja${variable('na')}`,
    ]) {
      expect(await pbx.registers(name)).toBeUndefined();
    }
  });

  it('follows a change of the password, of the name and of the option at once', async () => {
    const { id } = await create({ sipOption: 'pbx', sipUsername: 'petr', sipPassword });
    await change(id, { sipPassword: 'another-password-1' });
    expect((await pbx.registers('petr'))?.params['a1-hash']).toBe(hashOf('petr', 'another-password-1'));
    await change(id, { sipUsername: 'petr.new' });
    expect(await pbx.registers('petr')).toBeUndefined();
    expect((await pbx.registers('petr.new'))?.variables.roster_user).toBe(id);
    const heir = await create({ sipOption: 'pbx', sipUsername: 'petr', sipPassword });
    expect((await pbx.registers('petr'))?.variables.roster_user).toBe(heir.id);
  });

  it('answers one account at a time: no gateways, no lists of networks, no look-up in reverse', async () => {
    await create({ sipOption: 'pbx', sipUsername: 'one', sipPassword });
    expect(await pbx.registers('one', { purpose: 'gateways' })).toBeUndefined();
    expect(await pbx.registers('one', { purpose: 'network-list' })).toBeUndefined();
    expect(await pbx.registers('one', { action: 'reverse-auth-lookup' })).toBeUndefined();
    expect(await pbx.registers('one', { user: '' })).toBeUndefined();
    for (const domain of ['', 'a b', 'evil"><x', variable('domain'), 'a:b']) {
      expect(await pbx.registers('one', { domain, key_value: domain })).toBeUndefined();
    }
    expect(await pbx.registers('one', { action: 'message-count' })).toBeDefined();
  });

  it('sends its phones into the context that the switch’s own address says', async () => {
    await create({ sipOption: 'pbx', sipUsername: 'kontext', sipPassword });
    const asked = { section: 'directory', user: 'kontext', domain: 'pbx.example.com' };
    const { read } = await pbx.ask(asked, { query: { context: 'agents' } });
    expect(read.user?.variables.user_context).toBe('agents');
    expect((await pbx.ask(asked, { query: { context: 'a b' } })).status).toBe(422);
  });
});

describe('S4-27 a SIP account', () => {
  it('is one user’s, however it is spelled', async () => {
    await create({ sipOption: 'pbx', sipUsername: 'Iva', sipPassword });
    const body = newUser({ sipOption: 'pbx', sipUsername: 'iva', sipPassword });
    expect(await tenant.call('create-user', { token, body })).toMatchObject({
      status: 409,
      body: { code: 'sip_username_taken', errors: [{ pointer: '/body/sipUsername' }] },
    });
  });

  it('is one user’s when many ask for it at once', async () => {
    const bodies = Array.from({ length: 8 }, () => newUser({ sipOption: 'pbx', sipUsername: 'wanted', sipPassword }));
    const answers = await Promise.all(bodies.map((body) => tenant.call('create-user', { token, body })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
  });

  it('is free again when the user is gone for good, and not before', async () => {
    const { id } = await create({ sipOption: 'pbx', sipUsername: 'leaver', sipPassword });
    const params = { userId: id };
    const { preview } = (await tenant.call('get-removal-impact', { token, params })).body;
    const deleted = await tenant.call('delete-user', { token, params, query: { preview: preview.delete } });
    expect(deleted.status).toBe(200);
    expect(await pbx.registers('leaver')).toBeUndefined();
    const body = newUser({ sipOption: 'pbx', sipUsername: 'leaver', sipPassword });
    expect((await tenant.call('create-user', { token, body })).body.code).toBe('sip_username_taken');
    tenant.advance(400 * 86_400);
    await tenant.react('expire-tokens', {});
    ({ token } = await tenant.aSuperUser());
    pbx = aSwitch(tenant, await routingToken(tenant, token));
    expect((await tenant.call('create-user', { token, body })).status).toBe(201);
  });
});
