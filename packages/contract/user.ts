// A user in requests and answers: what is shown, what a new one needs, what can be changed.

import * as z from 'zod';
import {
  canonicalName,
  cidr,
  email,
  emoji,
  extension,
  instant,
  language,
  login,
  longText,
  mobile,
  numericId,
  plainText,
  timeZone,
  title,
  typedPassword,
  userId,
  version,
} from './fields.ts';
import { once } from './once.ts';
import {
  accessId,
  changesSomething,
  groupId,
  mustChangeSomething,
  namesOnce,
  profileId,
  rightsId,
  roleId,
  skillLevels,
  tagId,
  userGroupId,
} from './records.ts';
import {
  destination,
  outgoingNumbers,
  predictiveRatio,
  predictiveSorting,
  reachable,
  recordingControl,
  ringing,
  ringPlan,
  sipOptions,
  sipPassword,
  sipUri,
  sipUsername,
} from './telephony.ts';
import { newToken } from './token.ts';
import { fieldMatrixInWords, recording, secondFactor, userType, verifyType } from './user-types.ts';

export const userState = once(() =>
  z
    .enum(['invited', 'active', 'deactivated'])
    .meta({ description: 'invited: has not chosen a password yet; deactivated: off but kept' }),
);

const queuedChange = once(() =>
  z
    .object({
      access: accessId().optional(),
      rights: rightsId().optional(),
      extension: z.string().optional().meta({ description: 'A number, which is kept for the user, or `dynamic`' }),
      by: userId(),
      at: instant(),
    })
    .meta({ description: 'What changes at the next sign-out (C2)' }),
);

/** What lists show to everybody who may see the user; the rest needs `users:read-details`. */
export const user = once(() =>
  z
    .object({
      id: userId(),
      version: version(),
      title: z.string(),
      emoji: z.string().optional(),
      type: userType(),
      state: userState(),
      login: z.string().optional().meta({ description: 'As typed at creation' }),
      authEmail: z.string().optional().meta({ description: 'Receives codes, invites and resets; also signs in' }),
      authEmailTrouble: z.enum(['bounced', 'complained']).optional().meta({
        description: 'Mail to the authentication email came back, or was reported as spam',
      }),
      mobile: z.string().optional().meta({ description: 'Receives invites, resets and notices by SMS' }),
      verifyType: verifyType().optional(),
      secondFactor: secondFactor().optional(),
      sessionSeconds: z.number().optional(),
      maxSessions: z.number().optional(),
      allowedNetworks: z.array(z.string()).optional(),
      language: z.string().optional(),
      access: accessId().optional(),
      rights: rightsId().optional(),
      roles: z.array(roleId()).optional(),
      superUser: z.boolean().optional(),
      queued: queuedChange().optional(),
      alias: z.string().optional(),
      numericId: z.string().optional(),
      extension: z.string().optional().meta({ description: 'A number, or `dynamic`: chosen at log-on (S0-41)' }),
      virtualExtension: z.string().optional().meta({ description: 'Another internal number of the user (S4-17)' }),
      recording: recording().optional(),
      recordingControl: recordingControl().optional(),
      forwarding: z.string().optional().meta({ description: 'All calls go there instead (S0-31)' }),
      target: z.string().optional().meta({ description: 'Where direct calls go that are not answered (S0-43)' }),
      devices: z.array(ringing()).optional(),
      staticLogin: z.boolean().optional(),
      outgoingNumbers: z.array(z.string()).optional(),
      callerName: z.string().optional(),
      sipOption: z.enum(sipOptions).optional(),
      sipUri: z.string().optional(),
      sipUsername: z.string().optional(),
      hasSipPassword: z.boolean().optional(),
      autoDial: z.boolean().optional(),
      predictiveQueue: z.boolean().optional(),
      predictiveRatio: z.number().optional(),
      predictiveSorting: predictiveSorting().optional(),
      userGroup: userGroupId().optional(),
      groups: z.array(groupId()).optional(),
      skills: skillLevels().optional(),
      allSkills: z.boolean().optional(),
      tags: z.array(tagId()).optional(),
      allTags: z.boolean().optional(),
      activeFrom: instant().optional(),
      activeUntil: instant().optional(),
      description: z.string().optional(),
      steeringKeyWords: z.array(z.string()).optional(),
      notificationEmail: z.string().optional(),
      timeZone: z.string().optional().meta({ description: '`automatic`, or an IANA time zone (S0-27)' }),
      systemTimeZone: z.string().optional().meta({ description: 'The last that the user’s own system reported' }),
      spokenLanguages: z.array(z.string()).optional(),
      signature: z.string().optional().meta({ description: 'HTML, sanitized (S0-30, K8)' }),
      useQueueSignature: z.boolean().optional(),
      firstName: z.string().optional(),
      lastName: z.string().optional(),
      googleEmail: z.string().optional(),
      hasCalDavToken: z.boolean().optional(),
      assignLeads: z.boolean().optional(),
      wrapUpSeconds: z.number().optional(),
      resourceFilter: z.string().optional(),
      lastSignInAt: instant().optional(),
      inviteExpiresAt: instant().optional(),
      createdAt: instant().optional(),
      updatedAt: instant().optional(),
      warnings: z
        .array(z.object({ pointer: z.string(), detail: z.string(), rule: z.string() }))
        .optional()
        .meta({ description: 'What was accepted, and is not recommended' }),
    })
    .meta({ id: 'User', description: 'Fields that the caller may not see are absent (`users:read-details`)' }),
);

