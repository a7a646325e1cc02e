// About the tenant itself: is it up, what does it offer, how is it set, what has changed in it.

import * as z from 'zod';
import { instant, page, version } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { changesSomething, mustChangeSomething } from './records.ts';
import { type Settings, settings } from './settings.ts';

const settingsShown = once(() =>
  settings().extend({ version: version(), updatedAt: instant() }).meta({ id: 'Settings' }),
);

const settingsChanges = once(() =>
  z
    .strictObject(
      Object.fromEntries(
        Object.entries(settings().shape).map(([name, schema]) => [name, schema.unwrap().optional()]),
      ) as unknown as { [Name in keyof Settings]: z.ZodOptional<z.ZodType<Settings[Name]>> },
    )
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'SettingsChanges' }),
);

const auditEntry = once(() =>
  z
    .object({
      id: z.string(),
      at: instant(),
      event: z.string().meta({ example: 'user.changed' }),
      actor: z.string().meta({ description: 'Id of the user who did it, `system`, or `operator`' }),
      session: z.string().optional(),
      token: z.string().optional().meta({ description: 'The API token it was done with' }),
      network: z.string().optional(),
      request: z.string().optional(),
      subject: z.object({ type: z.string(), id: z.string() }),
      changes: z
        .record(z.string(), z.object({ before: z.unknown().optional(), after: z.unknown().optional() }))
        .optional()
        .meta({ description: 'Field → value before and after; never a secret' }),
    })
    .meta({ id: 'AuditEntry' }),
);

export const tenant = domain('tenant', {
  'get-health': () => ({
    method: 'GET',
    path: '/health',
    summary: 'Is the tenant up? Reads the table once.',
    caller: 'public',
    output: z.object({ status: z.literal('ok') }),
    status: 200,
    problems: [],
    needs: ['read'],
    audit: null,
  }),
  'get-openapi': () => ({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This API as OpenAPI 3.1',
    caller: 'public',
    output: z.looseObject({ openapi: z.string() }),
    status: 200,
    problems: [],
    needs: [],
    audit: null,
  }),
  'get-settings': () => ({
    method: 'GET',
    path: '/settings',
    summary: 'The settings in force',
    caller: 'settings:read',
    output: settingsShown(),
    status: 200,
    problems: [],
    needs: ['read', 'write'],
    audit: null,
  }),
  'change-settings': () => ({
    method: 'PATCH',
    path: '/settings',
    summary: 'Change the settings; in force within five seconds',
    caller: 'settings:change',
    query: z.strictObject({
      force: z
        .stringbool()
        .default(false)
        .meta({ description: 'true: also when your own network is then no longer allowed', type: 'boolean' }),
    }),
    body: settingsChanges(),
    ifMatch: true,
    output: settingsShown(),
    status: 200,
    problems: ['settings_contradict', 'would_lock_yourself_out'],
    needs: ['read', 'write'],
    audit: 'settings.changed',
  }),
  'list-audit': () => ({
    method: 'GET',
    path: '/audit',
    summary: 'Who changed what, newest first; a change shows here a moment after it',
    caller: 'audit:read',
    query: z.strictObject({
      ...page(),
      actor: z.string().max(64).optional().meta({ description: 'Id of who did it, `system`, or `operator`' }),
      subject: z.string().max(64).optional().meta({ description: 'Id of what it was about' }),
      event: z.string().max(64).optional().meta({ description: 'Name of an event, like user.changed' }),
      from: instant().optional().meta({ description: 'Not before; default 30 days before `to`' }),
      to: instant().optional().meta({ description: 'Not after; default now' }),
    }),
    output: z.object({
      entries: z.array(auditEntry()),
      next: z
        .string()
        .optional()
        .meta({ description: 'Cursor of the next page; a page may hold fewer than asked for' }),
    }),
    status: 200,
    problems: ['invalid_cursor', 'range_too_long'],
    needs: ['read', 'write', 'seal'],
    audit: null,
  }),
});
