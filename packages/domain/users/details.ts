// What only the detail page of a user shows: an item beside the user's own, which lists and session checks never read. The
// user's version counts its changes, too.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { userKeys } from '#table/keys.ts';
import type { Sealer } from '#table/seal.ts';
import { type Item, put, remove, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { profileItem } from '../profiles/profile.ts';

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

export interface Details extends Omit<z.output<ReturnType<typeof detailsItem>>, 'type' | 'v'> {
  /** HTML, sanitized. */
  signature?: string | undefined;
}

export function readDetails(item: Item | undefined, signature?: Item | undefined): Details {
  const { type: _type, v: _v, ...details } = item ? detailsItem().parse(item) : { type: undefined, v: undefined };
  return { ...details, ...(signature && { signature: signatureItem().parse(signature).html }) };
}

export async function detailsOf(deps: Deps, userId: string): Promise<Details> {
  const [item, signature] = await deps.table.batchGet([userKeys.details(userId), userKeys.signature(userId)]);
  return readDetails(item, signature);
}

/** As the API shows them; secrets only by their presence. */
export function shownDetails({
  calDavToken,
  calDavTokenSetAt: _at,
  profilesOff: _off,
  profiles: _own,
  ...details
}: Details) {
  return { ...details, ...(calDavToken !== undefined && { hasCalDavToken: true }) };
}

/** Everything of them that the audit keeps, secrets only by their presence. */
export function auditedDetails({ calDavToken, calDavTokenSetAt, ...details }: Details) {
  return {
    ...details,
    ...(calDavToken !== undefined && { hasCalDavToken: true }),
    ...(calDavTokenSetAt !== undefined && { calDavTokenSetAt: new Date(calDavTokenSetAt).toISOString() }),
  };
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

type DetailField = (typeof fields)[number];

export type DetailChanges = { [Field in DetailField]?: Details[Field] | null | undefined };

export function touchesDetails(changes: object): boolean {
  return fields.some((field) => (changes as DetailChanges)[field] !== undefined);
}

/** The details with a request's changes; null takes a value away. @param sealer for what is sealed */
export function changedDetails(
  before: Details,
  changes: DetailChanges,
  seal: { sealer: Sealer; userId: string; now: number } | undefined,
): Details {
  const given = fields.filter((field) => changes[field] !== undefined);
  const values = Object.fromEntries(given.map((field) => [field, changes[field] ?? undefined])) as Details;
  if (values.calDavToken !== undefined) {
    if (!seal) throw new Error('A CalDAV token is kept sealed only');
    values.calDavToken = seal.sealer.seal(calDavPurpose(seal.userId), values.calDavToken);
    values.calDavTokenSetAt = seal.now;
  }
  if (changes.calDavToken === null) values.calDavTokenSetAt = undefined;
  return { ...before, ...values };
}

/** Binds the sealed token to its user: copied to another it would not open. */
export const calDavPurpose = (userId: string) => `caldav ${userId}`;

/** All but the signature. Goes with a change of the user, whose version guards it. */
export function detailsWrite(userId: string, { signature: _signature, ...details }: Details): Write {
  const values = Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
  const key = userKeys.details(userId);
  if (Object.keys(values).length === 0) return remove(key);
  return put({ ...key, type: 'details', v: 1, ...values });
}

/** Goes with a change of the user, whose version guards it. @param html sanitized; undefined: none */
export function signatureWrite(userId: string, html: string | undefined): Write {
  const key = userKeys.signature(userId);
  return html === undefined ? remove(key) : put({ ...key, type: 'signature', v: 1, html });
}

/** Writes of a new user's details; none where there are none. */
export function detailsCreation(userId: string, { signature, ...details }: Details): Write[] {
  const isAny = Object.values(details).some((value) => value !== undefined);
  return [
    ...(isAny ? [detailsWrite(userId, details)] : []),
    ...(signature === undefined ? [] : [signatureWrite(userId, signature)]),
  ];
}
