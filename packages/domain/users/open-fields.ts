// Which fields of a user everybody sees who has the user in sight; the others need `users:read-details`.

import type { Permission } from '#contract/permissions.ts';

const open = new Set(['title', 'emoji', 'state']);

export function maySeeField({ permissions }: { permissions: ReadonlySet<Permission> }, field: string): boolean {
  return open.has(field) || permissions.has('users:read-details');
}
