// What only the detail page of a user shows: items beside the user's own, which lists and session checks never read. The
// user's version counts their changes, too.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { userKeys } from '#table/keys.ts';
import type { Sealer } from '#table/seal.ts';
import { type Item, put, remove, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { profileItem } from '../profiles/profile.ts';
import { auditedSecrets, sealedChanges, shownSecrets } from './secrets.ts';
import {
  isOfTelephony,
  readTelephony,
  type Telephony,
  telephonyFields,
  telephonyWrite,
  touchesTelephony,
} from './telephony.ts';

const detailsItem = once(() =>
  z.object({
    type: z.literal('details'),
    v: z.literal(1),
    description: z.string().optional(),
    steeringKeyWords: z.array(z.string()).optional(),
    notificationEmail: z.string().optional(),
    /** `automatic`, or an IANA zone; absent: the user group's, or automatic. */
    timeZone: z.string().optional(),
    /** As the user's own system reported it last. */
    systemTimeZone: z.string().optional(),
    spokenLanguages: z.array(z.string()).optional(),
    useQueueSignature: z.boolean().optional(),
    firstName: z.string().optional(),
    lastName: z.string().optional(),
    googleEmail: z.string().optional(),
    /** Sealed; and when it was set, so that the audit can tell that it was without showing it. */
    calDavToken: z.string().optional(),
    calDavTokenSetAt: z.number().optional(),
    assignLeads: z.boolean().optional(),
    /** Overrides of what the user group says (S3-16). */
    wrapUpSeconds: z.number().optional(),
    resourceFilter: z.string().optional(),
    /** Profiles of the user group that this user may not use (S3-9). */
    profilesOff: z.array(z.string()).optional(),
    /** The user's own profiles (S3-10). */
    profiles: z.array(profileItem()).optional(),
  }),
);

/** An item of its own: long, and written when it is changed alone. */
const signatureItem = once(() =>
  z.object({ type: z.literal('signature'), v: z.literal(1), /** HTML, sanitized when it was set. */ html: z.string() }),
);

// Three items, and one thing to whoever shows or judges a user.
export interface Details extends Omit<z.output<ReturnType<typeof detailsItem>>, 'type' | 'v'>, Telephony {
  /** HTML, sanitized. */
  signature?: string | undefined;
}

/** @param items undefined where there is none, or where nobody asks for what is in it */
export function readDetails(
  item: Item | undefined,
  { signature, telephony }: { signature?: Item | undefined; telephony?: Item | undefined } = {},
): Details {
  const { type: _type, v: _v, ...details } = item ? detailsItem().parse(item) : { type: undefined, v: undefined };
  return {
    ...details,
    ...readTelephony(telephony),
    ...(signature && { signature: signatureItem().parse(signature).html }),
  };
}

/** Where the details of a user stand. */
export const detailKeys = (userId: string) => [
  userKeys.details(userId),
  userKeys.signature(userId),
  userKeys.telephony(userId),
];

export async function detailsOf(deps: Deps, userId: string): Promise<Details> {
  const [item, signature, telephony] = await deps.table.batchGet(detailKeys(userId));
  return readDetails(item, { signature, telephony });
}

/** As the API shows them; secrets only by their presence. */
export function shownDetails({ profilesOff: _off, profiles: _own, ...details }: Details) {
  return shownSecrets(details);
}

/** Everything of them that the audit keeps, secrets only by their presence. */
export function auditedDetails(details: Details) {
  return auditedSecrets(details);
}

const fields = [
  'description',
  'steeringKeyWords',
  'notificationEmail',
  'timeZone',
  'spokenLanguages',
  'useQueueSignature',
  'firstName',
  'lastName',
  'googleEmail',
  'calDavToken',
  'assignLeads',
  'wrapUpSeconds',
  'resourceFilter',
] as const satisfies readonly (keyof Details)[];

type DetailField = (typeof fields)[number] | (typeof telephonyFields)[number];

export type DetailChanges = { [Field in DetailField]?: Details[Field] | null | undefined };

/** Is anything changed of the item of details alone? */
export function touchesDetails(changes: object): boolean {
  return fields.some((field) => (changes as DetailChanges)[field] !== undefined);
}

/** The details with a request's changes; null takes a value away. @param seal for what is sealed */
export function changedDetails(
  before: Details,
  changes: DetailChanges,
  seal: { sealer: Sealer; userId: string; now: number } | undefined,
): Details {
  const given = [...fields, ...telephonyFields].filter((field) => changes[field] !== undefined);
  const values = Object.fromEntries(given.map((field) => [field, changes[field] ?? undefined])) as Details;
  return { ...before, ...values, ...sealedChanges(changes, seal) };
}

/** Writes of the items that a request's changes touch. They go with a change of the user, whose version guards them. */
export function detailWrites(userId: string, details: Details, changes: object): Write[] {
  return [
    ...(touchesDetails(changes) ? [detailsWrite(userId, details)] : []),
    ...(touchesTelephony(changes) ? [telephonyWrite(userId, details)] : []),
  ];
}

/** All but the signature and telephony. Goes with a change of the user, whose version guards it. */
export function detailsWrite(userId: string, { signature: _signature, ...details }: Details): Write {
  const values = Object.entries(details).filter(([field, value]) => !isOfTelephony(field) && value !== undefined);
  const key = userKeys.details(userId);
  if (values.length === 0) return remove(key);
  return put({ ...key, type: 'details', v: 1, ...Object.fromEntries(values) });
}

/** Goes with a change of the user, whose version guards it. @param html sanitized; undefined: none */
export function signatureWrite(userId: string, html: string | undefined): Write {
  const key = userKeys.signature(userId);
  return html === undefined ? remove(key) : put({ ...key, type: 'signature', v: 1, html });
}

/** Writes of a new user's details; none where there are none. */
export function detailsCreation(userId: string, details: Details): Write[] {
  const all = [
    detailsWrite(userId, details),
    telephonyWrite(userId, details),
    signatureWrite(userId, details.signature),
  ];
  return all.filter(({ kind }) => kind === 'put');
}