/** What a page of the list shows of a user. */
export const listedUser = once(() =>
  user()
    .pick({
      id: true,
      title: true,
      emoji: true,
      type: true,
      state: true,
      login: true,
      authEmail: true,
      alias: true,
      numericId: true,
      extension: true,
      secondFactor: true,
      access: true,
      rights: true,
      roles: true,
      superUser: true,
      userGroup: true,
      lastSignInAt: true,
    })
    .meta({
      id: 'ListedUser',
      description:
        'The columns of the list. Results of a search come from an index of names, unless a filter takes more: they have the alias, and lack access, rights, roles, factor, user group and last sign-in',
    }),
);

/** For lists of words, in which each may stand once, case aside. */
const saysOnce: [(list: readonly string[]) => boolean, string] = [
  (list) => new Set(list.map(canonicalName)).size === list.length,
  'names one twice',
];

/** Fields that are set alike on a new user and on one who changes; null takes one away where it can be without. */
const described = once(() => ({
  alias: plainText(60).meta({ description: 'Shown to customers in webchat, where it is enabled (S0-28)' }),
  description: longText(2000).meta({ description: 'Internal notes (S0-10)' }),
  steeringKeyWords: z
    .array(plainText(40))
    .max(20)
    .refine(...saysOnce)
    .meta({ description: 'By which call steering finds the user (S0-11, S1-5)', example: ['invoices', 'Jana'] }),
  notificationEmail: email().meta({ description: 'For notifications, instead of the authentication email (S0-26)' }),
  timeZone: z
    .union([z.literal('automatic'), timeZone()], {
      error: 'must be `automatic`, or an IANA time zone like Europe/Prague',
    })
    .meta({ description: '`automatic`: that of the user’s system, or else the tenant’s (S0-27)' }),
  spokenLanguages: z
    .array(language())
    .max(10)
    .refine(...saysOnce)
    .meta({ description: 'Spoken with customers (S4-19); best first', example: ['cs', 'de'] }),
  useQueueSignature: z.boolean().meta({ description: 'The email queue’s shared signature instead of an own (S0-30)' }),
  firstName: plainText(32),
  lastName: plainText(32),
  numericId: numericId(),
  extension: extension(),
  googleEmail: email().meta({ description: 'Address that authorizes through Google (S4-7)' }),
  calDavToken: z
    .string()
    .min(8)
    .max(512)
    .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII without spaces')
    .meta({ description: 'Links the user’s Google calendar (S4-9); never shown again', format: 'password' }),
  assignLeads: z.boolean().meta({ description: 'The dialer may assign leads to the user (S4-11)' }),
  activeFrom: instant().meta({ description: 'Before it nothing of the user is accepted (S4-10)' }),
  activeUntil: instant().meta({ description: 'From it on nothing of the user is accepted; then deactivated (S4-10)' }),
  wrapUpSeconds: z.int().min(0).max(3600).meta({ description: 'Wrap-up time after a call (S3-13)' }),
  resourceFilter: plainText(200).meta({ description: 'Which resources the user sees at work (S3-14)' }),
  virtualExtension: z
    .union([z.literal('generate'), extension()], {
      error: 'must be two to six digits, like 217, or `generate` for the next free number',
    })
    .meta({
      description: 'Another internal number by which the user is called, or `generate`: the next free one (S4-17)',
    }),
  forwarding: reachable().meta({
    description:
      'All calls to the user go there, whatever else is set (S0-31). To a number outside charges may apply (S1-18)',
  }),
  target: destination().meta({
    description:
      'Where a direct call goes that is not answered, is refused, meets a busy line or no device; calls of queues do not (S0-43, C11)',
  }),
  recordingControl: recordingControl(),
  staticLogin: z.boolean().meta({
    description: 'Always logged in and ready, with a session or without; never unready (S0-38, S1-21, C7)',
  }),
  outgoingNumbers: outgoingNumbers(),
  callerName: plainText(60).meta({ description: 'Name presented with the number (S4-15, C21)' }),
  sipOption: z.enum(sipOptions).meta({
    description: 'How the user’s own phone is reached: an account at the PBX, the softphone, or a URI (S4-27)',
  }),
  sipUri: sipUri(),
  sipUsername: sipUsername(),
  sipPassword: sipPassword(),
  autoDial: z.boolean().meta({ description: 'Works in auto-dialling mode (S4-13)' }),
  predictiveQueue: z.boolean().meta({ description: 'Has a predictive queue of their own (S4-14)' }),
  predictiveRatio: predictiveRatio(),
  predictiveSorting: predictiveSorting(),
}));

