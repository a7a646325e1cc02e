// What a fresh tenant starts with: accesses, rights and roles that administrators may change or delete like any other.

import { ownPermissions } from '#contract/permissions.ts';
import { builtInKey } from '#table/keys.ts';
import { absent, put } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { defaultUserGroup, type KnownRecord } from '../records/record.ts';
import * as records from '../records/records.ts';

export function builtIn(now: number): KnownRecord[] {
  const common = { v: 1 as const, version: 1, usedBy: 0, updatedAt: now };
  const nothing = { queues: [], channels: {}, categories: [], groups: [], databases: [] };
  const content = { queues: 'all', channels: {}, categories: 'all', groups: 'all', databases: 'all' } as const;
  return [
    {
      ...common,
      type: 'access',
      id: 'acc_administrator',
      name: 'Administrator',
      description: 'All that Roster does: users, telephony, licenses, settings, audit',
      permissions: ownPermissions,
    },
    {
      ...common,
      type: 'access',
      id: 'acc_supervisor',
      name: 'Supervisor',
      description: 'Sees the users in sight, closes their work and logs them out; edits nobody',
      permissions: ['users:read', 'users:read-details', 'realtime:read', 'realtime:change'],
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
      ...content,
      users: 'all',
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
    {
      ...common,
      type: 'user-group',
      id: defaultUserGroup,
      name: 'Default',
      description: 'Whoever has been given no other user group',
      profiles: [],
    },
  ];
}

/** Makes those that never were there. */
export async function makeBuiltIn(deps: Deps): Promise<void> {
  for (const record of builtIn(deps.now())) await makeOnce(deps, record);
}

/** A built-in record that was deleted or renamed is the tenant's own decision; only what never was there is made. */
async function makeOnce(deps: Deps, record: KnownRecord): Promise<void> {
  const mark = put(
    { ...builtInKey(record.id), type: 'built-in', v: 1 },
    { if: absent, otherwise: () => new MadeBefore() },
  );
  try {
    await deps.table.transact([mark, ...records.creation(record)]);
  } catch (error) {
    if (!(error instanceof MadeBefore)) throw error;
  }
}

class MadeBefore extends Error {
  override readonly name = 'MadeBefore';
}
