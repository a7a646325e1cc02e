// The tenant's settings: typed, with the product's defaults. A tenant file overrides them at provisioning.

import * as z from 'zod';
import { language } from './fields.ts';
import { once } from './once.ts';

export const settings = once(() =>
  z.strictObject({
    language: language().default('en').meta({ description: 'Language of users that chose none' }),
    resendIntervalSeconds: z.int().min(60).max(180).default(60).meta({
      description: 'Least time between two codes of one sign-in (C25)',
    }),
    sessionSeconds: z.int().min(60).max(2_592_000).default(43_200).meta({
      description: 'Absolute limit of a session (S4-21)',
    }),
    idleMinutes: z
      .int()
      .min(5)
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
  }),
);

export type Settings = z.output<ReturnType<typeof settings>>;
