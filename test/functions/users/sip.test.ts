import { userKeys } from '#table/keys.ts';
import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  token = people.root.token;
});

let count = 0;
const aNewUser = (values: object = {}) => {
  const login = `sipho-${++count}`;
  return {
    ...{ type: 'contact-center', title: 'Sipho', login, authEmail: `${login}@example.com`, ...agentGrants },
    ...values,
  };
};
const create = (values: object = {}) => tenant.call('create-user', { token, body: aNewUser(values) });
const canary = 'sip-canary-93b1c7';
const account = (values: object = {}) => ({
  sipOption: 'pbx',
  sipUsername: `sipho-${count}`,
  sipPassword: canary,
  ...values,
});

describe('S4-27 I13 the password of a SIP account', () => {
  it('is never shown again: not in an answer, the audit, the history, the log or the table', async () => {
    const headers = { 'idempotency-key': 'sip-1' };
    const created = await tenant.call('create-user', { token, headers, body: aNewUser(account()) });
    const userId = created.body.id;
    expect(created).toMatchObject({ status: 201, body: { hasSipPassword: true, sipOption: 'pbx' } });
    const changed = await people.change(userId, { sipPassword: `${canary}-2` });
    const stale = await tenant.call('change-user', {
      ...{ token, params: { userId }, body: { sipPassword: `${canary}-3` }, headers: ifMatch(1) },
    });
    expect([changed.status, stale.status]).toEqual([200, 412]);
    const seen = [
      created,
      changed,
      stale,
      await people.now(userId),
      await tenant.call('list-users', { token }),
      await tenant.call('plan-user', { token, body: { userId, changes: { sipPassword: `${canary}-4` } } }),
      await tenant.call('get-user-history', { token, params: { userId } }),
      await tenant.call('preview-clone', { token, params: { userId } }),
      await entriesAbout(tenant, userId),
      tenant.logged,
      await tenant.allOf([userKeys.partition(userId)]),
    ];
    expect(JSON.stringify(seen)).not.toContain(canary);
  });

  it('leaves its trace in the audit each time it is set, and when it is taken away', async () => {
    const { id } = (await create({ sipOption: 'pbx' })).body;
    await people.change(id, { sipPassword: canary });
    tenant.advance(1);
    await people.change(id, { sipPassword: `${canary}-2` });
    tenant.advance(1);
    expect((await people.change(id, { sipPassword: null })).body).not.toHaveProperty('hasSipPassword');
    const entries = (await entriesAbout(tenant, id, 'user.changed')).sort((a, b) => Number(a.at) - Number(b.at));
    expect(entries).toMatchObject([
      { changes: { hasSipPassword: { after: true }, sipPasswordSetAt: { after: expect.any(String) } } },
      { changes: { sipPasswordSetAt: { before: expect.any(String), after: expect.any(String) } } },
      { changes: { hasSipPassword: { before: true }, sipPasswordSetAt: { before: expect.any(String) } } },
    ]);
  });

  it('opens with the tenant’s key, for its user alone', async () => {
    const { id } = (await create(account())).body;
    const sealed = (await tenant.read(userKeys.telephony(id)))?.sipPassword as string;
    expect(tenant.sealer.unseal(`sip ${id}`, sealed)).toBe(canary);
    expect(tenant.sealer.unseal('sip usr_another', sealed)).toBeUndefined();
    expect(tenant.sealer.unseal(`caldav ${id}`, sealed)).toBeUndefined();
  });

  it.each([
    ['a short one', 'short-1'],
    ['a long one', 'x'.repeat(129)],
    ['one with a space', 'two words here'],
    ['one with diacritics', 'příliš-žluťoučký'],
  ])('is refused: %s, without being repeated', async (_what, sipPassword) => {
    const answer = await create(account({ sipPassword }));
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/body/sipPassword' }] } });
    expect(JSON.stringify(answer.body)).not.toContain(sipPassword);
  });
});

describe('S4-27 the SIP account goes by the SIP option', () => {
  const uri = 'sip:jana@pbx.example.com:5061;transport=tls';

  it.each([
    ['a softphone', { sipOption: 'webrtc' }],
    ['an account at the PBX', { sipOption: 'pbx' }],
    ['an account with its name', { sipOption: 'pbx', sipUsername: 'jana.novakova-1' }],
    ['a URI', { sipOption: 'custom-uri', sipUri: uri }],
    ['nothing', {}],
  ])('takes %s', async (_what, values) => {
    const { status, body } = await create(values);
    expect({ status, ...body }).toMatchObject({ status: 201, ...values });
  });

  it.each([
    ['a URI without its option', { sipUri: uri }, ['/body/sipUri']],
    ['a URI beside a softphone', { sipOption: 'webrtc', sipUri: uri }, ['/body/sipUri']],
    ['the option without its URI', { sipOption: 'custom-uri' }, ['/body/sipUri']],
    ['a name beside a softphone', { sipOption: 'webrtc', sipUsername: 'jana-2' }, ['/body/sipUsername']],
    ['a password without an option', { sipPassword: canary }, ['/body/sipPassword']],
    [
      'all of it at once',
      { sipOption: 'webrtc', sipUri: uri, sipUsername: 'jana-3', sipPassword: canary },
      ['/body/sipUri', '/body/sipUsername', '/body/sipPassword'],
    ],
  ])('refuses %s', async (_what, values, pointers) => {
    const refused = await create(values);
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_input', rule: 'S4-27' } });
    expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
    const plain = await tenant.aUser(agentGrants);
    expect(await people.change(plain.id, values)).toMatchObject({ status: 422, body: { rule: 'S4-27' } });
    expect(await tenant.read(userKeys.telephony(plain.id))).toBeUndefined();
  });

  it('leaves no account behind when the option becomes another: it is taken away with it', async () => {
    const { id } = (await create(account())).body;
    expect(await people.change(id, { sipOption: 'webrtc' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/sipUsername' }, { pointer: '/body/sipPassword' }] },
    });
    const changed = await people.change(id, { sipOption: 'webrtc', sipUsername: null, sipPassword: null });
    expect(changed).toMatchObject({ status: 200, body: { sipOption: 'webrtc' } });
    expect(changed.body).not.toHaveProperty('hasSipPassword');
  });

  it.each([
    ['a header', 'sip:jana@pbx.example.com?Route=sip:evil.example'],
    ['a second address', 'sip:jana@pbx.example.com,sip:eve@evil.example'],
    ['a line break', 'sip:jana@pbx.example.com\r\nContact: sip:eve@evil.example'],
    ['angle brackets', '<sip:jana@pbx.example.com>'],
    ['a parameter of its own', 'sip:jana@pbx.example.com;maddr=evil.example'],
    ['a password', 'sip:jana:secret@pbx.example.com'],
    ['no user', 'sip:pbx.example.com'],
    ['another scheme', 'tel:+420601234567'],
    ['a dial string', 'sip:jana@pbx.example.com}{bridge=x}'],
    ['quotes', 'sip:"jana"@pbx.example.com'],
    ['a transport that is none', 'sip:jana@pbx.example.com;transport=smtp'],
  ])('refuses a URI with %s', async (_what, sipUri) => {
    expect(await create({ sipOption: 'custom-uri', sipUri })).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ pointer: '/body/sipUri' }] },
    });
  });
});
