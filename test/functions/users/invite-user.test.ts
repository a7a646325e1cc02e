import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  token = (await tenant.aSuperUser()).token;
});

describe('S3-7 inviting again', () => {
  it('is refused for who has a password, cannot sign in, is deactivated or is not there', async () => {
    const invite = (userId: string) => tenant.call('invite-user', { token, params: { userId } });
    for (const values of [{}, { state: 'deactivated' as const }, { userType: 'api' as const }]) {
      const user = await tenant.aUser(values);
      expect(await invite(user.id)).toMatchObject({ status: 409, body: { code: 'not_invitable' } });
    }
    expect(await invite('usr_000000000000000000000000')).toMatchObject({ status: 404 });
  });
});
