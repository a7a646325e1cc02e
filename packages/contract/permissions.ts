// The smallest things that can be granted, named noun:verb. Each belongs to a sub-module of a module (S0-13), and says in
// words what it allows. Accesses and roles are made of them.

interface PermissionText {
  module: string;
  subModule: string;
  allows: string;
  /** Asked for by the contact-center platform, and by no operation of ours: `GET /v1/me` tells it. */
  ofPlatform?: true;
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
  'users:deactivate': {
    module: 'Users',
    subModule: 'List of users',
    allows: 'Deactivate users in sight, and restore them',
  },
  'users:delete': { module: 'Users', subModule: 'List of users', allows: 'Delete users in sight' },
  'groups:read': {
    module: 'Users',
    subModule: 'Groups',
    allows: 'See groups, and who of the users in sight is in them',
  },
  'groups:change': { module: 'Users', subModule: 'Groups', allows: 'Create, change and delete groups' },
  'user-groups:read': {
    module: 'Users',
    subModule: 'User groups',
    allows: 'See user groups and their profiles, and who of the users in sight is in them',
  },
  'user-groups:change': {
    module: 'Users',
    subModule: 'User groups',
    allows: 'Create, change and delete user groups and their profiles',
  },
  'skills:read': { module: 'Users', subModule: 'Skills', allows: 'See skills, and who of the users in sight has them' },
  'skills:change': { module: 'Users', subModule: 'Skills', allows: 'Create, change and delete skills' },
  'tags:read': { module: 'Users', subModule: 'Tags', allows: 'See tags, and who of the users in sight has them' },
  'tags:change': { module: 'Users', subModule: 'Tags', allows: 'Create, change and delete tags' },
  'queues:read': { module: 'Queues', subModule: 'Queues', allows: 'See queues, and how many rights name each' },
  'queues:change': { module: 'Queues', subModule: 'Queues', allows: 'Create, change and delete queues' },
  'devices:read': {
    module: 'Telephony',
    subModule: 'Devices',
    allows: 'See devices, and who of the users in sight has them',
  },
  'devices:change': { module: 'Telephony', subModule: 'Devices', allows: 'Create, change and delete devices' },
  'trunks:read': { module: 'Telephony', subModule: 'Trunks', allows: 'See SIP trunks and caller IDs' },
  'trunks:change': {
    module: 'Telephony',
    subModule: 'Trunks',
    allows: 'Create, change and delete SIP trunks and caller IDs',
  },
  'routing:read': {
    module: 'Telephony',
    subModule: 'Routing',
    allows: 'Ask how calls of all users are routed, presented and recorded; for the telephony platform',
  },
  'telephone:log-on': {
    module: 'Telephony',
    subModule: 'Routing',
    allows:
      'Log users on to queues and off by their numeric ID and PIN; for the telephony platform, with an API token only',
  },
  'realtime:read': {
    module: 'Realtime',
    subModule: 'Realtime panel',
    allows: 'See who of the users in sight is signed in, logged on and on a call',
  },
  'realtime:change': {
    module: 'Realtime',
    subModule: 'Realtime panel',
    allows: 'Close activities of users in sight, and log them out',
  },
  'numbers:read': {
    module: 'Users',
    subModule: 'Numbers',
    allows: 'See which numeric IDs and extensions are used, free and reserved',
  },
  'work:read': {
    module: 'Work',
    subModule: 'Work under way',
    allows: 'See activities, campaign records and queue log-ons of users in sight',
  },
  'work:change': {
    module: 'Work',
    subModule: 'Work under way',
    allows: 'Keep activities, campaign records and queue log-ons up to date; for the contact-center platform',
  },
  'pictures:read': {
    module: 'Users',
    subModule: 'Pictures',
    allows:
      'Show customers in webchat names and pictures of users in sight, as the settings say; with an API token only',
  },
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
  'licenses:read': {
    module: 'Licensing',
    subModule: 'Licenses',
    allows: 'See licenses, who uses them and why, what they cost, and their history, of all users',
  },
  'calls:make': {
    module: 'Platform',
    subModule: 'Calls',
    allows: 'Call without a queue',
    ofPlatform: true,
  },
  'crm:use': { module: 'Platform', subModule: 'CRM', allows: 'Work in the CRM', ofPlatform: true },
  'quality:use': {
    module: 'Platform',
    subModule: 'Quality management',
    allows: 'Review and rate conversations',
    ofPlatform: true,
  },
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

/** Modules of Roster itself; the others belong to the platform, and may take licenses. */
export const ownPermissions = permissions.filter((name) => !('ofPlatform' in permissionCatalogue[name]));

export function isPermission(name: string): name is Permission {
  return Object.hasOwn(permissionCatalogue, name);
}
