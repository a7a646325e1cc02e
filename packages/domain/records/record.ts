// The records that users have, as they are kept: accesses, rights, roles, user groups, groups, skills, tags and devices; the queues
// that rights and targets name; SIP trunks and caller IDs. Those that decide about requests stand in one partition, so that one read brings them all.

import * as z from 'zod';
import { channels } from '#contract/channels.ts';
import { deviceKinds } from '#contract/device-kinds.ts';
import { once } from '#contract/once.ts';
import type { Permission } from '#contract/permissions.ts';
import { queueOfCalls } from '#contract/telephony.ts';
import { recording, userTypeNames } from '#contract/user-types.ts';
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
    /**
     * The channels of the queues named, for whoever wants to know which licenses follow: the first queue of each, in the order
     * given, and how many there are. Stays true, as no queue changes its channel. Of all queues, and of none: empty.
     */
    channels: z.partialRecord(z.enum(channels), z.object({ queue: z.string(), count: z.number() })).default({}),
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
export const queueItem = once(() =>
  z.object({
    type: z.literal('queue'),
    ...common(),
    channel: z.enum(channels),
    /** Absent: off. */
    recording: recording().optional(),
    recordingControl: z.boolean().optional(),
    outgoingNumbers: z.array(z.string()).optional(),
    /** How many rights name it: moved in the rights' own transactions. */
    namedBy: z.number(),
  }),
);

export const deviceItem = once(() =>
  z.object({ type: z.literal('device'), ...common(), kind: z.enum(deviceKinds), address: z.string() }),
);
export const trunkItem = once(() =>
  z.object({ type: z.literal('trunk'), ...common(), outgoingNumbers: z.array(z.string()) }),
);
export const callerIdsItem = once(() =>
  z.object({
    type: z.literal('caller-ids'),
    ...common(),
    prefixes: z.array(z.string()),
    outgoingNumbers: z.array(z.string()),
  }),
);

export type Access = z.output<ReturnType<typeof accessItem>>;
export type Role = z.output<ReturnType<typeof roleItem>>;
export type Rights = z.output<ReturnType<typeof rightsItem>>;

export type UserGroup = z.output<ReturnType<typeof userGroupItem>>;
export type Group = z.output<ReturnType<typeof groupItem>>;
export type Skill = z.output<ReturnType<typeof skillItem>>;
export type Tag = z.output<ReturnType<typeof tagItem>>;
export type Queue = z.output<ReturnType<typeof queueItem>>;
export type Device = z.output<ReturnType<typeof deviceItem>>;
export type Trunk = z.output<ReturnType<typeof trunkItem>>;
export type CallerIds = z.output<ReturnType<typeof callerIdsItem>>;

export interface KnownRecords {
  access: Access;
  rights: Rights;
  role: Role;
  'user-group': UserGroup;
  group: Group;
  skill: Skill;
  tag: Tag;
  queue: Queue;
  device: Device;
  trunk: Trunk;
  'caller-ids': CallerIds;
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
  queue: queueItem,
  device: deviceItem,
  trunk: trunkItem,
  'caller-ids': callerIdsItem,
};

export const idPrefix: Record<RecordKind, string> = {
  access: 'acc',
  rights: 'rgt',
  role: 'rol',
  'user-group': 'ugr',
  group: 'grp',
  skill: 'skl',
  tag: 'tag',
  queue: 'que',
  device: 'dev',
  trunk: 'trk',
  'caller-ids': 'cid',
};

/** The user group of whoever has been given none: who works without user groups never meets another (C13). */
export const defaultUserGroup = 'ugr_default';

/** The other records that it names: a role those that it includes, rights queues and those whose users they show, a user group the skills of its profiles. */
export function namesOf(record: KnownRecord): { kind: RecordKind; id: string }[] {
  const named = idsNamedBy(record).flatMap(({ kind, ids }) => ids.map((id) => [id, { kind, id }] as const));
  return [...new Map(named).values()].filter(({ id }) => id !== record.id);
}

function idsNamedBy(record: KnownRecord): { kind: RecordKind; ids: readonly string[] }[] {
  if (record.type === 'role') return [{ kind: 'role', ids: record.includes }];
  if (record.type === 'user-group') return [{ kind: 'skill', ids: skillsOf(record.profiles) }];
  if (record.type !== 'rights') return [];
  return [
    { kind: 'queue', ids: record.queues === 'all' ? [] : record.queues.filter(isQueueId) },
    { kind: 'rights', ids: record.users === 'all' ? [] : record.users.rights },
  ];
}

/** Rights of before there were records of queues may hold names of the platform, which name none of them; a target may be a number. */
export function isQueueId(name: string): boolean {
  return name.startsWith(`${idPrefix.queue}_`);
}

/** What is kept for rules alone; of what no user has, that none has it. */
const notShown: { [Kind in RecordKind]?: keyof KnownRecords[Kind] } = {
  rights: 'channels',
  queue: 'usedBy',
  trunk: 'usedBy',
  'caller-ids': 'usedBy',
};

/** What holds of the calls of a queue that nobody has said anything of. */
const ofCalls = { recording: 'off', recordingControl: false, outgoingNumbers: [] };

const isOfCalls = (record: KnownRecord) => record.type === 'queue' && record.channel === queueOfCalls;

/** The record as the API shows it. */
export function shown<R extends KnownRecord>(record: R) {
  const { type, v: _v, updatedAt, ...fields } = record;
  const hidden = notShown[type];
  const kept = Object.fromEntries(Object.entries(fields).filter(([field]) => field !== hidden)) as typeof fields;
  return { ...(isOfCalls(record) && ofCalls), ...kept, updatedAt: new Date(updatedAt).toISOString() };
}
