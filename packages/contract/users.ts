// Users as administrators see them: create by invitation, list, search, read, change, clone, move.

import * as z from 'zod';
import { instant, page, userId } from './fields.ts';
import { licenseId } from './license-catalogue.ts';
import { licenseCause } from './license-cause.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { type Permission, permissions } from './permissions.ts';
import { namesOnce, profileId, skillId, tagId, userGroupId } from './records.ts';
import { tokenWithValue } from './token.ts';
import { listedUser, newSignature, newUser, user, userChanges } from './user.ts';
import { flag, userFilter } from './user-filter.ts';

const userParams = once(() => z.strictObject({ userId: userId() }));

/** What a clone can take over; all of it but for what is left out. */
export const clonedParts = [
  'access',
  'rights',
  'roles',
  'userGroup',
  'groups',
  'skills',
  'tags',
  'profiles',
  'secondFactor',
  'languages',
  'timeZone',
  'sessionLimits',
  'allowedNetworks',
  'recording',
  'devices',
  'calls',
  'signature',
  'steering',
  'settings',
] as const;

const clonedPart = once(() => z.enum(clonedParts));

const namedProfile = once(() => z.object({ id: profileId(), name: z.string() }));

const grantSource = once(() =>
  z.object({
    from: z.enum(['superUser', 'access', 'role']),
    id: z.string().optional(),
    name: z.string().optional(),
    through: z.string().optional().meta({ description: 'The role that includes this one' }),
  }),
);

/** What a new user can be refused for, whichever request makes them. */
const creationProblems = [
  'login_taken',
  'email_taken',
  'mobile_taken',
  'sip_username_taken',
  'number_taken',
  'forwarding_loop',
  'license_exhausted',
  'password_refused',
  'token_value_in_title',
  'session_needed',
  'prerequisites_missing',
  'grants_too_much',
  'caller_changed',
] as const;

const when = once(() =>
  z.strictObject({
    when: z.enum(['signOutNow', 'nextSignOut']).optional().meta({
      description:
        'For a change of access or rights of a signed-in user: sign them out now, or wait until they sign out (C2)',
    }),
    force: z.stringbool().default(false).meta({
      description: 'true: also when your own address would not be allowed any more (K13)',
      type: 'boolean',
    }),
  }),
);

