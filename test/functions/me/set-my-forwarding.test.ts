import { keyOf } from '#domain/numbers/numbers.ts';
import type { User } from '#domain/users/user.ts';
import { put } from '#table/write.ts';
import { entriesAbout, type People, peopleOf } from '#test/functions/users/people.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
});

let number = 299;
const somebody = async (values: Partial<User> = {}) => {
  const extension = String(++number);
  const user = await tenant.aUser({ ...agentGrants, extension, ...values });
  const item = { ...keyOf('extensions', extension), type: 'number', v: 1, number: extension, userId: user.id };
  await tenant.deps.table.write(put(item));
  return { user, extension, token: await tenant.signIn(user.login) };
};
const forward = (token: string, forwarding: unknown) =>
  tenant.call('set-my-forwarding', { token, body: { forwarding } });

describe('S0-31 S1-18 forwarding one’s own calls', () => {
  it('to a number outside, with a word that it may cost, and stopping it', async () => {
    const me = await somebody();
    const set = await forward(me.token, '00420 601 234 567');
    expect(set).toMatchObject({
      status: 200,
      body: { extension: me.extension, forwarding: '+420601234567', mayCost: true, loggedIn: [], hasPin: false },
    });
    expect(set.body.warnings).toMatchObject([{ pointer: '/body/forwarding', rule: 'S1-18' }]);
    expect(await people.now(me.user.id)).toMatchObject({ forwarding: '+420601234567', version: 2 });
    const stopped = await forward(me.token, null);
    expect(stopped).toMatchObject({ status: 200, body: { mayCost: false } });
    for (const gone of ['forwarding', 'warnings']) expect(stopped.body).not.toHaveProperty(gone);
    expect(await people.now(me.user.id)).not.toHaveProperty('forwarding');
  });

  it('to a colleague’s extension, which costs nothing', async () => {
    const [me, other] = [await somebody(), await somebody()];
    const { status, body } = await forward(me.token, other.extension);
    expect({ status, ...body }).toMatchObject({ status: 200, forwarding: other.extension, mayCost: false });
    expect(body).not.toHaveProperty('warnings');
  });

  it('is told in the audit, in one’s own name', async () => {
    const me = await somebody();
    await forward(me.token, '+420601234567');
    expect(await entriesAbout(tenant, me.user.id, 'user.changed')).toMatchObject([
      { actor: me.user.id, changes: { forwarding: { after: '+420601234567' } } },
    ]);
  });

  it('is for whoever takes calls, with access to nothing else', async () => {
    const phone = await somebody({ userType: 'cloudphone', access: undefined, rights: undefined });
    expect(await forward(phone.token, '+420601234567')).toMatchObject({ status: 200 });
    expect(await forward(phone.token, null)).toMatchObject({ status: 200, body: { mayCost: false } });
  });

  it('S0-7 is nothing for who takes none', async () => {
    const user = await tenant.aUser({ ...agentGrants, userType: 'passive' });
    const refused = await forward(await tenant.signIn(user.login), '+420601234567');
    expect(refused).toMatchObject({ status: 409, body: { code: 'wrong_type', because: 'passive' } });
    expect(await people.now(user.id)).toMatchObject({ version: 1 });
  });

  it('makes no circle: with others, or with oneself', async () => {
    const [me, other] = [await somebody(), await somebody()];
    await people.change(other.user.id, { target: me.extension });
    expect(await forward(me.token, other.extension)).toMatchObject({
      status: 409,
      body: { code: 'forwarding_loop', errors: [{ pointer: '/body/forwarding' }] },
    });
    // Whom an agent has not in sight is not named either.
    expect(JSON.stringify((await forward(me.token, other.extension)).body)).not.toContain(other.user.title);
    expect(await forward(me.token, me.extension)).toMatchObject({ status: 409, body: { code: 'forwarding_loop' } });
  });

  it('two who forward to each other at once: one of them is refused', async () => {
    for (let n = 0; n < 8; n++) {
      const [me, other] = [await somebody(), await somebody()];
      const answers = await Promise.all([forward(me.token, other.extension), forward(other.token, me.extension)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    }
  });

  it('also while an administrator changes something else of them', async () => {
    const me = await somebody();
    const [own, others] = await Promise.all([
      forward(me.token, '+420601234567'),
      people.change(me.user.id, { alias: 'Jana' }),
    ]);
    expect(own.status).toBe(200);
    expect([200, 412]).toContain(others.status);
    expect(await people.now(me.user.id)).toMatchObject({ forwarding: '+420601234567' });
  });

  it.each([
    ['a number without its country', '601234567'],
    ['the number that calls for help', '112'],
    ['nobody’s extension', '99999'],
    ['a queue', 'que_0123456789ab'],
    ['nothing', ''],
    ['no text', 217],
    ['not a word of it', undefined],
  ])('is refused to %s', async (_what, forwarding) => {
    const me = await somebody();
    expect(await forward(me.token, forwarding)).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ pointer: '/body/forwarding' }] },
    });
  });

  it('needs a session', async () => {
    expect(await tenant.call('set-my-forwarding', { body: { forwarding: null } })).toMatchObject({ status: 401 });
  });
});
