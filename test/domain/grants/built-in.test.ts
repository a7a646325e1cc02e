import { ownPermissions, type Permission } from '#contract/permissions.ts';
import { builtIn } from '#domain/grants/built-in.ts';
import type { Access } from '#domain/records/record.ts';

const access = (id: string) => builtIn(0).find((record) => record.id === id) as Access;

describe('built-in accesses', () => {
  it('S1-31 let a supervisor close activities and log users out, and edit nobody', () => {
    const { permissions } = access('acc_supervisor');
    expect(permissions).toEqual(expect.arrayContaining<Permission>(['realtime:read', 'realtime:change']));
    const others = permissions.filter((permission) => !permission.startsWith('realtime:'));
    expect(others.filter((permission) => !/:read(-details)?$/.test(permission))).toEqual([]);
  });

  it('let an administrator do all that Roster itself does', () => {
    expect(new Set(access('acc_administrator').permissions)).toEqual(new Set(ownPermissions));
  });
});
