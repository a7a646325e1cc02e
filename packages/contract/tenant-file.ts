// What a file in tenants/ says: one tenant of the operator = one stack. Read at synth and at the local start, refused with field and remedy.

import * as z from 'zod';
import { email, login, title } from './fields.ts';
import { type Catalogue, catalogue, contradictionsIn, licenseId, usualCatalogue } from './license-catalogue.ts';
import { once } from './once.ts';
import { ownPermissions } from './permissions.ts';
import { ownedSeats } from './seats.ts';
import { settings } from './settings.ts';

/** Of the first SuperUser: who administers with all of Roster's own permissions and rights to everything, and answers no customers. */
export const firstUserType = 'back-office';

/** Which licenses there are, what takes them, and how many seats the tenant owns; those that are not named: none. */
const licenses = once(() =>
  z
    .strictObject({
      catalogue: catalogue().default(usualCatalogue),
      owned: z.record(licenseId(), ownedSeats()),
    })
    .superRefine((given, context) => {
      for (const { path, message } of contradictionsIn(given.catalogue)) {
        context.addIssue({ code: 'custom', path: ['catalogue', ...path], message });
      }
      for (const license of takenByFirstUser(given.catalogue)) {
        if ((given.owned[license]?.seats ?? 0) > 0) continue;
        context.addIssue({
          code: 'custom',
          path: ['owned', license],
          message: 'must be one seat at least: the first SuperUser takes it',
        });
      }
      for (const id of Object.keys(given.owned)) {
        if (given.catalogue.licenses.some((license) => license.id === id)) continue;
        context.addIssue({
          code: 'custom',
          path: ['owned', id],
          message: `there is no such license; the catalogue has ${given.catalogue.licenses.map((license) => license.id).join(', ')}`,
        });
      }
    }),
);

/** As functions/tenant/provision-tenant.ts makes them. What `never` forbids no rule gives: that is a contradiction of its own. */
export function takenByFirstUser({ licenses, rules }: Catalogue): Set<string> {
  const core = licenses.flatMap(({ id, channel }) => (channel ? [id] : []));
  const taken = rules
    .filter(({ types }) => types.includes(firstUserType))
    .flatMap((rule) => {
      if (rule.by === 'queues') return core;
      const isTaken = rule.by === 'type' || (rule.by === 'permission' && ownPermissions.includes(rule.permission));
      return isTaken ? [rule.license] : [];
    });
  return new Set(taken);
}

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
    /** Of the key with which the operator sets owned seats (S1-35); the key itself stands nowhere. Absent: nobody can but by this file. */
    operatorKeySha256: z
      .string()
      .regex(
        /^[0-9a-f]{64}$/,
        'must be the SHA-256 of the operator key, 64 digits of 0-9 and a-f; never the key itself',
      )
      .optional(),
    firstSuperUser: z.strictObject({ login: login(), title: title(), authEmail: email() }),
    licenses: licenses(),
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
