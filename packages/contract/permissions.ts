// The smallest things that can be granted, named noun:verb. Each belongs to a sub-module of a module (S0-13), and says in
// words what it allows. Accesses and roles are made of them.

interface PermissionText {
  module: string;
  subModule: string;
  allows: string;
}

export const permissionCatalogue = {
  'users:read': {
    module: 'Users',
    subModule: 'List of users',
    allows: 'See titles, types and states of users in sight',
  },
  'users:read-details': {
    module: 'Users',
    subModule: 'List of users',
    allows: 'See logins, addresses, factors, access and rights of users in sight',
  },
  'users:create': { module: 'Users', subModule: 'List of users', allows: 'Create users and invite them' },
  'users:change': { module: 'Users', subModule: 'List of users', allows: 'Change users in sight and sign them out' },
  'users:deactivate': { module: 'Users', subModule: 'List of users', allows: 'Deactivate users in sight' },
  'tokens:read': {
    module: 'Users',
    subModule: 'API tokens',
    allows: 'See the API tokens of users in sight, never their values',
  },
  'tokens:change': {
    module: 'Users',
    subModule: 'API tokens',
    allows: 'Create, import, change and delete API tokens of users in sight',
  },
  'accesses:read': {
    module: 'Users',
    subModule: 'Accesses',
    allows: 'See accesses, who of the users in sight has them, and what can be granted',
  },
  'accesses:change': { module: 'Users', subModule: 'Accesses', allows: 'Create, change and delete accesses' },
  'rights:read': { module: 'Users', subModule: 'Rights', allows: 'See rights, and who of the users in sight has them' },
  'rights:change': { module: 'Users', subModule: 'Rights', allows: 'Create, change and delete rights' },
  'roles:read': { module: 'Users', subModule: 'Roles', allows: 'See roles, and who of the users in sight has them' },
  'roles:change': { module: 'Users', subModule: 'Roles', allows: 'Create, change and delete roles' },
  'settings:read': { module: 'Tenant', subModule: 'Settings', allows: 'See the settings' },
  'settings:change': { module: 'Tenant', subModule: 'Settings', allows: 'Change the settings' },
  'audit:read': {
    module: 'Tenant',
    subModule: 'Audit',
    allows: 'Read who changed what, with the values before and after, of all users',
  },
} as const satisfies Record<string, PermissionText>;

export type Permission = keyof typeof permissionCatalogue;

export const permissions = Object.keys(permissionCatalogue) as Permission[];

export function isPermission(name: string): name is Permission {
  return Object.hasOwn(permissionCatalogue, name);
}
