// The records that users have, as they are kept: accesses, rights, roles, user groups, groups, skills and tags. Those that decide
// about requests stand in one partition, so that one read brings them all.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import type { Permission } from '#contract/permissions.ts';
import { userTypeNames } from '#contract/user-types.ts';
import type { RecordKind } from '#table/keys.ts';
import { profileItem, skillsOf } from '../profiles/profile.ts';

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

export const userGroupItem = once(() =>
  z.object({
    type: z.literal('user-group'),
    ...common(),
    /** What its users inherit; absent: the tenant's. */
    language: z.string().optional(),
    timeZone: z.string().optional(),
    sessionSeconds: z.number().optional(),
    maxSessions: z.number().optional(),
    wrapUpSeconds: z.number().optional(),
    resourceFilter: z.string().optional(),
    /** Beside those of tenant and user (C23): all three must let an address in. */
    allowedNetworks: z.array(z.string()).optional(),
    profiles: z.array(profileItem()),
  }),
);
export const groupItem = once(() => z.object({ type: z.literal('group'), ...common() }));
export const skillItem = once(() => z.object({ type: z.literal('skill'), ...common() }));
export const tagItem = once(() => z.object({ type: z.literal('tag'), ...common() }));

export type Access = z.output<ReturnType<typeof accessItem>>;
export type Role = z.output<ReturnType<typeof roleItem>>;
export type Rights = z.output<ReturnType<typeof rightsItem>>;

export type UserGroup = z.output<ReturnType<typeof userGroupItem>>;
export type Group = z.output<ReturnType<typeof groupItem>>;
export type Skill = z.output<ReturnType<typeof skillItem>>;
export type Tag = z.output<ReturnType<typeof tagItem>>;

export interface KnownRecords {
  access: Access;
  rights: Rights;
  role: Role;
  'user-group': UserGroup;
  group: Group;
  skill: Skill;
  tag: Tag;
}
export type KnownRecord<Kind extends RecordKind = RecordKind> = KnownRecords[Kind];

export const recordSchemas = {
  access: accessItem,
  rights: rightsItem,
  role: roleItem,
  'user-group': userGroupItem,
  group: groupItem,
  skill: skillItem,
  tag: tagItem,
};

export const idPrefix: Record<RecordKind, string> = {
  access: 'acc',
  rights: 'rgt',
  role: 'rol',
  'user-group': 'ugr',
  group: 'grp',
  skill: 'skl',
  tag: 'tag',
};

/** The user group of whoever has been given none: who works without user groups never meets another (C13). */
export const defaultUserGroup = 'ugr_default';

/** The other records that it names: a role those that it includes, rights those whose users they show, a user group the skills of its profiles. */
export function namesOf(record: KnownRecord): { kind: RecordKind; id: string }[] {
  const kind = record.type === 'user-group' ? 'skill' : record.type;
  return [...new Set(idsNamedBy(record))].filter((id) => id !== record.id).map((id) => ({ kind, id }));
}

function idsNamedBy(record: KnownRecord): string[] {
  if (record.type === 'role') return record.includes;
  if (record.type === 'user-group') return skillsOf(record.profiles);
  return record.type === 'rights' && record.users !== 'all' ? record.users.rights : [];
}

/** The record as the API shows it. */
export function shown<R extends KnownRecord>({ type: _type, v: _v, updatedAt, ...fields }: R) {
  return { ...fields, updatedAt: new Date(updatedAt).toISOString() };
}