export const users = domain('users', {
  'list-users': () => ({
    method: 'GET',
    path: '/users',
    summary: 'List users in sight, or search them, page by page',
    caller: 'users:read',
    query: userFilter().extend({
      ...page(),
      sort: z
        .enum(['title', '-title', 'login', '-login', 'lastSignIn', '-lastSignIn'])
        .default('title')
        .meta({ description: 'Order; - turns it round. Results of a search are in order of the word that was found' }),
    }),
    output: z.object({
      users: z.array(listedUser()),
      next: z
        .string()
        .optional()
        .meta({ description: 'Cursor of the next page; a page may hold fewer than asked for' }),
    }),
    status: 200,
    problems: ['invalid_cursor'],
    needs: ['read', 'write', 'seal'],
    audit: null,
  }),
  'create-user': () => ({
    method: 'POST',
    path: '/users',
    summary: 'Create a user; who can sign in gets an invite by mail, without a password (S3-7)',
    caller: 'users:create',
    body: newUser(),
    output: user().extend({ apiToken: tokenWithValue().optional() }),
    status: 201,
    problems: creationProblems,
    needs: ['read', 'write', 'seal', 'hash'],
    audit: 'user.created',
  }),
  'get-user': () => ({
    method: 'GET',
    path: '/users/{userId}',
    summary: 'Read a user',
    caller: 'users:read',
    params: userParams(),
    output: user(),
    status: 200,
    problems: ['user_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'change-user': () => ({
    method: 'PATCH',
    path: '/users/{userId}',
    summary: 'Change the fields that the body names',
    caller: 'users:change',
    params: userParams(),
    query: when(),
    body: userChanges(),
    ifMatch: true,
    output: user(),
    status: 200,
    problems: [
      'user_deactivated',
      'user_not_found',
      'email_taken',
      'license_exhausted',
      'mobile_taken',
      'sip_username_taken',
      'number_taken',
      'forwarding_loop',
      'last_superuser',
      'would_lock_yourself_out',
      'reauthentication_needed',
      'outranked',
      'prerequisites_missing',
      'grants_too_much',
      'user_signed_in',
      'caller_changed',
    ],
    needs: ['read', 'write', 'seal'],
    audit: 'user.changed',
  }),
  'sign-out-user': () => ({
    method: 'POST',
    path: '/users/{userId}/sign-out',
    summary: 'End all sessions of a user',
    caller: 'users:change',
    params: userParams(),
    output: null,
    status: 204,
    problems: ['user_not_found', 'outranked', 'caller_changed'],
    needs: ['read', 'write', 'seal'],
    audit: 'user.signed-out',
  }),
  'invite-user': () => ({
    method: 'POST',
    path: '/users/{userId}/invite',
    summary: 'Invite again; the link before is dead',
    caller: 'users:create',
    params: userParams(),
    output: user(),
    status: 200,
    problems: ['user_not_found', 'not_invitable', 'outranked', 'caller_changed'],
    needs: ['read', 'write', 'seal'],
    audit: 'user.invited',
  }),
  'get-user-permissions': () => ({
    method: 'GET',
    path: '/users/{userId}/permissions',
    summary: 'What a user may do, where each permission comes from, and what would grant the others',
    caller: 'users:read-details',
    params: userParams(),
    output: z.object({
      permissions: z.array(
        z.object({
          name: z.enum(permissions as [Permission, ...Permission[]]),
          granted: z.boolean(),
          from: z.array(grantSource()).meta({ description: 'What grants it; empty when nothing does' }),
          wouldGrant: z
            .array(grantSource())
            .meta({ description: 'Accesses and roles that hold it, for one that is not granted' }),
        }),
      ),
    }),
    status: 200,
    problems: ['user_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'preview-clone': () => ({
    method: 'GET',
    path: '/users/{userId}/clone',
    summary: 'What a clone of the user would take over, part by part, and what it never does (S0-6)',
    caller: 'users:create',
    params: userParams(),
    output: z.object({
      parts: z.array(
        z.object({
          part: clonedPart(),
          values: z.record(z.string(), z.unknown()).optional().meta({
            description: 'Fields that it stands for, with their values; needs `users:read-details`',
          }),
        }),
      ),
      never: z.array(z.string()).meta({ description: 'What no clone takes over' }),
      licenses: z
        .array(
          z.object({
            license: licenseId(),
            name: z.string(),
            isFree: z.boolean().meta({ description: 'A seat is free at this moment' }),
            causes: z.array(licenseCause()).optional().meta({ description: 'Why; needs `users:read-details`' }),
          }),
        )
        .meta({ description: 'What the clone will take, with all parts taken over' }),
    }),
    status: 200,
    problems: ['user_not_found', 'user_deactivated'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'clone-user': () => ({
    method: 'POST',
    path: '/users/{userId}/clone',
    summary: 'Create a user like this one, in every relation that this one is in (S0-6)',
    caller: 'users:create',
    params: userParams(),
    body: newUser()
      .partial()
      .required({ title: true, login: true })
      .omit({ type: true })
      .extend({
        without: z
          .array(clonedPart())
          .max(clonedParts.length)
          .refine(...namesOnce)
          .default([])
          .meta({ description: 'Parts that are not taken over' }),
      })
      .meta({ id: 'CloneOfUser', description: 'What it says itself stands instead of what the other has' }),
    output: user().extend({ apiToken: tokenWithValue().optional() }),
    status: 201,
    problems: ['user_not_found', 'user_deactivated', ...creationProblems],
    needs: ['read', 'write', 'seal', 'hash'],
    audit: 'user.cloned',
  }),
  'move-user': () => ({
    method: 'POST',
    path: '/users/{userId}/move',
    summary: 'Move to another user group; own values and filters stay (S3-12…S3-14, C15)',
    caller: 'users:change',
    params: userParams(),
    query: z.strictObject({
      when: z.enum(['signOutNow']).optional().meta({ description: 'For who is signed in: sign them out for it (C2)' }),
      dryRun: flag('true: only say what would change'),
      force: flag('true: also when your own address would not be allowed any more (K13)'),
    }),
    body: z.strictObject({ userGroup: userGroupId() }),
    output: z.object({
      user: user(),
      becomes: z
        .array(z.object({ field: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }))
        .meta({ description: 'Inherited values that become otherwise; the values need `users:read-details`' }),
      stays: z
        .array(z.object({ field: z.string(), value: z.unknown().optional() }))
        .meta({ description: 'The user’s own values, which the move does not touch (S3-13, S3-14)' }),
      profiles: z
        .object({ lost: z.array(namedProfile()), gained: z.array(namedProfile()) })
        .meta({ description: 'Group profiles that the user can use no longer, and from now on; the user is told' }),
      endsSessions: z.boolean().meta({ description: 'The user is signed out by it' }),
    }),
    status: 200,
    problems: [
      'user_not_found',
      'user_deactivated',
      'already_in_user_group',
      'logged_on_to_queue',
      'user_signed_in',
      'prerequisites_missing',
      'would_lock_yourself_out',
      'outranked',
      'caller_changed',
    ],
    needs: ['read', 'write', 'seal'],
    audit: 'user.moved',
  }),
  'get-effective-settings': () => ({
    method: 'GET',
    path: '/users/{userId}/effective-settings',
    summary: 'What is in force for a user, and for each value where it comes from: tenant, user group or user (S3-16)',
    caller: 'users:read-details',
    params: userParams(),
    output: z.object({
      userGroup: z.object({ id: userGroupId(), name: z.string() }),
      settings: z.array(
        z.object({
          field: z.string(),
          value: z.unknown().optional().meta({ description: 'In force; absent: nobody says anything' }),
          from: z
            .enum(['tenant', 'userGroup', 'user', 'system'])
            .meta({ description: 'system: the user’s own computer, for an automatic time zone (S0-27)' }),
          own: z.unknown().optional().meta({ description: 'As the user has it; absent: inherited' }),
          inherited: z
            .object({ value: z.unknown().optional(), from: z.enum(['tenant', 'userGroup', 'system']) })
            .meta({ description: 'What it would be without the user’s own value: PATCH it to null for that' }),
        }),
      ),
      allowedNetworks: z
        .array(z.object({ from: z.enum(['tenant', 'userGroup', 'user']), networks: z.array(z.string()) }))
        .meta({ description: 'Lists in force; each of them must let an address in (C23)' }),
      profiles: z.array(namedProfile().extend({ from: z.enum(['userGroup', 'user']) })),
      tags: z.array(z.object({ id: tagId(), name: z.string() })),
      skills: z.array(z.object({ id: skillId(), name: z.string(), level: z.int().optional() })),
    }),
    status: 200,
    problems: ['user_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'get-user-history': () => ({
    method: 'GET',
    path: '/users/{userId}/history',
    summary: 'What was changed of a user, field by field, newest first',
    caller: 'audit:read',
    params: userParams(),
    query: z.strictObject({
      ...page(),
      field: z.string().max(40).optional().meta({ description: 'Only changes of this field' }),
      from: instant().optional().meta({ description: 'Default: 30 days before `to`' }),
      to: instant().optional().meta({ description: 'Default: now' }),
    }),
    output: z.object({
      changes: z.array(
        z.object({
          at: instant(),
          event: z.string(),
          actor: z.string(),
          actorTitle: z.string().optional(),
          field: z.string().optional().meta({ description: 'Absent for an event that changed no field' }),
          before: z.unknown().optional(),
          after: z.unknown().optional(),
        }),
      ),
      next: z.string().optional(),
    }),
    status: 200,
    problems: ['user_not_found', 'invalid_cursor', 'range_too_long'],
    needs: ['read', 'write', 'seal'],
    audit: null,
  }),
  'set-user-signature': () => ({
    method: 'PUT',
    path: '/users/{userId}/signature',
    summary: 'Set the signature below the user’s emails: HTML, of which only formatting is kept (S0-30, S1-17, K8)',
    caller: 'users:change',
    params: userParams(),
    body: newSignature(),
    ifMatch: true,
    output: user(),
    status: 200,
    problems: ['user_not_found', 'outranked', 'caller_changed'],
    needs: ['read', 'write'],
    audit: 'user.changed',
  }),
});
