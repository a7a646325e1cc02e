// What a fresh tenant starts with: accesses, rights and roles that administrators may change or delete like any other.

import { permissions } from '#contract/permissions.ts';
import type { GrantRecord } from './record.ts';

export function builtIn(now: number): GrantRecord[] {
  const common = { v: 1 as const, version: 1, usedBy: 0, updatedAt: now };
  const nothing = { queues: [], categories: [], groups: [], databases: [] };
  const everything = { queues: 'all', categories: 'all', groups: 'all', databases: 'all', users: 'all' } as const;
  return [
    {
      ...common,
      type: 'access',
      id: 'acc_administrator',
      name: 'Administrator',
      description: 'Users with all sub-modules, settings and audit',
      permissions,
    },
    {
      ...common,
      type: 'access',
      id: 'acc_supervisor',
      name: 'Supervisor',
      description: 'Sees the users in sight, changes nobody',
      permissions: ['users:read', 'users:read-details'],
    },
    {
      ...common,
      type: 'access',
      id: 'acc_agent',
      name: 'Agent',
      description: 'Their own profile',
      permissions: ['users:read'],
    },
    {
      ...common,
      type: 'rights',
      id: 'rgt_everything',
      name: 'Everything',
      description: 'All content, all users',
      ...everything,
    },
    {
      ...common,
      type: 'rights',
      id: 'rgt_own',
      name: 'Own',
      description: 'No content, nobody but oneself',
      ...nothing,
      users: { types: [], rights: [], ids: [] },
    },
    {
      ...common,
      type: 'role',
      id: 'rol_auditor',
      name: 'Auditor',
      description: 'Reads the audit, beside whatever their access allows',
      permissions: ['audit:read'],
      includes: [],
    },
  ];
}
