import type { OperationId } from '#contract/operations.ts';
import type { Permission } from '#contract/permissions.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import { granterOf } from '#domain/grants/limits.ts';
import { beginMoving } from '#domain/licenses/redefining.ts';
import { planDefinition } from '#domain/plans/definition.ts';
import { type Rights, rightsItem } from '#domain/records/record.ts';
import { recordKey } from '#table/keys.ts';
import { ifMatch } from '#test/functions/users/people.ts';
import { finishJobs } from '#test/setup/leaving.ts';
import type { CallOptions } from '#test/setup/tenant.ts';
import {
  aPlanningTenant,
  everything,
  inWords,
  movedSeats,
  type PlanningTenant,
  seatsNow,
  withoutNames,
} from './planning.ts';

let tenant: PlanningTenant;
beforeAll(async () => {
  tenant = await aPlanningTenant();
}, 60_000);

const operations = {
  access: { plan: 'plan-access', read: 'get-access', change: 'change-access', param: 'accessId' },
  rights: { plan: 'plan-rights', read: 'get-rights', change: 'change-rights', param: 'rightsId' },
  role: { plan: 'plan-role', read: 'get-role', change: 'change-role', param: 'roleId' },
} as const satisfies Record<string, { plan: OperationId; read: OperationId; change: OperationId; param: string }>;

interface Edit {
  kind: keyof typeof operations;
  id: string;
  body: object;
  force?: true;
  by?: string;
}

async function planned({ kind, id, body, force, by = tenant.token }: Edit) {
  const { plan, param } = operations[kind];
  const options: CallOptions = { token: by, params: { [param]: id }, body, ...(force && { query: { force: 'true' } }) };
  return tenant.call(plan, options);
}

async function saved({ kind, id, body, force, by = tenant.token }: Edit) {
  const { read, change, param } = operations[kind];
  const params = { [param]: id };
  const { version } = (await tenant.call(read, { token: tenant.token, params })).body;
  const query = force && { query: { force: 'true' } };
  const answer = await tenant.call(change, { token: by, params, body, headers: ifMatch(version), ...query });
  await finishJobs(tenant);
  return answer;
}

const someone = (values: object) =>
  tenant.aUser({ access: 'acc_agent', rights: 'rgt_own', userType: 'back-office', ...values });
const agents = (count: number, values: object) =>
  Promise.all(Array.from({ length: count }, () => someone({ userType: 'contact-center', ...values })));
const aPerson = (...permissions: Permission[]) => tenant.people.person(permissions, { userType: 'back-office' });

type Row = [what: string, edit: () => Promise<Edit>, expected?: object];

