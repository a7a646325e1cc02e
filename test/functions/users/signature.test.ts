import { userKeys } from '#table/keys.ts';
import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  token = people.root.token;
});

const html = '<p>Jana Nováková</p>';
const set = (userId: string, signature: unknown, version = 1, as = token) =>
  tenant.call('set-user-signature', { token: as, params: { userId }, body: { signature }, headers: ifMatch(version) });

describe('S0-30 S1-17 K8 the signature of a user', () => {
  it('is set by an administrator, sanitized, and shown with its user', async () => {
    const { id } = await tenant.aUser();
    const answer = await set(id, `${html}<script>alert(1)</script><img src=x onerror=alert(1)>`);
    expect(answer).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { signature: html, version: 2 } });
    expect(await people.now(id)).toMatchObject({ signature: html });
    expect(await entriesAbout(tenant, id, 'user.changed')).toMatchObject([{ changes: { signature: { after: html } } }]);
  });

  it('is taken away by null, and by one of which nothing is left', async () => {
    const { id } = await tenant.aUser();
    await set(id, html);
    expect((await set(id, null, 2)).body).not.toHaveProperty('signature');
    await set(id, html, 3);
    expect((await set(id, '<style>p {}</style>', 4)).body).not.toHaveProperty('signature');
    expect(await tenant.read(userKeys.signature(id))).toBeUndefined();
  });

  it('has the email queue’s shared one beside it to choose from', async () => {
    const { id } = await tenant.aUser();
    await set(id, html);
    expect(await people.change(id, { useQueueSignature: true })).toMatchObject({
      body: { useQueueSignature: true, signature: html },
    });
  });

  it('stays when other details change, and they stay when it changes', async () => {
    const { id } = await tenant.aUser();
    await set(id, html);
    await people.change(id, { description: 'Has two cats' });
    await set(id, null, 3);
    expect(await people.now(id)).toMatchObject({ description: 'Has two cats' });
    await set(id, html, 4);
    expect(await people.change(id, { description: null })).toMatchObject({ body: { signature: html } });
  });

  it.each([
    ['one that is too long', 'x'.repeat(10_001)],
    ['one that is too long as safe HTML', '&'.repeat(3000)],
    ['half a character', '\ud800'],
    ['a number', 7],
    ['nothing at all', undefined],
  ])('refuses %s', async (_what, signature) => {
    const { id } = await tenant.aUser();
    expect(await set(id, signature)).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ pointer: '/body/signature' }] },
    });
    expect(await entriesAbout(tenant, id)).toEqual([]);
  });

  it('S0-7 is for who writes emails', async () => {
    for (const userType of ['cloudphone', 'passive', 'system', 'api', 'ai-coworker'] as const) {
      const { id } = await tenant.aUser({ userType });
      expect(await set(id, html)).toMatchObject({ status: 422, body: { rule: 'S0-7', because: userType } });
    }
    const { id } = await tenant.aUser({ userType: 'back-office' });
    expect(await set(id, html)).toMatchObject({ status: 200 });
  });

  it('has a request of its own, and says so', async () => {
    const { id } = await tenant.aUser();
    const answer = await people.change(id, { signature: html });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/body/signature' }] } });
    expect(answer.body.detail).toContain('PUT /v1/users/{userId}/signature');
  });

  it('changes against the version that was seen: one of ten wins, the others see what is there now', async () => {
    const { id } = await tenant.aUser();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => set(id, `<p>${n}</p>`)));
    const [won, ...others] = answers.filter(({ status }) => status === 200);
    expect(others).toEqual([]);
    for (const { status, body } of answers.filter((each) => each !== won)) {
      expect({ status, current: body.current }).toEqual({ status: 412, current: won?.body });
    }
    expect(
      await tenant.call('set-user-signature', { token, params: { userId: id }, body: { signature: html } }),
    ).toMatchObject({
      status: 428,
    });
  });

  it('C12 S0-14 is beyond who may not change them', async () => {
    const { id } = await tenant.aUser({ superUser: true });
    const helper = await people.person(['users:read', 'users:change']);
    expect(await set(id, html, 1, helper.token)).toMatchObject({ status: 403, body: { code: 'outranked' } });
    const reader = await people.person(['users:read', 'users:read-details']);
    expect(await set(id, html, 1, reader.token)).toMatchObject({ status: 403, body: { code: 'not_permitted' } });
    const own = await people.person(['users:change'], { rights: 'rgt_own' });
    expect(await set(id, html, 1, own.token)).toMatchObject({ status: 404, body: { code: 'user_not_found' } });
  });
});

describe('S0-30 S1-17 my own signature', () => {
  const setMine = (as: string, signature: unknown, version = 1) =>
    tenant.call('set-my-signature', { token: as, body: { signature }, headers: ifMatch(version) });

  it('is mine to set, sanitized alike', async () => {
    const user = await tenant.aUser({ access: 'acc_agent', rights: 'rgt_own' });
    const own = await tenant.signIn(user.login);
    expect(await setMine(own, `${html}<script>alert(1)</script>`)).toMatchObject({
      status: 200,
      body: { signature: html },
    });
    expect((await tenant.call('get-me', { token: own })).body.user).toMatchObject({ signature: html });
    expect(await entriesAbout(tenant, user.id, 'user.changed')).toMatchObject([{ actor: user.id }]);
  });

  it('needs a session, a version that is true, and a type that writes emails', async () => {
    const user = await tenant.aUser();
    const apiToken = (await tenant.call('create-token', { token, params: { userId: user.id }, body: { title: 'CRM' } }))
      .body.value;
    expect(await setMine(apiToken, html)).toMatchObject({ status: 403, body: { code: 'session_needed' } });
    const own = await tenant.signIn(user.login);
    expect(await setMine(own, html, 7)).toMatchObject({ status: 412, body: { current: { version: 1 } } });
    const passive = await tenant.aUser({ userType: 'passive' });
    expect(await setMine(await tenant.signIn(passive.login), html)).toMatchObject({
      status: 422,
      body: { rule: 'S0-7' },
    });
  });
});
