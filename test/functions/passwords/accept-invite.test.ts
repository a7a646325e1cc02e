import type { Settings } from '#contract/settings.ts';
import { outboxPartitions, superUsersKey, userKeys } from '#table/keys.ts';
import { tally } from '#test/functions/me/a-session.ts';
import { entriesAbout } from '#test/functions/users/people.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

/** More than one only by hand: each hashes 200 passwords. */
const ROUNDS = Number(process.env.ROUNDS ?? 1);

let tenant: TestTenant;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  token = (await tenant.aSuperUser()).token;
});

const chosen = 'the river walks a long way';
let count = 0;

async function anInvited(values: Record<string, unknown> = {}) {
  return anInvitedOf(tenant, token, values);
}

async function anInvitedOf(tenant: TestTenant, token: string, values: Record<string, unknown>) {
  const number = ++count;
  const body = {
    title: `Jana ${number}`,
    login: `invited-${number}`,
    type: 'contact-center',
    ...agentGrants,
    authEmail: `invited-${number}@example.com`,
    ...values,
  };
  const { body: user } = await tenant.call('create-user', { token, body });
  const to = body.authEmail ?? values.mobile;
  const mail = (await tenant.mails()).filter((each) => each.to === to).at(-1);
  return { user, link: mail?.data.link ?? '', invite: (mail?.data.link ?? '').split('#')[1] as string };
}

const accept = (invite: string, password = chosen) =>
  tenant.call('accept-invite', { body: { token: invite, password } });

describe('S3-7 C3 K3 invites', () => {
  it('let the user choose a password, with which they sign in', async () => {
    const { user, invite, link } = await anInvited();
    expect(link).toMatch(/^https:\/\/acme\.example\/invite#rinv_/);
    expect(await accept(invite)).toMatchObject({ status: 200, body: { login: user.login } });
    expect(await tenant.call('sign-in', { body: { login: user.login, password: chosen } })).toMatchObject({
      status: 200,
    });
    expect(await tenant.call('get-user', { token, params: { userId: user.id } })).toMatchObject({
      body: { state: 'active', version: 2 },
    });
  });

  it(
    'G2 are accepted by exactly one of 200 parallel requests',
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const { user, invite } = await anInvited();
        const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => accept(invite, `${chosen} ${n}`)));
        expect(tally(answers)).toEqual({ 200: 1, link_over: 199 });
        const winner = answers.findIndex(({ status }) => status === 200);
        const body = { login: user.login, password: `${chosen} ${winner}` };
        expect(await tenant.call('sign-in', { body })).toMatchObject({ status: 200 });
        const events = await entriesAbout(tenant, user.id, 'invite.accepted');
        expect(events).toHaveLength(1);
      }
    },
    ROUNDS * 120_000,
  );

  it('are over after seven days, to the second', async () => {
    const { invite } = await anInvited();
    const late = await anInvited();
    tenant.advance(7 * 86_400 - 1);
    expect(await accept(invite)).toMatchObject({ status: 200 });
    tenant.advance(1);
    expect(await accept(late.invite)).toMatchObject({ status: 410, body: { code: 'link_over' } });
    token = (await tenant.aSuperUser()).token;
  });

  it('are replaced by a new invite', async () => {
    const { user, invite } = await anInvited();
    tenant.advance(1);
    expect(await tenant.call('invite-user', { token, params: { userId: user.id } })).toMatchObject({
      status: 200,
      body: { state: 'invited' },
    });
    expect(await accept(invite)).toMatchObject({ status: 410 });
    const newest = (await tenant.mails()).filter(({ to }) => to === user.authEmail).at(-1);
    expect(await accept(newest?.data.link?.split('#')[1] as string)).toMatchObject({ status: 200 });
  });

  it('follow the address: a change of it sends another, and the first is dead', async () => {
    const { user, invite } = await anInvited();
    const authEmail = `moved-${user.authEmail}`;
    await tenant.call('change-user', {
      token,
      params: { userId: user.id },
      headers: { 'if-match': '1' },
      body: { authEmail },
    });
    expect(await accept(invite)).toMatchObject({ status: 410 });
    const [mail] = (await tenant.mails()).filter(({ to }) => to === authEmail);
    expect(await accept(mail?.data.link?.split('#')[1] as string)).toMatchObject({ status: 200 });
  });

  it('keep only the hash of the token', async () => {
    const { user, invite } = await anInvited();
    const items = await tenant.allOf([
      userKeys.partition(user.id),
      ...Array.from({ length: 8 }, (_, n) => `OUTBOX#${n}`),
    ]);
    expect(JSON.stringify(items)).not.toContain(invite.slice(-40));
  });

  it('of a SuperUser put them on the roll of active SuperUsers', async () => {
    const { user, invite } = await anInvited({ superUser: true });
    expect((await tenant.read(superUsersKey))?.ids).not.toContain(user.id);
    await accept(invite);
    expect((await tenant.read(superUsersKey))?.ids).toContain(user.id);
  });
});

