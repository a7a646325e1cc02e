// Licenses as administrators read them, and as the operator, who alone may, sets how many are owned (S0-57, S0-58, S1-35, C17).

import * as z from 'zod';
import { channel } from './channels.ts';
import { instant, page, userId, version } from './fields.ts';
import { licenseId, licenseRule } from './license-catalogue.ts';
import { licenseCause } from './license-cause.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { preparing } from './records.ts';
import { price, seatCount } from './seats.ts';
import { userState } from './user.ts';
import { userType } from './user-types.ts';

const unaudited = { method: 'GET', status: 200, audit: null } as const;

const seats = once(() => ({
  owned: z.int(),
  used: z.int().meta({ description: 'Seats that users hold, one each' }),
  free: z.int().meta({ description: 'Owned less used; below zero where more are used than owned' }),
  overCommitted: z.int().meta({
    description:
      'Seats used beyond those owned, by the operator’s choice: nobody loses theirs, nobody gets one; else 0',
  }),
}));

const name = once(() => z.string().meta({ description: 'For people', example: 'Voice' }));

const license = once(() =>
  z
    .object({
      id: licenseId(),
      name: name(),
      description: z.string().optional(),
      channel: channel().optional().meta({ description: 'A core license: for work in queues of this channel' }),
      status: z.enum(['in-catalogue', 'coming', 'leaving']).meta({
        description:
          'The catalogue is being edited: users take those that come before it is in force, and free those that leave afterwards',
      }),
      ...seats(),
      price: price().optional(),
      version: version().meta({ description: 'Counts changes of what is owned and what it costs' }),
    })
    .meta({ id: 'License' }),
);

const money = once(() => ({
  currency: z.string().meta({ description: 'ISO 4217', example: 'EUR' }),
  owned: z.number().meta({ description: 'A month, of all seats owned' }),
  used: z.number().meta({ description: 'A month, of the seats used' }),
}));

const usage = once(() =>
  z
    .object({
      id: licenseId(),
      name: name(),
      ...seats(),
      percent: z.number().optional().meta({
        description: 'Used of owned, with one decimal; absent where none is owned',
        example: 87.5,
      }),
      cost: z.object(money()).optional().meta({ description: 'Absent where the license has no price' }),
    })
    .meta({ id: 'LicenseUsage' }),
);

const holder = once(() =>
  z
    .object({
      id: userId(),
      title: z.string(),
      emoji: z.string().optional(),
      type: userType(),
      state: userState(),
      login: z.string().optional().meta({ description: 'With the permission users:read-details' }),
      licenses: z.array(
        z.object({ license: licenseId(), name: name(), since: instant(), causes: z.array(licenseCause()) }),
      ),
    })
    .meta({ id: 'LicenseHolder' }),
);

const ofLicense = once(() => licenseId().optional().meta({ description: 'Only who takes this license, and only it' }));

const effectOfField = once(() =>
  z
    .array(z.object({ license: licenseId(), name: name(), ...licenseCause().pick({ text: true, queued: true }).shape }))
    .meta({ description: 'Licenses that follow from this field, and why' }),
);

export const licenses = domain('licenses', {
  'list-licenses': () => ({
    ...unaudited,
    path: '/licenses',
    summary: 'Which licenses there are, how many are owned and used, and what takes one (S0-57)',
    caller: 'licenses:read',
    output: z.object({
      licenses: z.array(license()),
      rules: z.array(
        z.object({
          text: z.string().meta({ example: 'back-office users take Back-office' }),
          rule: licenseRule(),
        }),
      ),
      preparing: preparing(),
    }),
    problems: [],
    needs: ['read', 'write'],
  }),
  'get-license-usage': () => ({
    ...unaudited,
    path: '/licenses/usage',
    summary: 'How many seats of each license are used, owned and free, and what they cost (S0-57)',
    caller: 'licenses:read',
    output: z.object({
      licenses: z.array(usage()),
      totals: z.array(z.object(money())).meta({ description: 'Of all licenses with a price, one a currency' }),
    }),
    problems: [],
    needs: ['read', 'write'],
  }),
  'list-license-users': () => ({
    ...unaudited,
    path: '/licenses/usage/users',
    summary: 'Who takes which licenses, since when and why, of all users, by title (S0-57, S0-58)',
    caller: 'licenses:read',
    query: z.strictObject({ license: ofLicense(), ...page() }),
    output: z.object({
      users: z.array(holder()).meta({
        description:
          'Whoever takes none is absent (S0-58). Of all users, whatever the caller has in sight: seats are the tenant’s. A change shows here a moment after it',
      }),
      next: z
        .string()
        .optional()
        .meta({ description: 'Cursor of the next page; a page may hold fewer than asked for' }),
    }),
    problems: ['license_not_found', 'invalid_cursor'],
    needs: ['read', 'write', 'seal'],
  }),
  'export-license-usage': () => ({
    ...unaudited,
    path: '/licenses/usage/export',
    summary: 'Who takes which licenses, since when and why, as CSV: one row a user and license, up to 1,000 a page',
    caller: 'licenses:read',
    query: z.strictObject({
      license: ofLicense(),
      cursor: z.string().max(2048).optional().meta({ description: 'Of the page before: its Link says where to go on' }),
    }),
    output: 'csv',
    problems: ['license_not_found', 'invalid_cursor'],
    needs: ['read', 'write', 'seal'],
  }),
  'get-license-effect': () => ({
    ...unaudited,
    path: '/users/{userId}/license-effect',
    summary: 'Which licenses follow from type, access, rights, roles and recording of a user, and why (S0-15)',
    caller: 'users:read-details',
    params: z.strictObject({ userId: userId() }),
    output: z
      .object({
        fields: z.object({
          type: effectOfField(),
          access: effectOfField(),
          rights: effectOfField(),
          roles: effectOfField(),
          recording: effectOfField(),
        }),
        licenses: z
          .array(
            z.object({
              license: licenseId(),
              name: name(),
              since: instant().optional().meta({ description: 'Absent where no seat is held yet' }),
              seats: z.object(seats()).optional(),
              price: price().optional(),
            }),
          )
          .meta({ description: 'Each license once, that is taken or held' }),
        cost: z
          .array(z.object({ currency: z.string(), amount: z.number() }))
          .optional()
          .meta({ description: 'A month, of the licenses held' }),
      })
      .meta({ description: 'Seats, prices and cost with the permission licenses:read alone' }),
    problems: ['user_not_found'],
    needs: ['read', 'write'],
  }),
  'set-license': () => ({
    method: 'PUT',
    path: '/licenses/{licenseId}',
    summary: 'Set how many seats the tenant owns of a license, and what one costs (S1-35)',
    caller: 'operator',
    params: z.strictObject({ licenseId: licenseId() }),
    query: z.strictObject({
      force: z.stringbool().default(false).meta({
        description: 'true: even if more are used; nobody loses theirs, and nobody gets one until there are enough',
        type: 'boolean',
      }),
    }),
    body: z
      .strictObject({ owned: seatCount(), price: price().optional().meta({ description: 'Absent: it has none' }) })
      .meta({ id: 'OwnedSeats' }),
    ifMatch: true,
    output: license().omit({ status: true }),
    status: 200,
    problems: ['license_not_found', 'seats_in_use'],
    needs: ['read', 'write'],
    audit: 'license.changed',
  }),
});
