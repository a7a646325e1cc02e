import { ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  token = people.root.token;
});

const nobody = 'usr_000000000000000000000000';

describe('S0-14 S1-9 rights that name users and rights', () => {
  it('name those that exist: all that is missing, in one answer', async () => {
    const { id } = await tenant.aUser();
    const users = { types: ['passive'], ids: [id, nobody], rights: ['rgt_missing1', 'rgt_own'] };
    const expected = {
      status: 422,
      body: {
        code: 'prerequisites_missing',
        rule: 'S0-5',
        errors: [{ pointer: '/body/users/ids/1' }, { pointer: '/body/users/rights/0' }],
      },
    };
    expect(await tenant.call('create-rights', { token, body: { name: 'Hollow', users } })).toMatchObject(expected);
    const rightsId = await people.rights({ users: { ids: [id], rights: ['rgt_own'] } });
    const answer = await tenant.call('change-rights', {
      token,
      params: { rightsId },
      body: { users },
      headers: ifMatch(1),
    });
    expect(answer).toMatchObject(expected);
  });

  it('see nobody and nothing when nothing is named', async () => {
    const answer = await tenant.call('create-rights', { token, body: { name: 'Nothing' } });
    const users = { types: [], rights: [], ids: [] };
    expect(answer.body).toMatchObject({ queues: [], categories: [], groups: [], databases: [], users });
  });

  it('S0-5 keep the rights that they name: those are not deleted under them', async () => {
    const inner = await people.rights({});
    const outer = await people.rights({ users: { rights: [inner] } });
    const drop = () => tenant.call('delete-rights', { token, params: { rightsId: inner }, headers: ifMatch(1) });
    expect(await drop()).toMatchObject({ status: 409, body: { code: 'record_in_use', rule: 'S0-5' } });
    const body = { users: { rights: [] } };
    await tenant.call('change-rights', { token, params: { rightsId: outer }, body, headers: ifMatch(1) });
    expect(await drop()).toMatchObject({ status: 204 });
  });
});
