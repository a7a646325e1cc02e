import { expire } from '#domain/invites/expiry.ts';
import { sweep as sweepTokens } from '#domain/tokens/expiry.ts';
import { userKeys } from '#table/keys.ts';
import { agentGrants, aTenant } from '#test/setup/tenant.ts';
import { DAY, type Issuing, issuing, YEAR } from './issuing.ts';

describe('invites that are over', () => {
  it('are taken off their users with an audit entry, once, and others stay', async () => {
    const tenant = await aTenant();
    const { token } = await tenant.aSuperUser();
    const create = async (n: number) =>
      (
        await tenant.call('create-user', {
          token,
          body: { title: 'T', login: `l${n}`, type: 'passive', ...agentGrants, authEmail: `l${n}@example.com` },
        })
      ).body.id;
    const old = await create(1);
    tenant.advance(3000);
    const young = await create(2);
    tenant.advance(7 * 86_400 - 3000);
    // Without the lease, as by a run that has lost it: the frame keeps others from running at once.
    await Promise.all([expire(tenant.deps), expire(tenant.deps)]);
    expect(await tenant.react('expire-tokens', {})).toMatchObject({ invites: 0 });
    expect(await tenant.read(userKeys.user(old))).not.toHaveProperty('invite');
    expect(await tenant.read(userKeys.user(young))).toHaveProperty('invite');
    const entries = (await tenant.audit()).filter(({ event }) => event === 'invite.expired');
    expect(entries).toMatchObject([{ actor: 'system', subject: { id: old } }]);
  });
});

