// The tenant's settings: typed, with the product's defaults. A tenant file overrides them at provisioning.

import * as z from 'zod';
import { cidr, language, timeZone } from './fields.ts';
import { once } from './once.ts';
import type { FieldError } from './problems.ts';
import { predictiveRatio, predictiveSorting } from './telephony.ts';
import { secondFactor, verifyType } from './user-types.ts';
import { webchatName } from './webchat-name.ts';

const numberRanges = once(() =>
  z
    .array(z.string().regex(/^\d{1,6}(-\d{1,6})?$/, 'must be a number or a range like 900-999'))
    .max(50)
    .meta({
      description: 'Numbers and ranges that Roster gives to nobody by itself, and refuses to give',
      example: ['900-999'],
    }),
);

export const settings = once(() =>
  z.strictObject({
    language: language().default('en').meta({ description: 'Language of users that chose none' }),
    timeZone: timeZone().default('UTC').meta({ description: 'Time zone where a user’s own is not known (S0-27)' }),
    contact: z.enum(['email', 'email_or_mobile']).default('email').meta({
      description: 'What a user must have to be reached (C4)',
    }),
    offboarding: z.enum(['confirm', 'strict']).default('confirm').meta({
      description:
        'confirm: what stands against deactivating is closed after a confirmation; strict: it must be closed first (C1)',
    }),
    deletedDays: z.int().min(0).max(365).default(30).meta({
      description: 'How long a deleted user can be restored; 0: not at all (C14)',
    }),
    numberQuarantineDays: z.int().min(0).max(365).default(30).meta({
      description: 'How long nobody gets the numeric ID or extension of somebody who left',
    }),
    reservedNumericIds: numberRanges().default([]),
    reservedExtensions: numberRanges().default([]),
    secondFactors: z
      .array(secondFactor())
      .min(1, 'must allow at least one, if only "off"')
      .default(['off', 'email-otp', 'authenticator-optional', 'authenticator-enforced'])
      .meta({ description: 'Which second factors users may have (K2)' }),
    verifyTypes: z
      .array(verifyType())
      .min(1)
      .default(['password'])
      .meta({ description: 'Ways of the first factor that are configured (S1-10)' }),
    ssoPasswordFallback: z.boolean().default(false).meta({
      description:
        'Users of another verify type may sign in with a password as well, with their second factor (S0-24, S1-12, K10)',
    }),
    resendIntervalSeconds: z.int().min(60).max(180).default(60).meta({
      description: 'Least time between two codes of one sign-in (C25)',
    }),
    sessionSeconds: z.int().min(60).max(2_592_000).default(43_200).meta({
      description: 'Absolute limit of a session (S4-21)',
    }),
    idleMinutes: z
      .int()
      .min(1)
      .max(1440)
      .default(60)
      .meta({ description: 'A session ends after this long without a request (K4)' }),
    maxSessions: z.int().min(1).max(1000).nullable().default(null).meta({
      description: 'Sessions that a user may have at a time; null: any number (S4-22)',
    }),
    atSessionLimit: z.enum(['endOldest', 'refuse']).default('endOldest').meta({
      description: 'What a sign-in beyond the limit does: end the oldest session, or be refused (K4)',
    }),
    passwordMinWithoutFactor: z.int().min(8).max(64).default(15).meta({
      description: 'Least length of a password that stands alone (K1)',
    }),
    passwordMinWithFactor: z.int().min(8).max(64).default(8).meta({
      description: 'Least length of a password beside a second factor (K1)',
    }),
    passwordClasses: z.boolean().default(false).meta({
      description: 'Ask for a capital, a digit and a special character in each password (S1-11, K1)',
    }),
    passwordHistory: z.int().min(0).max(10).default(0).meta({
      description: 'How many passwords before the present one are not accepted again',
    }),
    passwordDays: z.int().min(1).max(3650).nullable().default(null).meta({
      description: 'A password must be changed after so many days; null: never (K1)',
    }),
    inviteDays: z.int().min(1).max(30).default(7).meta({ description: 'How long an invite is good for' }),
    unusedSeatDays: z.int().min(0).max(365).default(30).meta({
      description:
        'Administrators with access to Licensing are told of seats that nobody used for so many days; 0: never (S0-57)',
    }),
    webchatPictures: z.boolean().default(false).meta({
      description: 'Customers see the picture of who talks to them in webchat, in the place of an icon (S0-29, C24)',
    }),
    webchatName: webchatName().default('operator'),
    predictiveRatio: predictiveRatio().default(1),
    predictiveSorting: predictiveSorting().default('call-back-time'),
    auditDays: z.int().min(30).max(3650).default(730).meta({ description: 'How long entries of the audit are kept' }),
    allowedNetworks: z.array(cidr()).max(100).nullable().default(null).meta({
      description: 'Only from these networks anything is accepted; null: from everywhere; empty: from nowhere (K13)',
    }),
  }),
);

export type Settings = z.output<ReturnType<typeof settings>>;

/** Combinations that no tenant can mean, each with the reason. */
export function contradictions(values: Settings): FieldError[] {
  const found: FieldError[] = [];
  if (values.idleMinutes * 60 > values.sessionSeconds) {
    found.push({
      pointer: '/body/idleMinutes',
      detail: `is ${values.idleMinutes} min, longer than the session itself with ${values.sessionSeconds} s; lower it or raise sessionSeconds`,
    });
  }
  if (values.passwordMinWithFactor > values.passwordMinWithoutFactor) {
    found.push({
      pointer: '/body/passwordMinWithFactor',
      detail: `is ${values.passwordMinWithFactor}, more than passwordMinWithoutFactor with ${values.passwordMinWithoutFactor}: a second factor must not ask for a longer password`,
    });
  }
  return found;
}
