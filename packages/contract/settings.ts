// The tenant's settings: typed, with the product's defaults. A tenant file overrides them at provisioning.

import * as z from 'zod';
import { language } from './fields.ts';
import { once } from './once.ts';
import type { FieldError } from './problems.ts';
import { secondFactor } from './user-types.ts';

const network = once(() =>
  z
    .union([z.cidrv4(), z.cidrv6()], { error: 'must be a CIDR block like 192.0.2.0/24 or 2001:db8::/32' })
    .meta({ description: 'CIDR block', example: '192.0.2.0/24' }),
);

const timeZone = once(() =>
  z
    .string()
    .refine(isTimeZone, 'must be an IANA time zone like Europe/Prague')
    .meta({ description: 'IANA time zone', example: 'Europe/Prague' }),
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
    secondFactors: z
      .array(secondFactor())
      .min(1, 'must allow at least one, if only "off"')
      .default(['off', 'email-otp'])
      .meta({ description: 'Which second factors users may have (K2)' }),
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
    passwordMinWithoutFactor: z.int().min(8).max(64).default(15).meta({
      description: 'Least length of a password that stands alone (K1)',
    }),
    passwordMinWithFactor: z.int().min(8).max(64).default(8).meta({
      description: 'Least length of a password beside a second factor (K1)',
    }),
    inviteDays: z.int().min(1).max(30).default(7).meta({ description: 'How long an invite is good for' }),
    auditDays: z.int().min(30).max(3650).default(730).meta({ description: 'How long entries of the audit are kept' }),
    allowedNetworks: z.array(network()).max(100).nullable().default(null).meta({
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

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
