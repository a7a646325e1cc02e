// How a user becomes another version of themselves: what a request names, as it is kept, and what follows from it.

import type { User } from './user.ts';

/** The next version of a user: changes applied, counted, dated. */
export function changed(user: User, now: number, changes: Partial<User>): User {
  return { ...user, ...changes, version: user.version + 1, updatedAt: now };
}

/** Fields that are kept as they are written. */
const editable = [
  'title',
  'emoji',
  'authEmail',
  'mobile',
  'verifyType',
  'secondFactor',
  'sessionSeconds',
  'maxSessions',
  'allowedNetworks',
  'language',
  'access',
  'rights',
  'roles',
  'queued',
  'alias',
  'numericId',
  'extension',
  'virtualExtension',
  'recording',
  'forwarding',
  'target',
  'devices',
  'groups',
  'skills',
  'tags',
] as const satisfies readonly (keyof User)[];

type Editable = Pick<User, (typeof editable)[number]>;

const flags = ['superUser', 'allSkills', 'allTags', 'recordingControl', 'staticLogin'] as const;
const instants = ['activeFrom', 'activeUntil'] as const;
const written = [...flags, ...instants] as const;

/** What is written otherwise than it is kept: an instant as text, a flag that is only kept when it is on. */
interface Written {
  superUser?: boolean | undefined;
  allSkills?: boolean | undefined;
  allTags?: boolean | undefined;
  recordingControl?: boolean | null | undefined;
  staticLogin?: boolean | null | undefined;
  activeFrom?: string | null | undefined;
  activeUntil?: string | null | undefined;
}

/**
 * The next version of a user with an administrator's changes; null takes a value away. Another address, number or factor ends
 * sessions, challenges and resets: they were proven under the old one.
 */
export function changesOf(before: User, changes: UserChanges, now: number): User {
  const after = changed(before, now, keptOf(changes));
  if (after.authEmail !== before.authEmail) after.authEmailTrouble = undefined;
  return isProvenAnew(before, after) ? { ...after, epoch: before.epoch + 1 } : after;
}

/** Changes of the user's item; what else a request names is not its concern. */
export type UserChanges = { [Field in keyof Editable]?: Editable[Field] | null | undefined } & Written;

/** Fields of a request as they are kept on the user's item. */
export function keptOf(changes: UserChanges): Partial<User> {
  const given = [...editable, ...written].filter((field) => changes[field] !== undefined);
  const values = given.map((field) => {
    const value = changes[field];
    if (value === null || value === false) return [field, undefined];
    if (field === 'devices') return [field, keptDevices(value as NonNullable<User['devices']>)];
    return [field, (instants as readonly string[]).includes(field) ? Date.parse(value as string) : value];
  });
  return Object.fromEntries(values);
}

/** None are those that the user logs in to. In the order of their fields: what is compared as text, and comes from the table, must not differ by that. */
function keptDevices(devices: NonNullable<User['devices']>): User['devices'] {
  if (devices.length === 0) return undefined;
  return devices.map(({ device, delaySeconds, ringSeconds }) => ({ device, delaySeconds, ringSeconds }));
}

/** Was anything changed by which the user proves who they are? What was proven before is then worth nothing. */
function isProvenAnew(before: User, after: User): boolean {
  return (['authEmail', 'mobile', 'secondFactor', 'verifyType'] as const).some(
    (field) => after[field] !== before[field],
  );
}