export const newUser = once(() =>
  z
    .strictObject({
      title: title(),
      login: login(),
      type: userType(),
      authEmail: email().optional().meta({ description: 'Required but for system users and AI coworkers (S0-25)' }),
      mobile: mobile().optional(),
      verifyType: verifyType().optional().meta({ description: 'Default: password' }),
      password: typedPassword()
        .optional()
        .meta({ description: 'Instead of an invite: good for 72 hours, and changed at the first sign-in (C3, K3)' }),
      apiToken: z.strictObject(newToken()).optional().meta({
        description: 'Create an API token with the user; its value is in the answer. Needs `tokens:change`, too (C6)',
      }),
      secondFactor: secondFactor().optional().meta({ description: 'Default: off' }),
      sessionSeconds: sessionSeconds().optional(),
      maxSessions: maxSessions().optional(),
      allowedNetworks: allowedNetworks().optional(),
      emoji: emoji().optional(),
      language: language().optional(),
      access: accessId().optional(),
      rights: rightsId().optional(),
      roles: roleIds().optional(),
      superUser: z
        .boolean()
        .optional()
        .meta({ description: 'Holds every permission; only a SuperUser may grant it (C12)' }),
      ...z.object(described()).partial().shape,
      recording: recording().optional().meta({ description: 'Default: off (C18)' }),
      userGroup: userGroupId().optional().meta({ description: 'Exactly one; default: the default user group (C13)' }),
      profiles: z
        .strictObject({
          available: z
            .array(profileId())
            .max(50)
            .refine(...namesOnce),
        })
        .optional()
        .meta({ description: 'Which group profiles are on; the others are off. Default: all are on (S3-9)' }),
      ...memberships(),
    })
    .meta({ id: 'NewUser', description: `Which type has which field:\n\n${fieldMatrixInWords()}` }),
);

