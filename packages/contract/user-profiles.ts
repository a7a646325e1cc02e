// Profiles of one user: those of the user group, each on or off for them (S3-9), and personal ones (S3-10).

import * as z from 'zod';
import { userId, version } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { newProfile, profile, profileChanges } from './profile.ts';
import { namesOnce, profileId } from './records.ts';

const params = once(() => z.strictObject({ userId: userId() }));
const profileParams = once(() => params().extend({ profileId: profileId() }));

const profilesOfUser = once(() =>
  z
    .object({
      version: version(),
      group: z.array(profile().extend({ available: z.boolean() })).meta({ description: 'Of the user group' }),
      personal: z.array(profile()).meta({ description: 'Of this user alone' }),
    })
    .meta({ id: 'ProfilesOfUser' }),
);

export const userProfiles = domain('user-profiles', {
  'list-profiles-of-user': () => ({
    method: 'GET',
    path: '/users/{userId}/profiles',
    summary: 'Which profiles a user has: those of the user group, on or off, and personal ones',
    caller: 'users:read-details',
    params: params(),
    output: profilesOfUser(),
    status: 200,
    problems: ['user_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'choose-profiles-of-user': () => ({
    method: 'PUT',
    path: '/users/{userId}/profiles',
    summary: 'Choose which profiles of the user group a user may use (S3-9)',
    caller: 'users:change',
    params: params(),
    body: z.strictObject({
      available: z
        .array(profileId())
        .max(50)
        .refine(...namesOnce)
        .meta({ description: 'Ids of the group profiles that are on; the others are off' }),
    }),
    ifMatch: true,
    output: profilesOfUser(),
    status: 200,
    problems: ['user_not_found', 'outranked', 'prerequisites_missing', 'caller_changed'],
    needs: ['read', 'write'],
    audit: 'user.profiles-chosen',
  }),
  'create-personal-profile': () => ({
    method: 'POST',
    path: '/users/{userId}/profiles',
    summary: 'Add a personal profile (S3-10)',
    caller: 'users:change',
    params: params(),
    body: newProfile(),
    output: profilesOfUser(),
    status: 201,
    problems: [
      'user_not_found',
      'outranked',
      'name_taken',
      'prerequisites_missing',
      'too_many_records',
      'caller_changed',
    ],
    needs: ['read', 'write', 'seal'],
    audit: 'user.profile-created',
  }),
  'change-personal-profile': () => ({
    method: 'PATCH',
    path: '/users/{userId}/profiles/{profileId}',
    summary: 'Change a personal profile',
    caller: 'users:change',
    params: profileParams(),
    body: profileChanges(),
    ifMatch: true,
    output: profilesOfUser(),
    status: 200,
    problems: [
      'user_not_found',
      'outranked',
      'record_not_found',
      'name_taken',
      'prerequisites_missing',
      'too_many_records',
      'caller_changed',
    ],
    needs: ['read', 'write'],
    audit: 'user.profile-changed',
  }),
  'delete-personal-profile': () => ({
    method: 'DELETE',
    path: '/users/{userId}/profiles/{profileId}',
    summary: 'Delete a personal profile',
    caller: 'users:change',
    params: profileParams(),
    ifMatch: true,
    output: profilesOfUser(),
    status: 200,
    problems: ['user_not_found', 'outranked', 'record_not_found', 'caller_changed'],
    needs: ['read', 'write'],
    audit: 'user.profile-deleted',
  }),
});
