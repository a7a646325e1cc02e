// The smallest things that can be granted, named noun:verb, with what each allows in words.

export const permissionCatalogue = {
  'users:read': 'See the list of users and each user',
  'users:create': 'Create users and invite them',
  'users:change': 'Change users',
  'users:deactivate': 'Deactivate users',
} as const;

export type Permission = keyof typeof permissionCatalogue;

export const permissions = Object.keys(permissionCatalogue) as Permission[];
