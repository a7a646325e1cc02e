import type { Permission } from '#contract/permissions.ts';
import { checkStillEdits } from '#domain/grants/still-edits.ts';
import type { Access, Rights, Role } from '#domain/records/record.ts';
import type { User } from '#domain/users/user.ts';

const common = { v: 1 as const, version: 1, usedBy: 0, updatedAt: 0 };
const content = { categories: [], groups: [], databases: [], users: 'all' as const, channels: {} };
const rights = (...queues: string[]): Rights => ({
  ...{ ...common, ...content, type: 'rights', id: 'rgt_a', name: 'A', queues },
});
const access = (...permissions: Permission[]): Access => ({
  ...{ ...common, type: 'access', id: 'acc_a', name: 'A', permissions },
});
const role = (id: string, permissions: Permission[], includes: string[] = []): Role => ({
  ...{ ...common, type: 'role', id, name: id, permissions, includes },
});
const inner = role('rol_inner', ['crm:use']);
const roles = new Map([[inner.id, inner]]);

const editor = (permissions: Permission[], values: { superUser?: true; rights?: Rights } = {}) => ({
  user: { id: 'usr_a', superUser: values.superUser } as User,
  permissions: new Set(permissions),
  rights: values.rights,
});
const everything = { rights: rights('que_a', 'que_b') };

type Row = [
  what: string,
  holds: ReturnType<typeof editor>,
  before: Access | Rights | Role,
  after: Access | Rights | Role,
];

const held: Row[] = [
  ['an access', editor(['accesses:change', 'crm:use', 'users:read']), access('users:read'), access('crm:use')],
  ['rights', editor(['rights:change'], everything), rights('que_a'), rights('que_b')],
  ['rights, as a SuperUser', editor(['rights:change'], { superUser: true }), rights('que_a'), rights('que_b')],
  ['a role', editor(['roles:change', 'crm:use']), role('rol_a', []), role('rol_a', [], ['rol_inner'])],
];
const lost: Row[] = [
  ['what an access gets', editor(['accesses:change', 'users:read']), access('users:read'), access('crm:use')],
  ['what an access loses', editor(['accesses:change', 'crm:use']), access('users:read'), access('crm:use')],
  ['what rights get', editor(['rights:change'], { rights: rights('que_a') }), rights('que_a'), rights('que_b')],
  ['what rights lose', editor(['rights:change'], { rights: rights('que_b') }), rights('que_a'), rights('que_b')],
  ['rights at all', editor(['rights:change']), rights('que_a'), rights('que_b')],
  ['what a role includes', editor(['roles:change']), role('rol_a', []), role('rol_a', [], ['rol_inner'])],
  ['the permission to edit an access', editor(['roles:change']), access(), access()],
  ['the permission to edit rights', editor(['accesses:change'], everything), rights(), rights()],
  ['the permission to edit a role', editor(['rights:change']), role('rol_a', []), role('rol_a', [])],
];

describe('C12 an edit that comes into force later', () => {
  it.each(held)('is still the editor’s who holds all of it: %s', (_what, by, before, after) => {
    expect(() => checkStillEdits(by, before, after, roles)).not.toThrow();
  });

  it.each(lost)('is not any more without %s', (_what, by, before, after) => {
    expect(() => checkStillEdits(by, before, after, roles)).toThrow(
      expect.objectContaining({ code: 'caller_changed' }),
    );
  });
});