const edits: Row[] = [
  [
    'of a name, at once',
    async () => {
      const id = await tenant.people.rights({ queues: [tenant.queues.voice] });
      await agents(2, { rights: id });
      return { kind: 'rights', id, body: { name: 'Renamed' } };
    },
    { allowed: true, users: 2, done: 'at-once', moving: { users: 0, licenses: [], isComplete: true } },
  ],
  [
    'of queues, by which three users take another license',
    async () => {
      const id = await tenant.people.rights({ queues: [tenant.queues.voice] });
      await agents(3, { rights: id });
      await someone({ rights: id });
      return { kind: 'rights', id, body: { queues: [tenant.queues.email] } };
    },
    {
      allowed: true,
      users: 4,
      done: 'by-job',
      moving: {
        users: 3,
        licenses: [
          { license: 'email', name: 'Email', takes: 3, frees: 0 },
          { license: 'voice', name: 'Voice', takes: 0, frees: 3 },
        ],
        isComplete: true,
      },
      lacking: [],
    },
  ],
  [
    'of an access, by which a module is taken; but for who has it by a role already',
    async () => {
      const id = await tenant.people.access('users:read');
      await agents(2, { access: id });
      await agents(1, { access: id, roles: [tenant.crm.role] });
      return { kind: 'access', id, body: { permissions: ['users:read', 'crm:use'] } };
    },
    { allowed: true, users: 3, moving: { users: 2, licenses: [{ license: 'crm', takes: 2, frees: 0 }] } },
  ],
  [
    'of a role that others include',
    async () => {
      const id = await tenant.people.role(['users:read']);
      const outer = await tenant.people.role([], [id]);
      await agents(2, { roles: [outer] });
      return { kind: 'role', id, body: { permissions: ['quality:use'] } };
    },
    { allowed: true, users: 0, done: 'by-job', moving: { users: 2, licenses: [{ license: 'quality', takes: 2 }] } },
  ],
  [
    'of rights that nobody has',
    async () => ({
      kind: 'rights',
      id: await tenant.people.rights({ queues: [] }),
      body: { queues: [tenant.queues.sms] },
    }),
    { allowed: true, users: 0, done: 'at-once', moving: { users: 0 } },
  ],
  [
    'for which there are no seats',
    async () => {
      const id = await tenant.people.rights({ queues: [] });
      await agents(1, { rights: id });
      return { kind: 'rights', id, body: { queues: [tenant.queues.sms] } };
    },
    { allowed: false, lacking: ['sms'], refusal: { code: 'license_exhausted' }, moving: { users: 1 } },
  ],
  [
    'that grants more than the editor holds',
    async () => {
      const { token } = await aPerson('accesses:read', 'accesses:change', 'users:read');
      const id = await tenant.people.access('users:read');
      return { kind: 'access', id, body: { permissions: ['settings:change'] }, by: token };
    },
    { allowed: false, refusal: { code: 'grants_too_much' } },
  ],
  [
    'by which the editor would lose a permission',
    async () => {
      const { token, user } = await aPerson('accesses:read', 'accesses:change', 'users:read');
      return { kind: 'access', id: user.access as string, body: { permissions: ['accesses:change'] }, by: token };
    },
    { allowed: false, refusal: { code: 'would_lose_own_permission' } },
  ],
  [
    'by which the editor would lose one, by force',
    async () => {
      const { token, user } = await aPerson('accesses:read', 'accesses:change', 'users:read');
      const body = { permissions: ['accesses:change'] };
      return { kind: 'access', id: user.access as string, body, by: token, force: true };
    },
    { allowed: true, done: 'at-once' },
  ],
  [
    'that names what does not exist',
    async () => ({ kind: 'rights', id: tenant.rights.tickets, body: { queues: ['que_000000000000'] } }),
    { allowed: false, refusal: { code: 'prerequisites_missing' } },
  ],
  [
    'to a name that is taken',
    async () => ({ kind: 'role', id: tenant.crm.role, body: { name: 'Auditor' } }),
    { allowed: false, refusal: { code: 'name_taken' } },
  ],
];