export const userChanges = once(() =>
  z
    .strictObject({
      login: z
        .never({ error: 'cannot be changed after creation (S0-9); create another user instead' })
        .optional()
        .meta({ description: 'Never changes' }),
      title: title().optional(),
      emoji: emoji().nullable().optional().meta({ description: 'null removes it' }),
      authEmail: email().optional(),
      mobile: mobile().nullable().optional().meta({ description: 'null removes it' }),
      verifyType: verifyType().optional(),
      secondFactor: secondFactor().optional(),
      sessionSeconds: sessionSeconds().nullable().optional().meta({ description: 'null: inherited (S3-16)' }),
      maxSessions: maxSessions().nullable().optional().meta({ description: 'null: inherited (S3-16)' }),
      allowedNetworks: allowedNetworks()
        .nullable()
        .optional()
        .meta({ description: 'null: from everywhere that tenant and user group allow' }),
      language: language().nullable().optional().meta({ description: 'null: inherited (S3-16)' }),
      access: accessId().optional(),
      rights: rightsId().optional(),
      roles: roleIds().optional().meta({ description: 'All of them; replaces the roles before' }),
      superUser: z.boolean().optional(),
      ...nullable(described()),
      recording: recording().optional(),
      userGroup: z
        .never({
          error:
            'changes by a move of its own, which tells what becomes different: POST /v1/users/{userId}/move (S3-15)',
        })
        .optional()
        .meta({ description: 'Never changes here (C15)' }),
      signature: z
        .never({ error: 'has a request of its own: PUT /v1/users/{userId}/signature' })
        .optional()
        .meta({ description: 'Never changes here' }),
      ...memberships(),
      queued: z.null().optional().meta({ description: 'null takes back what was queued for the next sign-out' }),
    })
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'UserChanges' }),
);

/** Each may be changed, or taken away by null. */
function nullable<Shape extends Record<string, z.ZodType>>(shape: Shape) {
  return Object.fromEntries(
    Object.entries(shape).map(([field, schema]) => [
      field,
      schema
        .nullable()
        .optional()
        .meta({ description: `${schema.meta()?.description ?? ''} (null removes it)`.trim() }),
    ]),
  ) as unknown as { [Field in keyof Shape]: z.ZodOptional<z.ZodNullable<Shape[Field]>> };
}

/** Relations to any number of records, all of each kind at once. */
const memberships = once(() => ({
  groups: z
    .array(groupId())
    .max(50)
    .refine(...namesOnce)
    .optional()
    .meta({
      description:
        'All groups (S1-29); of groups, skills, tags, roles and other records together a user has 60 at most',
    }),
  devices: ringPlan().optional(),
  skills: skillLevels().optional().meta({ description: 'All skills, with their levels (S4-24)' }),
  allSkills: z.boolean().optional().meta({ description: 'Has every skill, present and future (S4-26)' }),
  tags: z
    .array(tagId())
    .max(50)
    .refine(...namesOnce)
    .optional()
    .meta({ description: 'All tags (S4-24)' }),
  allTags: z.boolean().optional().meta({ description: 'Has every tag, present and future (S4-26)' }),
}));

export const sessionSeconds = once(() =>
  z
    .int()
    .min(60)
    .max(2_592_000)
    .meta({ description: 'Absolute limit of this user’s sessions instead of the tenant’s (S4-21)' }),
);

export const maxSessions = once(() =>
  z.int().min(1).max(1000).meta({ description: 'Sessions at a time, instead of the tenant’s (S4-22)' }),
);

export const allowedNetworks = once(() =>
  z.array(cidr()).max(20).meta({
    description:
      'Only from these networks, and those of the tenant, this user is let in; empty: from nowhere (S4-12, K13)',
  }),
);

/** Characters of a signature, with all its tags. */
export const signatureMax = 10_000;

/** What a signature is set to: by an administrator, or by the users themselves. */
export const newSignature = once(() =>
  z.strictObject({
    signature: z
      .string()
      .max(signatureMax)
      .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
      .nullable()
      .meta({
        description:
          'HTML, of which formatting, links (http, https, mailto, tel) and pictures (https) are kept; null removes it',
        example: '<p>Jana Nováková<br><a href="tel:+420601234567">+420 601 234 567</a></p>',
      }),
  }),
);

const roleIds = once(() =>
  z
    .array(roleId())
    .max(10)
    .refine(...namesOnce),
);
