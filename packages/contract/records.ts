// What accesses, rights, roles, user groups, groups, skills, tags, queues, devices, trunks and caller IDs have in common: ids, names, and the shapes that their operations share.

import * as z from 'zod';
import { instant, page, plainText, userId, version } from './fields.ts';
import { once } from './once.ts';
import { isPermission, type Permission, permissions } from './permissions.ts';
import { userType } from './user-types.ts';

const recordId = (prefix: string, what: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[a-z0-9]{3,24}$`), `must be an id of the form ${prefix}_…`)
    .meta({ description: `Id of ${what}`, example: `${prefix}_0123456789ab` });

export const accessId = once(() => recordId('acc', 'an access'));
export const rightsId = once(() => recordId('rgt', 'rights'));
export const roleId = once(() => recordId('rol', 'a role'));
export const userGroupId = once(() => recordId('ugr', 'a user group'));
export const groupId = once(() => recordId('grp', 'a group'));
export const skillId = once(() => recordId('skl', 'a skill'));
export const tagId = once(() => recordId('tag', 'a tag'));
export const queueId = once(() => recordId('que', 'a queue'));
export const deviceId = once(() => recordId('dev', 'a device'));
export const trunkId = once(() => recordId('trk', 'a SIP trunk'));
export const callerIdsId = once(() => recordId('cid', 'caller IDs'));
export const profileId = once(() => recordId('prf', 'a profile'));

/** For lists in which each skill may stand once, whatever its level. */
export const namesSkillsOnce: [(list: readonly { skill: string }[]) => boolean, string] = [
  (list) => new Set(list.map(({ skill }) => skill)).size === list.length,
  'names a skill twice',
];

/** A skill with its level, as users and profiles have it. */
export const skillLevel = once(() =>
  z.strictObject({ skill: skillId(), level: z.int().min(1).max(10).meta({ description: '1 to 10, 10 is best' }) }),
);

export const skillLevels = once(() =>
  z
    .array(skillLevel())
    .max(50)
    .refine(...namesSkillsOnce),
);

/** What each record shows beside its own fields. */
export const recordFields = once(() => ({
  version: version(),
  name: z.string(),
  description: z.string().optional(),
  usedBy: z.int().meta({ description: 'Users who have it, or will have it at their next sign-out' }),
  updatedAt: instant(),
}));

/** Beside a record that was edited, while its users still take the seats that they will need. */
export const preparing = once(() =>
  z.object({ jobId: z.string() }).optional().meta({
    description:
      'The edit changes which licenses users take, and is being prepared user by user; what stands here is in force until the job is done (GET /v1/jobs/{jobId})',
  }),
);
/** Why an edit by which users take other licenses can be refused. */
export const licenseProblems = ['license_exhausted', 'licenses_moving'] as const;

export const recordName = once(() =>
  plainText(60).meta({ description: 'Unique among its kind, case aside', example: 'Team leaders' }),
);
export const recordDescription = once(() => plainText(300).meta({ description: 'For whom it is' }));

export const permissionSet = once(() =>
  z
    .array(
      z
        .string()
        .refine(isPermission, {
          error: (issue) => `${JSON.stringify(issue.input)} is no permission; see GET /v1/permissions`,
        })
        .transform((name) => name as Permission),
    )
    .max(permissions.length, 'names one twice')
    .refine(...namesOnce)
    .meta({ description: 'Names of permissions (GET /v1/permissions)', example: ['users:read'] }),
);

/** For lists in which each entry may stand once. */
export const namesOnce: [(list: readonly unknown[]) => boolean, string] = [
  (list) => new Set(list).size === list.length,
  'names one twice',
];

export const changesSomething = (changes: object) => Object.values(changes).some((value) => value !== undefined);
export const mustChangeSomething = 'must name at least one field to change';

/** Query of edits by which one might lock oneself out. */
export const force = once(() =>
  z.strictObject({
    force: z
      .stringbool()
      .default(false)
      .meta({ description: 'true: also when you lose a permission of your own by it', type: 'boolean' }),
  }),
);

/** Users of a record, page by page: who they are, not how to reach them. */
export const usersOfQuery = once(() => z.strictObject(page()));
export const usersOfRecord = once(() =>
  z.object({
    users: z.array(
      z.object({ id: userId(), title: z.string(), emoji: z.string().optional(), type: userType(), state: z.string() }),
    ),
    next: z.string().optional().meta({ description: 'Cursor of the next page; a page may hold fewer than asked for' }),
  }),
);
