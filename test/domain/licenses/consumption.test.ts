import { usualCatalogue } from '#contract/license-catalogue.ts';
import type { Permission } from '#contract/permissions.ts';
import { type UserTypeName, userTypeNames } from '#contract/user-types.ts';
import { consumptionOf, neededBy, type Rules, type Taker, withWanted } from '#domain/licenses/consumption.ts';
import type { Access, Rights, Role } from '#domain/records/record.ts';

const common = { v: 1 as const, version: 1, usedBy: 0, updatedAt: 0 };
const nothing = { categories: [], groups: [], databases: [], users: 'all' as const };

const rightsOf = {
  'no rights': undefined,
  'no queue': { ...common, ...nothing, type: 'rights', id: 'rgt_none', name: 'None', queues: [], channels: {} },
  'one of voice': {
    ...{ ...common, ...nothing, type: 'rights', id: 'rgt_voice', name: 'Voice', queues: ['que_a'] },
    channels: { voice: { queue: 'que_a', count: 1 } },
  },
  'email and chat': {
    ...{ ...common, ...nothing, type: 'rights', id: 'rgt_mixed', name: 'Mixed', queues: ['que_b', 'que_c', 'que_d'] },
    channels: { email: { queue: 'que_b', count: 2 }, chat: { queue: 'que_d', count: 1 } },
  },
  'all queues': { ...common, ...nothing, type: 'rights', id: 'rgt_all', name: 'All', queues: 'all', channels: {} },
} satisfies Record<string, Rights | undefined>;

const access = (id: string, permissions: Permission[]): Access => ({
  ...{ ...common, type: 'access', id, name: id },
  permissions,
});
const modules = {
  'no access': { access: undefined, roles: [] },
  'no module': { access: 'acc_plain', roles: [] },
  CRM: { access: 'acc_crm', roles: [] },
  'calls, by a role': { access: 'acc_plain', roles: ['rol_calls'] },
  'CRM and calls, by a role within a role': { access: 'acc_crm', roles: ['rol_lead'] },
};
const role = (id: string, permissions: Permission[], includes: string[] = []): Role => ({
  ...{ ...common, type: 'role', id, name: id, includes },
  permissions,
});

const rules: Rules = {
  licensing: { edition: 1, catalogue: usualCatalogue },
  accesses: new Map(
    [access('acc_plain', ['users:read']), access('acc_crm', ['crm:use'])].map((each) => [each.id, each]),
  ),
  rights: new Map(Object.values(rightsOf).flatMap((each) => (each ? [[each.id, each]] : []))),
  roles: new Map(
    [role('rol_calls', ['calls:make']), role('rol_lead', [], ['rol_calls'])].map((each) => [each.id, each]),
  ),
};

/** By type: with these rights, these core or type licenses; then what recording adds, and what each module adds. */
const table: Record<
  UserTypeName,
  { rights: Record<keyof typeof rightsOf, string>; recording: string; CRM: string; calls: string }
> = {
  // S0+: a contact-center user takes one core license at least, for each channel that their queues have (S0-14).
  'contact-center': {
    rights: {
      'no rights': 'voice',
      'no queue': 'voice',
      'one of voice': 'voice',
      'email and chat': 'email chat',
      'all queues': 'voice email chat sms social',
    },
    recording: 'call-recording',
    CRM: 'crm',
    calls: '',
  },
  // S0+: never a core license, whatever queues the rights list; with calls outside of queues a cloudphone.
  'back-office': {
    rights: {
      'no rights': 'back-office',
      'no queue': 'back-office',
      'one of voice': 'back-office',
      'email and chat': 'back-office',
      'all queues': 'back-office',
    },
    recording: 'call-recording',
    CRM: 'crm',
    calls: 'cloudphone',
  },
  cloudphone: {
    rights: {
      'no rights': 'cloudphone',
      'no queue': 'cloudphone',
      'one of voice': 'cloudphone',
      'email and chat': 'cloudphone',
      'all queues': 'cloudphone',
    },
    recording: 'call-recording',
    CRM: '',
    calls: '',
  },
  passive: {
    rights: { 'no rights': '', 'no queue': '', 'one of voice': '', 'email and chat': '', 'all queues': '' },
    recording: '',
    CRM: 'crm',
    calls: '',
  },
  system: {
    rights: { 'no rights': '', 'no queue': '', 'one of voice': '', 'email and chat': '', 'all queues': '' },
    recording: '',
    CRM: '',
    calls: '',
  },
  api: {
    rights: { 'no rights': '', 'no queue': '', 'one of voice': '', 'email and chat': '', 'all queues': '' },
    recording: '',
    CRM: '',
    calls: '',
  },
  'ai-coworker': {
    rights: {
      'no rights': 'ai-coworker',
      'no queue': 'ai-coworker',
      'one of voice': 'ai-coworker',
      'email and chat': 'ai-coworker',
      'all queues': 'ai-coworker',
    },
    recording: '',
    CRM: '',
    calls: '',
  },
};

