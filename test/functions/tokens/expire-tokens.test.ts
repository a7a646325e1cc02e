import { userKeys } from '#table/keys.ts';
import { agentGrants, aTenant } from '#test/setup/tenant.ts';

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
    await Promise.all([tenant.react('expire-tokens', {}), tenant.react('expire-tokens', {})]);
    expect(await tenant.react('expire-tokens', {})).toMatchObject({ invites: 0 });
    expect(await tenant.read(userKeys.user(old))).not.toHaveProperty('invite');
    expect(await tenant.read(userKeys.user(young))).toHaveProperty('invite');
    const entries = (await tenant.audit()).filter(({ event }) => event === 'invite.expired');
    expect(entries).toMatchObject([{ actor: 'system', subject: { id: old } }]);
  });
});