describe('C4 S3-3 invites by SMS', () => {
  const mobileOnly: Partial<Settings> = { contact: 'email_or_mobile' };

  it('go to the mobile number of who has no address, and work as those by mail', async () => {
    const tenant = await aTenant(mobileOnly);
    const admin = (await tenant.aSuperUser()).token;
    const invited = await anInvitedOf(tenant, admin, { authEmail: undefined, mobile: '+420601234567' });
    expect(invited.link).toMatch(/^https:\/\/acme\.example\/invite#rinv_/);
    const waiting = (await tenant.allOf(outboxPartitions)).find(({ to }) => to === '+420601234567');
    expect(waiting).toMatchObject({ channel: 'sms', template: 'invite' });
    const body = { token: invited.invite, password: chosen };
    expect(await tenant.call('accept-invite', { body })).toMatchObject({ status: 200 });
  });

  it('are sent again on demand, and follow the number when it changes', async () => {
    const tenant = await aTenant(mobileOnly);
    const admin = (await tenant.aSuperUser()).token;
    const { user, invite } = await anInvitedOf(tenant, admin, { authEmail: undefined, mobile: '+420601234567' });
    const params = { userId: user.id };
    expect(await tenant.call('invite-user', { token: admin, params })).toMatchObject({ status: 200 });
    const body = { mobile: '+420601234568' };
    const headers = { 'if-match': '"2"' };
    expect(await tenant.call('change-user', { token: admin, params, body, headers })).toMatchObject({ status: 200 });
    const links = (await tenant.mails()).filter(({ template }) => template === 'invite');
    expect(links.map(({ to }) => to).sort()).toEqual(['+420601234567', '+420601234567', '+420601234568']);
    const newest = links.find(({ to }) => to === '+420601234568')?.data.link?.split('#')[1] as string;
    expect(await tenant.call('accept-invite', { body: { token: invite, password: chosen } })).toMatchObject({
      status: 410,
    });
    expect(await tenant.call('accept-invite', { body: { token: newest, password: chosen } })).toMatchObject({
      status: 200,
    });
  });
});

describe('C23 K13 the networks of the user', () => {
  it('hold for the first password as well', async () => {
    const { invite } = await anInvited({ allowedNetworks: ['203.0.113.0/24'] });
    expect(await accept(invite)).toMatchObject({ status: 403, body: { code: 'network_not_allowed' } });
    const body = { token: invite, password: chosen };
    expect(await tenant.call('accept-invite', { body, ip: '203.0.113.9' })).toMatchObject({ status: 200 });
  });
});

describe('K1 C19 the password policy', () => {
  const refusal = async (password: string, values = {}) => {
    const { invite } = await anInvited(values);
    const { status, body } = await accept(invite, password);
    return status === 200 ? 'accepted' : `${body.code}: ${body.detail}`;
  };

  it('wants 15 characters for a password that stands alone', async () => {
    expect(await refusal('fourteen chars')).toContain('at least 15 characters');
    expect(await refusal('fifteen charact')).toBe('accepted');
  });

  it('wants 8 beside a second factor', async () => {
    expect(await refusal('seven c', { secondFactor: 'email-otp' })).toContain('at least 8 characters');
    expect(await refusal('eight ch', { secondFactor: 'email-otp' })).toBe('accepted');
  });

  it('counts code points after NFC, and takes 64 and 256 of them but not 257', async () => {
    expect(await refusal('e\u0301'.repeat(14))).toContain('password_refused');
    expect(await refusal('průběh 🎧 '.repeat(7).slice(0, 64))).toBe('accepted');
    expect(await refusal('žluťoučký kůň '.repeat(19).slice(0, 256))).toBe('accepted');
    expect(await refusal('žluťoučký kůň '.repeat(19).slice(0, 257))).toContain('at most 256 characters');
  });

  it('refuses what is made of the account, the company or the product', async () => {
    for (const password of ['jana.novotna-2026', 'NovotnaNovotna12', 'acmeacmeacme1234', 'roster-roster-1!']) {
      expect(
        await refusal(password, {
          title: 'Jana Novotna',
          login: `novotna${++count}`,
          authEmail: `jana.novotna${count}@example.com`,
        }),
      ).toContain('must not be made of');
    }
  });

  it('refuses one character over and over', async () => {
    expect(await refusal('a'.repeat(20))).toContain('must not repeat');
  });

  it('verifies the password whole, and in any Unicode form', async () => {
    const { user, invite } = await anInvited();
    await accept(invite, `${'dlouhé heslo '.repeat(10)}konec`);
    const signIn = (password: string) => tenant.call('sign-in', { body: { login: user.login, password } });
    expect(await signIn(`${'dlouhé heslo '.repeat(10)}`)).toMatchObject({ status: 401 });
    expect(await signIn(`${'dlouhé heslo '.repeat(10)}konec`.normalize('NFD'))).toMatchObject({ status: 200 });
  });

  it('takes a NUL as a character like any other, and does not stop at it', async () => {
    const { user, invite } = await anInvited();
    await accept(invite, 'by the river\u0000 and on');
    const signIn = (password: string) => tenant.call('sign-in', { body: { login: user.login, password } });
    expect(await signIn('by the river\u0000 and off')).toMatchObject({ status: 401 });
    expect(await signIn('by the river')).toMatchObject({ status: 401 });
    expect(await signIn('by the river\u0000 and on')).toMatchObject({ status: 200 });
  });

  it('refuses a lone surrogate, which is no text and would be hashed as another', async () => {
    const { invite } = await anInvited();
    expect(await accept(invite, 'by the long river \ud800')).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ pointer: '/body/password' }] },
    });
  });

  it('refuses common passwords, and lists every reason', async () => {
    const { invite } = await anInvited({ secondFactor: 'authenticator-optional' });
    const { body } = await accept(invite, 'football');
    expect(body).toMatchObject({ code: 'password_refused', rule: 'K1' });
    expect(body.errors).toEqual([
      { pointer: '/body/password', detail: expect.stringContaining('at least 15') },
      { pointer: '/body/password', detail: expect.stringContaining('everybody tries first') },
    ]);
  });

  it('refuses 1 MiB before it is hashed', async () => {
    const { invite } = await anInvited();
    expect(await accept(invite, 'x'.repeat(1024 * 1024))).toMatchObject({
      status: 413,
      body: { code: 'body_too_large' },
    });
  });
});