const recordings = ['not said', 'off', 'from-call-start', 'after-bridged', 'after-bridged-with-transfer'] as const;

const taken = (user: Taker, by = rules) => [...consumptionOf(user, by).keys()].sort();
const words = (...texts: string[]) => texts.flatMap((text) => text.split(' ').filter(Boolean)).sort();

describe('S0-12 S0-13 S0-14 S0-36 what a user takes: type × rights × recording × modules', () => {
  const rows = userTypeNames.flatMap((userType) =>
    (Object.keys(rightsOf) as (keyof typeof rightsOf)[]).map((rights) => ({ userType, rights })),
  );
  it.each(rows)('$userType with rights to $rights', ({ userType, rights }) => {
    const row = table[userType];
    for (const said of recordings) {
      for (const [module, given] of Object.entries(modules)) {
        const user: Taker = {
          ...{ userType, state: 'active', ...given },
          rights: rightsOf[rights]?.id,
          recording: said === 'not said' ? undefined : said,
        };
        const expected = words(
          row.rights[rights],
          said === 'not said' || said === 'off' ? '' : row.recording,
          module.includes('CRM') ? row.CRM : '',
          module.includes('calls') ? row.calls : '',
        );
        expect({ said, module, taken: taken(user) }).toEqual({ said, module, taken: expected });
        for (const state of ['invited', 'deactivated'] as const) {
          const is = { ...user, state };
          expect({ state, taken: taken(is) }).toEqual({ state, taken: state === 'invited' ? expected : [] });
        }
      }
    }
  });
});

const user: Taker = {
  userType: 'contact-center',
  state: 'active',
  access: 'acc_plain',
  rights: 'rgt_voice',
  roles: [],
};

describe('why', () => {
  it('S0-14 names the rights, a queue of the channel and how many there are', () => {
    const causes = consumptionOf({ ...user, rights: 'rgt_mixed' }, rules);
    expect(causes.get('email')).toEqual([{ field: 'rights', rights: 'rgt_mixed', queue: 'que_b', queues: 2 }]);
    expect(consumptionOf({ ...user, rights: 'rgt_all' }, rules).get('sms')).toEqual([
      { field: 'rights', rights: 'rgt_all' },
    ]);
  });

  it('S0-13 names each access and role that a module comes by', () => {
    const causes = consumptionOf(
      { ...user, userType: 'back-office', access: 'acc_crm', roles: ['rol_lead', 'rol_calls'] },
      rules,
    );
    expect(causes.get('crm')).toEqual([{ field: 'access', record: 'acc_crm', permission: 'crm:use' }]);
    expect(causes.get('cloudphone')).toEqual([
      { field: 'roles', record: 'rol_lead', permission: 'calls:make' },
      { field: 'roles', record: 'rol_calls', permission: 'calls:make' },
    ]);
  });

  it('S0-12 says that the type needs one core license at least', () => {
    expect(consumptionOf({ ...user, rights: 'rgt_none' }, rules).get('voice')).toEqual([
      { field: 'type', type: 'contact-center', isMinimum: true },
    ]);
  });
});

describe('what is needed beside what is taken now', () => {
  it('C2 a queued access or rights need their seats already', () => {
    const waiting = { ...user, queued: { rights: 'rgt_mixed', by: 'usr_x', at: 0, dueAt: 0 } };
    expect(taken(waiting)).toEqual(['chat', 'email', 'voice']);
    expect(consumptionOf(waiting, rules).get('chat')).toEqual([
      { field: 'rights', rights: 'rgt_mixed', queue: 'que_d', queues: 1, isQueued: true },
    ]);
    expect(taken({ ...user, queued: { extension: '217', by: 'usr_x', at: 0, dueAt: 0 } })).toEqual(['voice']);
  });

  it('while rights are being changed, what they take before and after', () => {
    const wanted = { ...(rules.rights.get('rgt_mixed') as Rights), id: 'rgt_voice' };
    const underway = { jobId: 'job_1', phase: 'taking' as const, wanted };
    const during: Rules = { ...rules, licensing: { ...rules.licensing, underway } };
    expect([...neededBy(user, during)].sort()).toEqual(['chat', 'email', 'voice']);
    const settling: Rules = {
      ...rules,
      licensing: { ...rules.licensing, underway: { ...underway, phase: 'settling' } },
    };
    expect([...neededBy(user, settling)]).toEqual(['voice']);
    expect(taken(user, withWanted(rules, wanted))).toEqual(['chat', 'email']);
  });

  it('S0-13 being a SuperUser is no module', () => {
    expect(taken({ ...user, superUser: true } as Taker)).toEqual(['voice']);
  });
});