describe('K5 notices before an API token ends', () => {
  let here: Issuing;
  beforeEach(async () => {
    here = await issuing();
  });

  const sweep = () => here.tenant.react('expire-tokens', {});
  /** Several at once, without the lease that would keep them apart. */
  const sweeps = () => Promise.all(Array.from({ length: 3 }, () => sweepTokens(here.tenant.deps)));
  const daysTold = async (email: string | undefined) =>
    (await here.tenant.mails())
      .filter(({ to, template }) => to === email && template === 'token-expiring')
      .map(({ data }) => data.days);
  const expiredEntries = async (id: string) =>
    (await here.tenant.audit()).filter(
      ({ event, subject }) => event === 'token.expired' && (subject as { id: string }).id === id,
    );

  it('come 30, 7 and 1 day before, each once, however often and in parallel the sweep runs', async () => {
    const { owner, token } = await here.owned({ title: 'Export' });
    const told: unknown[] = [];
    const at = async (daysLeft: number) => {
      here.tenant.advance((Date.parse(token.expiresAt) - here.tenant.deps.now()) / 1000 - daysLeft * DAY);
      await sweeps();
      await sweep();
      told.push(await daysTold(owner.authEmail));
    };
    for (const daysLeft of [31, 30, 29, 7, 6, 1, 0.5]) await at(daysLeft);
    expect(told).toEqual([[], [30], [30], [30, 7], [30, 7], [30, 7, 1], [30, 7, 1]]);
    const mail = (await here.tenant.mails()).find(({ template }) => template === 'token-expiring');
    expect(mail).toMatchObject({ to: owner.authEmail, data: { tokenTitle: 'Export', expiresAt: token.expiresAt } });
    expect(await expiredEntries(token.id)).toEqual([]);

    await at(0);
    await at(-3);
    expect(await daysTold(owner.authEmail)).toEqual([30, 7, 1]);
    expect(await here.stored(token)).not.toHaveProperty('dpk');
    expect(await here.stored(token)).not.toHaveProperty('dsk');
    expect(await here.listed(owner.id)).toMatchObject([{ id: token.id, expired: true }]);
  });

  it('at its end a token gets one entry in the audit, by system, and stays to be seen', async () => {
    const { token } = await here.owned({ expiresAt: here.at(3600) });
    here.tenant.advance(3600);
    const swept = await sweeps();
    expect(swept.filter(({ expired }) => expired === 1)).toHaveLength(1);
    expect(await sweep()).toMatchObject({ tokens: 0, told: 0 });
    expect(await expiredEntries(token.id)).toMatchObject([{ actor: 'system' }]);
    expect(await here.listed(token.userId)).toMatchObject([{ expired: true }]);
  });

  it('a sweep that is late by days tells the nearest that still holds, with the days that are left', async () => {
    const { owner, token } = await here.owned();
    here.tenant.advance(YEAR - 5 * DAY);
    await sweep();
    expect(await daysTold(owner.authEmail)).toEqual([5]);
    here.tenant.advance(20 * DAY);
    await sweep();
    expect(await daysTold(owner.authEmail)).toEqual([5]);
    expect(await expiredEntries(token.id)).toHaveLength(1);
    expect(await here.use(token.value)).toBe('not_signed_in');
  });

  it('who makes a token for three days is not told at once that it ends', async () => {
    const { owner } = await here.owned({ expiresAt: here.at(3 * DAY) });
    await sweep();
    expect(await daysTold(owner.authEmail)).toEqual([]);
    here.tenant.advance(2 * DAY);
    await sweep();
    expect(await daysTold(owner.authEmail)).toEqual([1]);
  });

  it('nobody is told of tokens that work for nobody: a deactivated owner’s, a disabled one', async () => {
    const { owner } = await here.owned();
    const { owner: other, token } = await here.owned();
    await here.asRoot('deactivate-user', { params: { userId: owner.id }, body: {} });
    await here.change(token, { enabled: false });
    for (const days of [336, 23, 5]) {
      here.tenant.advance(days * DAY);
      await sweep();
    }
    expect([await daysTold(owner.authEmail), await daysTold(other.authEmail)]).toEqual([[], []]);
  });

  it('S0-50 a sliding token takes its notices with it, and one that is given another end is told of that', async () => {
    const { owner, token } = await here.owned({ extendWithUse: true });
    here.tenant.advance(YEAR - 20 * DAY);
    await sweep();
    expect(await daysTold(owner.authEmail)).toEqual([20]);
    await here.use(token.value);
    for (const days of [15, 10, 309]) {
      here.tenant.advance(days * DAY);
      await sweep();
    }
    expect(await daysTold(owner.authEmail)).toEqual([20]);
    here.tenant.advance(DAY);
    await sweep();
    // 30 days before the new end, 345 + 335 days in.
    expect(await daysTold(owner.authEmail)).toEqual([20, 30]);
    expect(await here.change(token, { expiresAt: here.at(8 * DAY) })).toMatchObject({ status: 200 });
    await sweep();
    here.tenant.advance(DAY);
    await sweep();
    expect(await daysTold(owner.authEmail)).toEqual([20, 30, 7]);
  });

  it('use and sweep at the same moment lose nothing: either it was told and moved, or moved, and it is due again', async () => {
    for (let round = 0; round < 6; round++) {
      const { token } = await here.owned({ extendWithUse: true, expiresAt: here.at(31 * DAY) });
      here.tenant.advance(2 * DAY);
      await Promise.all([sweeps(), here.use(token.value), here.use(token.value)]);
      const stored = await here.stored(token);
      const [{ expiresAt }] = await here.listed(token.userId);
      expect(expiresAt).toBe(here.at(YEAR));
      expect(stored).toMatchObject({ dpk: 'DUE#token', dsk: here.at(YEAR - 30 * DAY) });
      expect(stored).not.toHaveProperty('told');
    }
  });

  it('an ended token that is given another end works again, and ends again', async () => {
    const { token } = await here.owned({ expiresAt: here.at(60) });
    here.tenant.advance(60);
    await sweep();
    expect(await here.change(token, { expiresAt: here.at(120) })).toMatchObject({ body: { expired: false } });
    expect(await here.use(token.value)).toBe('works');
    here.tenant.advance(120);
    expect(await sweep()).toMatchObject({ tokens: 1 });
    expect(await expiredEntries(token.id)).toHaveLength(2);
  });
});
