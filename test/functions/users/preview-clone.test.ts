import { aPlanningTenant, held, type PlanningTenant } from '#test/functions/plans/planning.ts';
import { ifMatch } from '#test/functions/users/people.ts';

let tenant: PlanningTenant;
beforeAll(async () => {
  tenant = await aPlanningTenant();
}, 60_000);

const preview = async (userId: string, token = tenant.token) =>
  (await tenant.call('preview-clone', { token, params: { userId } })).body.licenses;
const brief = (licenses: { license: string; isFree: boolean }[]) =>
  licenses.map(({ license, isFree }) => [license, isFree]);

describe('S0-6 S0-15 the preview of a clone shows licenses', () => {
  it('that the clone then takes, with their causes, and whether there is a seat', async () => {
    const source = await tenant.aUser({
      ...{ access: tenant.crm.access, rights: tenant.rights.voice, recording: 'after-bridged' },
      title: 'Source',
    });
    const licenses = await preview(source.id);
    expect(brief(licenses)).toEqual([
      ['call-recording', true],
      ['crm', true],
      ['voice', true],
    ]);
    expect(licenses[2]).toMatchObject({ name: 'Voice', causes: [{ field: 'rights', text: expect.any(String) }] });
    const body = { title: 'Clone', login: 'clone-1', authEmail: 'clone-1@example.com' };
    const params = { userId: source.id };
    const { body: clone } = await tenant.call('clone-user', { token: tenant.token, params, body });
    expect(await held(tenant, clone.id)).toEqual(licenses.map(({ license }: { license: string }) => license));
  });

  it('of which none is left, as cloning then says', async () => {
    const source = await tenant.aUser({ access: 'acc_agent', rights: tenant.rights.chat });
    expect(brief(await preview(source.id))).toEqual([['chat', false]]);
    const body = { title: 'Clone', login: 'clone-2', authEmail: 'clone-2@example.com' };
    const params = { userId: source.id };
    const refused = await tenant.call('clone-user', { token: tenant.token, params, body });
    expect(refused).toMatchObject({ status: 409, body: { code: 'license_exhausted', because: { license: 'chat' } } });
  });

  it('without those of what waits for the source to sign out', async () => {
    const source = await tenant.aUser({ access: 'acc_agent', rights: tenant.rights.voice });
    await tenant.signIn(source.login);
    const changed = await tenant.call('change-user', {
      ...{ token: tenant.token, params: { userId: source.id }, body: { rights: tenant.rights.email } },
      ...{ headers: ifMatch(1), query: { when: 'nextSignOut' } },
    });
    expect(changed.status).toBe(200);
    expect(await held(tenant, source.id)).toEqual(['email', 'voice']);
    expect(brief(await preview(source.id))).toEqual([['voice', true]]);
  });

  it('and why to who sees details alone', async () => {
    const source = await tenant.aUser({ access: 'acc_agent', rights: tenant.rights.voice });
    const { token } = await tenant.people.person(['users:read', 'users:create'], { userType: 'back-office' });
    expect(await preview(source.id, token)).toEqual([{ license: 'voice', name: 'Voice', isFree: true }]);
  });
});
