// What a file in tenants/ says: one tenant of the operator = one stack. Read at synth and at the local start, refused with field and remedy.

import * as z from 'zod';
import { email, login, title } from './fields.ts';
import { once } from './once.ts';
import { settings } from './settings.ts';

export const tenantFile = once(() =>
  z.strictObject({
    name: z
      .string()
      .regex(
        /^[a-z][a-z0-9-]{1,29}$/,
        'must be 2 to 30 of a-z, 0-9 and -, starting with a letter; it names the stack roster-<name>',
      ),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-[0-9]$/, 'must be an AWS region like eu-central-1'),
    publicUrl: z
      .url({ protocol: /^https?$/, error: 'must be the address that people open, like https://users.example.com' })
      .refine((url) => !url.endsWith('/'), 'must not end with /'),
    /** Sender of all mails: an address below the identity, and the verified SES identity (a domain). */
    mail: z.strictObject({
      from: email(),
      identity: z.hostname('must be a domain that SES may send for, like example.com'),
    }),
    /** Who gets notices of the stack's alarms. */
    operatorEmail: email(),
    firstSuperUser: z.strictObject({ login: login(), title: title(), authEmail: email() }),
    settings: settings().prefault({}),
  }),
);

export type TenantFile = z.output<ReturnType<typeof tenantFile>>;

/** Checks a tenant file. @throws Error that names the file's tenant, each field and its remedy. */
export function readTenantFile(written: z.input<ReturnType<typeof tenantFile>>): TenantFile {
  const read = tenantFile().safeParse(written);
  if (read.success) return read.data;
  const name = typeof written?.name === 'string' ? written.name : '?';
  const lines = read.error.issues.map((issue) => `  ${issue.path.join('.') || '(file)'}: ${issue.message}`);
  throw new Error(`tenants/${name}.ts is not valid:\n${lines.join('\n')}`);
}