describe('S0-15 S0-57 a plan of an edit is what the edit does', () => {
  it.each(edits)('%s', async (_what, row, expected = {}) => {
    const edit = await row();
    const [before, seats] = [await everything(tenant), await seatsNow(tenant)];
    const { status, body } = await planned(edit);
    expect(status).toBe(200);
    expect(body).toMatchObject(expected);
    expect(await everything(tenant)).toEqual(before);
    const answer = await saved(edit);
    expect(body.allowed).toBe(answer.status === 200);
    if (!body.allowed) {
      expect(inWords(body.refusal)).toEqual(inWords(answer.body));
      return;
    }
    expect(body.version).toBe(answer.body.version - 1);
    const who = edit.by === undefined;
    if (who) expect(withoutNames(body.seats)).toEqual(movedSeats(seats, await seatsNow(tenant)));
  });

  it('with its money', async () => {
    const id = await tenant.people.rights({ queues: [tenant.queues.voice] });
    await agents(3, { rights: id });
    const { body } = await planned({ kind: 'rights', id, body: { queues: [tenant.queues.email] } });
    const [{ before, after, currency }] = body.money;
    expect(currency).toBe('EUR');
    expect(Math.round((after - before) * 100)).toBe(3 * (1910 - 3950));
  });

  it('shows who may not see licenses which, and neither seats nor money', async () => {
    const { token } = await aPerson('rights:read', 'rights:change', 'users:read');
    const id = await tenant.people.rights({ queues: [tenant.queues.voice] });
    await agents(1, { rights: id });
    const { body } = await planned({ kind: 'rights', id, body: { queues: [tenant.queues.email] }, by: token });
    expect(body).toMatchObject({ allowed: true, moving: { users: 1 } });
    expect(body).not.toHaveProperty('seats');
    expect(body).not.toHaveProperty('money');
  });

  it('of what is not there is answered with 404', async () => {
    const answer = await planned({ kind: 'role', id: 'rol_000000000000', body: { name: 'A' } });
    expect(answer).toMatchObject({ status: 404, body: { code: 'record_not_found' } });
  });

  it('that runs out of time says how many users it has looked at', async () => {
    const id = await tenant.people.rights({ queues: [tenant.queues.voice] });
    await agents(12, { rights: id });
    const known = await definitions.latest(tenant.deps);
    const planner = { ...granterOf(tenant.people.root.user, known), definitions: known };
    const before: Rights = rightsItem().parse(await tenant.read(recordKey('rights', id)));
    const after = async () => ({ ...before, channels: {}, version: before.version + 1 });
    const hurried = await planDefinition(tenant.deps, planner, before, after, -1);
    const whole = await planDefinition(tenant.deps, planner, before, after);
    expect(hurried.moving).toMatchObject({ isComplete: false });
    expect(whole.moving).toMatchObject({ isComplete: true, users: 0 });
    expect(hurried.moving?.lookedAt).toBeGreaterThan(0);
    expect(hurried.moving?.lookedAt).toBeLessThan(whole.moving?.lookedAt as number);
  });

  it('C12 is refused to who was changed at this very moment, as the edit is, at once or by a job', async () => {
    const id = await tenant.people.rights({ queues: [tenant.queues.voice] });
    await agents(1, { rights: id });
    const known = await definitions.latest(tenant.deps);
    const { user } = tenant.people.root;
    const planner = { ...granterOf({ ...user, version: user.version - 1 }, known), definitions: known };
    const before: Rights = rightsItem().parse(await tenant.read(recordKey('rights', id)));
    const edits: Record<'at-once' | 'by-job', Partial<Rights>> = {
      'at-once': { description: 'Changed' },
      'by-job': { queues: [], channels: {} },
    };
    for (const [done, values] of Object.entries(edits)) {
      const after = async () => ({ ...before, ...values, version: before.version + 1 });
      const plan = await planDefinition(tenant.deps, planner, before, after);
      expect(plan).toMatchObject({ done, allowed: false, refusal: { code: 'caller_changed' } });
    }
  });

  it('is refused while another such edit is under way, as the edit is', async () => {
    const id = await tenant.people.rights({ queues: [tenant.queues.voice] });
    await agents(1, { rights: id });
    const known = await definitions.latest(tenant.deps);
    const other = known.rights.get(tenant.rights.both) as Rights;
    const wanted: Rights = { ...other, channels: {}, queues: [], version: other.version + 1 };
    const told = { event: 'rights.changed', actor: tenant.people.root.user.id };
    await tenant.deps.table.transact(beginMoving(tenant.deps, known.licensing, wanted, { before: other, told }).writes);
    definitions.forget(tenant.deps);
    const edit: Edit = { kind: 'rights', id, body: { queues: [tenant.queues.email] } };
    const { body } = await planned(edit);
    const { version } = (await tenant.call('get-rights', { token: tenant.token, params: { rightsId: id } })).body;
    const answer = await tenant.call('change-rights', {
      ...{ token: tenant.token, params: { rightsId: id }, body: edit.body, headers: ifMatch(version) },
    });
    expect(answer.body.code).toBe('licenses_moving');
    expect(inWords(body.refusal)).toEqual(inWords(answer.body));
    await finishJobs(tenant);
  });
});
