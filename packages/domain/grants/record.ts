// An access, rights or a role as it is kept. All stand in one partition, so that one read brings every definition.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import type { Permission } from '#contract/permissions.ts';
import { userTypeNames } from '#contract/user-types.ts';
import type { GrantKind } from '#table/keys.ts';

const common = once(() => ({
  v: z.literal(1),
  id: z.string(),
  version: z.number(),
  name: z.string(),
  description: z.string().optional(),
  /** How many users have it, or will have it: moved in the users' own transactions. */
  usedBy: z.number(),
  updatedAt: z.number(),
}));

const content = once(() => z.union([z.literal('all'), z.array(z.string())]));

export const accessItem = once(() =>
  z.object({ type: z.literal('access'), ...common(), permissions: z.array(z.custom<Permission>()) }),
);
export const roleItem = once(() =>
  z.object({
    type: z.literal('role'),
    ...common(),
    permissions: z.array(z.custom<Permission>()),
    includes: z.array(z.string()),
  }),
);
export const rightsItem = once(() =>
  z.object({
    type: z.literal('rights'),
    ...common(),
    queues: content(),
    categories: content(),
    groups: content(),
    databases: content(),
    users: z.union([
      z.literal('all'),
      z.object({ types: z.array(z.enum(userTypeNames)), rights: z.array(z.string()), ids: z.array(z.string()) }),
    ]),
  }),
);

export type Access = z.output<ReturnType<typeof accessItem>>;
export type Role = z.output<ReturnType<typeof roleItem>>;
export type Rights = z.output<ReturnType<typeof rightsItem>>;

export interface GrantRecords {
  access: Access;
  rights: Rights;
  role: Role;
}
export type GrantRecord<Kind extends GrantKind = GrantKind> = GrantRecords[Kind];

export const grantSchemas = { access: accessItem, rights: rightsItem, role: roleItem };

export const idPrefix: Record<GrantKind, string> = { access: 'acc', rights: 'rgt', role: 'rol' };

/** The other records of its kind that it names: a role those that it includes, rights those whose users they show. */
export function namesOf(record: GrantRecord): string[] {
  const named = record.type === 'role' ? record.includes : rightsNamedBy(record);
  return [...new Set(named)].filter((id) => id !== record.id);
}

function rightsNamedBy(record: GrantRecord): string[] {
  return record.type === 'rights' && record.users !== 'all' ? record.users.rights : [];
}

/** The record as the API shows it. */
export function shown<R extends GrantRecord>({ type: _type, v: _v, updatedAt, ...fields }: R) {
  return { ...fields, updatedAt: new Date(updatedAt).toISOString() };
}
