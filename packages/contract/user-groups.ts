// User groups: exactly one a user; its values are inherited, and it defines profiles (S3-9, S3-16, C13).

import * as z from 'zod';
import { language, plainText, timeZone } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { newProfile, profile, profileChanges } from './profile.ts';
import { changing, creating, deleting, listing, reading, readingUsers } from './record-operations.ts';
import {
  changesSomething,
  mustChangeSomething,
  profileId,
  recordDescription,
  recordFields,
  recordName,
  userGroupId,
} from './records.ts';
import { allowedNetworks, maxSessions, sessionSeconds } from './user.ts';

const params = once(() => z.strictObject({ userGroupId: userGroupId() }));
const profileParams = once(() => params().extend({ profileId: profileId() }));

/** What a user group may say, and its users inherit where they say nothing themselves. */
const inherited = once(() => ({
  language: language(),
  timeZone: timeZone(),
  sessionSeconds: sessionSeconds().meta({
    description:
      'Absolute limit of its users’ sessions, instead of the tenant’s; for those that begin from now on (S4-21)',
  }),
  maxSessions: maxSessions().meta({
    description: 'Sessions of each of its users at a time, instead of the tenant’s (S4-22)',
  }),
  wrapUpSeconds: z.int().min(0).max(3600).meta({ description: 'Wrap-up time after a call (S3-13)' }),
  resourceFilter: plainText(200).meta({ description: 'Which resources its users see at work (S3-14)' }),
  allowedNetworks: allowedNetworks().meta({
    description:
      'Only from these networks, and those of the tenant and of each user, its users are let in; empty: from nowhere (C23, K13)',
  }),
}));

export const userGroup = once(() =>
  z
    .object({
      id: userGroupId(),
      ...recordFields(),
      ...z.object(inherited()).partial().shape,
      profiles: z
        .array(profile())
        .meta({ description: 'Group profiles, available to all its users but who has one off' }),
    })
    .meta({ id: 'UserGroup' }),
);

const newUserGroup = once(() =>
  z
    .strictObject({
      name: recordName(),
      description: recordDescription().optional(),
      ...z.object(inherited()).partial().shape,
    })
    .meta({ id: 'NewUserGroup' }),
);

const userGroupChanges = once(() =>
  z
    .strictObject({
      name: recordName().optional(),
      description: recordDescription().nullable().optional().meta({ description: 'null removes it' }),
      language: inherited().language.nullable().optional(),
      timeZone: inherited().timeZone.nullable().optional(),
      sessionSeconds: inherited().sessionSeconds.nullable().optional(),
      maxSessions: inherited().maxSessions.nullable().optional(),
      wrapUpSeconds: inherited().wrapUpSeconds.nullable().optional(),
      resourceFilter: inherited().resourceFilter.nullable().optional(),
      allowedNetworks: inherited().allowedNetworks.nullable().optional(),
    })
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'UserGroupChanges', description: 'null: as the tenant has it' }),
);

/** For who would not be let in any more themselves. */
export const forceNetworks = once(() =>
  z.strictObject({
    force: z
      .stringbool()
      .default(false)
      .meta({ description: 'true: also when your own address would not be allowed any more (K13)', type: 'boolean' }),
  }),
);

const kind = {
  path: '/user-groups',
  onePath: '/user-groups/{userGroupId}',
  read: 'user-groups:read',
  change: 'user-groups:change',
  noun: 'user-group',
} as const;

export const userGroups = domain('user-groups', {
  'list-user-groups': () => listing(kind, 'List user groups', z.object({ userGroups: z.array(userGroup()) })),
  'create-user-group': () => creating(kind, 'Create a user group', newUserGroup(), userGroup()),
  'get-user-group': () => reading(kind, 'Read a user group with its profiles', params(), userGroup()),
  'change-user-group': () => ({
    ...changing(
      kind,
      'Change a user group; what its users inherit is in force within five seconds',
      params(),
      userGroupChanges(),
      userGroup(),
      ['would_lock_yourself_out'],
    ),
    query: forceNetworks(),
  }),
  'delete-user-group': () => deleting(kind, 'Delete a user group that nobody is in; the default one stays', params()),
  'list-users-of-user-group': () => readingUsers(kind, 'Who is in the user group, of the users in sight', params()),
  'create-group-profile': () => ({
    method: 'POST',
    path: '/user-groups/{userGroupId}/profiles',
    summary: 'Add a profile to a user group; all its users may use it until it is off for one (S3-9)',
    caller: 'user-groups:change',
    params: params(),
    body: newProfile(),
    output: userGroup(),
    status: 201,
    problems: ['record_not_found', 'name_taken', 'prerequisites_missing', 'too_many_records', 'caller_changed'],
    needs: ['read', 'write', 'seal'],
    audit: 'user-group.profile-created',
  }),
  'change-group-profile': () => ({
    method: 'PATCH',
    path: '/user-groups/{userGroupId}/profiles/{profileId}',
    summary: 'Change a profile of a user group',
    caller: 'user-groups:change',
    params: profileParams(),
    body: profileChanges(),
    ifMatch: true,
    output: userGroup(),
    status: 200,
    problems: ['record_not_found', 'name_taken', 'prerequisites_missing', 'too_many_records', 'caller_changed'],
    needs: ['read', 'write'],
    audit: 'user-group.profile-changed',
  }),
  'delete-group-profile': () => ({
    method: 'DELETE',
    path: '/user-groups/{userGroupId}/profiles/{profileId}',
    summary: 'Delete a profile of a user group',
    caller: 'user-groups:change',
    params: profileParams(),
    ifMatch: true,
    output: userGroup(),
    status: 200,
    problems: ['record_not_found', 'caller_changed'],
    needs: ['read', 'write'],
    audit: 'user-group.profile-deleted',
  }),
});
