import { fieldMatrix, type MatrixField, type UserTypeName, userTypeNames } from '#contract/user-types.ts';
import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  tenant = await aTenant({ verifyTypes: ['password', 'azure-ad'] });
  people = await peopleOf(tenant);
  token = people.root.token;
  const made = async (id: 'create-user-group' | 'create-group' | 'create-skill' | 'create-tag') =>
    (await tenant.call(id, { token, body: { name: 'Sales' } })).body.id as string;
  records = {
    userGroup: await made('create-user-group'),
    group: await made('create-group'),
    skill: await made('create-skill'),
    tag: await made('create-tag'),
    device: await people.device(),
  };
});

let records: { userGroup: string; group: string; skill: string; tag: string; device: string };
let count = 0;
const samples = (): Record<MatrixField, unknown> => ({
  title: 'Sample',
  login: `sample${++count}`,
  emoji: '🎧',
  authEmail: `sample${count}@example.com`,
  mobile: `+42060${String(count).padStart(7, '0')}`,
  verifyType: 'azure-ad',
  password: 'under the old bridge',
  apiToken: { title: 'CRM' },
  secondFactor: 'email-otp',
  language: 'cs',
  sessionSeconds: 3600,
  maxSessions: 2,
  allowedNetworks: ['198.51.100.0/24'],
  access: 'acc_agent',
  rights: 'rgt_own',
  roles: ['rol_auditor'],
  superUser: true,
  description: 'On the evening shift',
  steeringKeyWords: ['invoices', 'Jana'],
  alias: 'Jana',
  notificationEmail: 'tickets@example.com',
  timeZone: 'Europe/Prague',
  spokenLanguages: ['cs', 'de'],
  useQueueSignature: true,
  firstName: 'Jana',
  lastName: 'Nováková',
  numericId: String(1000 + count),
  extension: String(2000 + count),
  virtualExtension: String(4000 + count),
  recording: 'after-bridged',
  recordingControl: true,
  forwarding: '+420601234567',
  target: '+420601234568',
  devices: [{ device: records.device, delaySeconds: 5, ringSeconds: 20 }],
  staticLogin: true,
  outgoingNumbers: ['+420212345678', '+420212345679'],
  callerName: 'Acme',
  sipOption: 'webrtc',
  sipUri: 'sip:jana@pbx.example.com',
  sipUsername: `jana-${count}`,
  sipPassword: 'sip-password-of-jana',
  autoDial: true,
  predictiveQueue: true,
  predictiveRatio: 1.5,
  predictiveSorting: 'weight',
  googleEmail: 'jana@gmail.example',
  calDavToken: 'caldav-token-of-jana',
  assignLeads: true,
  activeFrom: '2026-03-01T00:00:00.000Z',
  activeUntil: '2027-03-01T00:00:00.000Z',
  wrapUpSeconds: 60,
  resourceFilter: 'queue:sales',
  userGroup: records.userGroup,
  groups: [records.group],
  skills: [{ skill: records.skill, level: 7 }],
  allSkills: true,
  tags: [records.tag],
  allTags: true,
});
/** What a field is nothing without. */
const companions: { [Field in MatrixField]?: object } = {
  sipUri: { sipOption: 'custom-uri' },
  sipUsername: { sipOption: 'pbx' },
  sipPassword: { sipOption: 'pbx' },
};
const fields = Object.keys(fieldMatrix()) as MatrixField[];
/** What the type requires, and no more. */
const least = (type: UserTypeName): Record<string, unknown> => {
  const required = Object.entries(samples()).filter(
    ([field]) => fieldMatrix()[field as MatrixField][type] === 'required',
  );
  return { type, ...Object.fromEntries(required) };
};
const create = (body: unknown) => tenant.call('create-user', { token, body });

describe('S0-5 what a new user refers to', () => {
  const missing = {
    access: 'acc_missing',
    rights: 'rgt_missing',
    roles: ['rol_auditor', 'rol_missing1', 'rol_missing2'],
  };

  it('must exist: all that is missing, in one answer', async () => {
    const answer = await create({ ...least('passive'), ...missing });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: 'prerequisites_missing',
        rule: 'S0-5',
        because: ['acc_missing', 'rgt_missing', 'rol_missing1', 'rol_missing2'],
        remedy: expect.any(String),
      },
    });
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/body/access',
      '/body/rights',
      '/body/roles/1',
      '/body/roles/2',
    ]);
    for (const { detail } of answer.body.errors) expect(detail).toMatch(/there is no .* create it first/);
  });

  it('must exist as well when it is changed', async () => {
    const user = await tenant.aUser();
    const answer = await people.change(user.id, missing);
    expect(answer).toMatchObject({ status: 422, body: { code: 'prerequisites_missing' } });
    expect(answer.body.errors).toHaveLength(4);
    expect(await entriesAbout(tenant, user.id)).toEqual([]);
  });

  it('may have been named in another user’s words: an id of another kind is no id', async () => {
    expect(await create({ ...least('passive'), access: 'rgt_own' })).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ pointer: '/body/access' }] },
    });
  });
});

const cells = userTypeNames.flatMap((type) =>
  fields.map((field) => [type, field, fieldMatrix()[field][type]] as const),
);

describe('S0-7 S0-12 S1-2 S1-6 S4-3 S4-6 which type of user has which field', () => {
  it.each(cells.filter(([, , applies]) => applies === 'required'))('%s requires %s', async (type, field) => {
    const { [field]: _left, ...body } = least(type);
    const answer = await create(body);
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([`/body/${field}`]);
  });

  it.each(cells.filter(([, , applies]) => applies === 'no'))('%s refuses %s', async (type, field) => {
    const answer = await create({ ...least(type), [field]: samples()[field] });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input', rule: 'S0-7', because: type } });
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([`/body/${field}`]);
  });

  it.each(cells.filter(([, , applies]) => applies === 'optional'))(
    '%s takes %s, or goes without',
    async (type, field) => {
      const value = samples()[field];
      const answer = await create({ ...least(type), ...companions[field], [field]: value });
      // A password is never shown, what it does is seen at sign-in; of other secrets, only that there is one.
      const unseen: Record<string, object> = {
        password: {},
        calDavToken: { hasCalDavToken: true },
        sipPassword: { hasSipPassword: true },
      };
      const shown = unseen[field] ?? { [field]: value };
      expect(answer).toMatchObject({ status: 201, body: { type, ...shown } });
      expect(await create(least(type))).toMatchObject({ status: 201 });
    },
  );

  it('names every wrong field of a user at once', async () => {
    const { title, login } = samples();
    const answer = await create({ type: 'contact-center', title, login });
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/body/access',
      '/body/authEmail',
      '/body/rights',
    ]);
  });

  // Passwords and tokens have operations of their own, for whatever type; the login never changes.
  const fixed: MatrixField[] = ['login', 'password', 'apiToken'];
  it.each(cells.filter(([, field, applies]) => applies === 'no' && !fixed.includes(field)))(
    '%s refuses %s also when changed',
    async (type, field) => {
      const user = await tenant.aUser({ userType: type });
      const answer = await tenant.call('change-user', {
        token,
        params: { userId: user.id },
        body: { [field]: samples()[field] },
        headers: ifMatch(1),
      });
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: `/body/${field}` }] } });
    },
  );
});
