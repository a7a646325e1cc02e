// What was used, owned and held of licenses when: by day, and by user at any instant.

import * as z from 'zod';
import { instant, page, userId } from './fields.ts';
import { licenseId } from './license-catalogue.ts';
import { licenseCause } from './license-cause.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';

const unaudited = { method: 'GET', status: 200, audit: null } as const;

const day = once(() =>
  z.iso.date({ error: 'must be a day like 2026-01-31' }).meta({ description: 'A day of UTC', example: '2026-01-31' }),
);

const licenseDay = once(() =>
  z
    .object({
      day: day(),
      used: z.int().meta({ description: 'At the day’s end; of today, now' }),
      peak: z.int().meta({ description: 'The most at any instant of the day' }),
      owned: z.int().meta({ description: 'At the day’s end' }),
      provisional: z.literal(true).optional().meta({ description: 'The day has no snapshot yet, as today' }),
    })
    .meta({ id: 'LicenseDay' }),
);

const seatHolder = once(() =>
  z
    .object({
      user: z.object({
        id: userId(),
        title: z.string().optional().meta({ description: 'Absent for who is deleted' }),
      }),
      since: instant(),
      until: instant().optional().meta({ description: 'Absent while the seat is held' }),
      causes: z.array(licenseCause()).meta({
        description: 'Why the seat was taken; names as they are today, ids where there is none any more',
      }),
    })
    .meta({ id: 'SeatHolder' }),
);

export const licenseHistory = domain('licenses', {
  'get-license-history': () => ({
    ...unaudited,
    path: '/licenses/history',
    summary: 'How many seats were used and owned on each day, and the most that were used at a time',
    caller: 'licenses:read',
    query: z.strictObject({
      license: licenseId().optional().meta({ description: 'Only this license; default: all of the catalogue' }),
      from: day().optional().meta({ description: 'First day; default: 29 days before `to`, 30 days in all' }),
      to: day().optional().meta({ description: 'Last day, at most 400 days in all; default: today' }),
    }),
    output: z.object({
      licenses: z.array(
        z.object({
          id: licenseId(),
          name: z.string().meta({ description: 'The id, of one that is not in the catalogue any more' }),
          days: z.array(licenseDay()).meta({ description: 'In order; none from before there was the license' }),
        }),
      ),
    }),
    problems: ['license_not_found', 'range_too_long'],
    needs: ['read', 'write'],
  }),
  'list-license-holders': () => ({
    ...unaudited,
    path: '/licenses/{licenseId}/holders',
    summary:
      'Who held a seat of the license at an instant, since when, until when, and why; a change shows here a moment after it',
    caller: 'licenses:read',
    params: z.strictObject({ licenseId: licenseId() }),
    query: z.strictObject({
      ...page(),
      at: instant().optional().meta({ description: 'Default: now' }),
    }),
    output: z.object({
      at: instant(),
      holders: z.array(seatHolder()).meta({
        description:
          'Those who hold it no more come first, by the end; then those who hold it still, by the beginning. Whoever frees theirs while pages are read may be missing in the later ones',
      }),
      next: z
        .string()
        .optional()
        .meta({ description: 'Cursor of the next page; a page may hold fewer than asked for' }),
    }),
    problems: ['license_not_found', 'invalid_cursor'],
    needs: ['read', 'write', 'seal'],
  }),
});
