// Numbers that belong to one user at a time: numeric IDs (S3-5) and extensions (S0-40, S4-17). Each is an item of its own, so that two
// users cannot take one at once. Who leaves or changes theirs leaves it resting: nobody gets a call that was meant for them.

import * as z from 'zod';
import { europeanEmergency } from '#contract/fields.ts';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';
import { type NumberKind, numberKey } from '#table/keys.ts';
import { put, remove, type Write } from '#table/write.ts';
import type { User } from '../users/user.ts';

const DAY_MS = 86_400_000;

export const numberItem = once(() =>
  z.object({
    type: z.literal('number'),
    v: z.literal(1),
    number: z.string(),
    /** Whose it is, or was. */
    userId: z.string(),
    /** Epoch ms at which they left it; absent while it is theirs. */
    leftAt: z.number().optional(),
  }),
);

export type NumberItem = z.output<ReturnType<typeof numberItem>>;

type Numbered = Pick<User, 'id' | 'numericId' | 'extension' | 'virtualExtension' | 'queued' | 'updatedAt'>;
export type Rules = Pick<Settings, 'numberQuarantineDays' | 'reservedNumericIds' | 'reservedExtensions'>;

/** Where numbers of a kind stand on a user: one may go from one field to another, and is theirs all along. */
const fields = {
  'numeric-ids': ['numericId'],
  extensions: ['extension', 'virtualExtension'],
} as const satisfies Record<NumberKind, readonly (keyof User)[]>;

const kinds = Object.keys(fields) as NumberKind[];

type Field = (typeof fields)[NumberKind][number];

/**
 * What a change of a user means for their numbers; `before` is undefined for a new one, `after` for one who is gone.
 * @throws Problem `invalid_input` for a reserved one, at commit `number_taken`
 */
export function moves(before: Numbered | undefined, after: Numbered | undefined, now: number, rules: Rules): Write[] {
  const taken = kinds.flatMap((kind) => {
    const had = held(kind, before);
    return [...held(kind, after)]
      .filter(([number]) => !had.has(number))
      .map(([number, field]) => take(kind, field, number, (after as Numbered).id, now, rules));
  });
  return [...(before ? releases(before, after, now) : []), ...taken];
}

/**
 * The part of it that no rule stands against: a number that is not the user's any more begins to rest. What only waited for a
 * sign-out nobody was ever called by, so it is free at once.
 */
export function releases(before: Numbered, after: Numbered | undefined, now = (after ?? before).updatedAt): Write[] {
  return kinds.flatMap((kind) => {
    const has = held(kind, after);
    const wasInUse = (number: string) => fields[kind].some((field) => before[field] === number);
    return [...held(kind, before).keys()]
      .filter((number) => !has.has(number))
      .map((number) => release(kind, number, before, wasInUse(number) ? now : undefined));
  });
}

/** What is the user's, and what will be at their next sign-out, each with the field that it is in. */
function held(kind: NumberKind, user: Numbered | undefined): Map<string, Field> {
  const found = new Map<string, Field>();
  const waiting = kind === 'extensions' ? user?.queued?.extension : undefined;
  if (waiting) found.set(waiting, 'extension');
  for (const field of fields[kind]) {
    const number = user?.[field];
    if (number !== undefined) found.set(number, field);
  }
  return found;
}

/** All internal numbers by which the user is called, or will be from their next sign-out on. */
export function extensionsOf(user: Numbered): string[] {
  return [...held('extensions', user).keys()];
}

/** Numbers of a kind that the tenant keeps back. */
export function reservedOf(kind: NumberKind, rules: Rules): readonly string[] {
  return kind === 'numeric-ids' ? rules.reservedNumericIds : [europeanEmergency, ...rules.reservedExtensions];
}

/** Is it one of the numbers, or within one of the ranges like 900-999? */
export function isReserved(number: string, ranges: readonly string[]): boolean {
  return reservedUntil(number, ranges) !== undefined;
}

/** The end of the range that it is in; undefined where it is in none. 0950 is another number than 950. */
export function reservedUntil(number: string, ranges: readonly string[]): number | undefined {
  const ends = ranges.flatMap((range) => {
    const [from = range, to = from] = range.split('-');
    const isAlike = number.length === from.length || !(number.startsWith('0') || from.startsWith('0'));
    return isAlike && Number(number) >= Number(from) && Number(number) <= Number(to) ? [Number(to)] : [];
  });
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

/** Until when nobody else gets it; undefined while it is somebody's. */
export function freeAt({ leftAt }: Pick<NumberItem, 'leftAt'>, rules: Rules): number | undefined {
  return leftAt === undefined ? undefined : leftAt + rules.numberQuarantineDays * DAY_MS;
}

/**
 * Where a number stands: short extensions before long ones, since 50 and 050 are two of them, so that the order of keys is that
 * of numbers.
 */
export function keyOf(kind: NumberKind, number: string) {
  return numberKey(kind, kind === 'extensions' ? `${number.length}${number}` : number.padStart(6, '0'));
}

/** @throws Problem `invalid_input` for a number that the tenant keeps back */
export function checkNotReserved(kind: NumberKind, field: Field, number: string, rules: Rules): void {
  const ranges = reservedOf(kind, rules);
  if (isReserved(number, ranges)) throw isKeptBack(field, number, ranges);
}

function take(kind: NumberKind, field: Field, number: string, userId: string, now: number, rules: Rules): Write {
  checkNotReserved(kind, field, number, rules);
  const item = { ...keyOf(kind, number), type: 'number', v: 1, number, userId };
  const rested = now - rules.numberQuarantineDays * DAY_MS;
  return put(item, {
    if: [
      'or',
      ['absent', 'pk'],
      ['and', ['exists', 'leftAt'], ['or', ['<=', 'leftAt', rested], ['=', 'userId', userId]]],
    ],
    otherwise: (found) => taken(field, number, found && freeAt(numberItem().parse(found), rules)),
  });
}

/** @param leftAt undefined: nobody has used it, so it need not rest */
function release(kind: NumberKind, number: string, { id: userId }: Numbered, leftAt: number | undefined): Write {
  const key = keyOf(kind, number);
  const own = { if: ['=', 'userId', userId] as const };
  return leftAt === undefined ? remove(key, own) : put({ ...key, type: 'number', v: 1, number, userId, leftAt }, own);
}

function taken(field: Field, number: string, until: number | undefined) {
  const path = field === 'numericId' ? 'numeric-ids' : 'extensions';
  const why =
    until === undefined
      ? 'belongs to another user'
      : `rests until ${new Date(until).toISOString()}, since somebody left it`;
  const detail = `${number} ${why}; GET /v1/numbers/${path} shows the next free one`;
  return new Problem('number_taken', {
    detail,
    errors: [{ pointer: `/body/${field}`, detail }],
    rule: { numericId: 'S3-6', extension: 'S0-40', virtualExtension: 'S4-17' }[field],
    because: number,
    remedy: `Choose another: GET /v1/numbers/${path}`,
  });
}

function isKeptBack(field: Field, number: string, ranges: readonly string[]): Problem {
  const isEmergency = field !== 'numericId' && number === europeanEmergency;
  const detail = isEmergency
    ? `${number} calls for help all over the EU, and can be nobody’s extension; choose another`
    : `${number} is reserved by the settings (${ranges.join(', ')}); choose another`;
  return new Problem('invalid_input', {
    detail: `/body/${field} ${detail}`,
    errors: [{ pointer: `/body/${field}`, detail }],
    rule: isEmergency ? 'S1-23' : 'S3-6',
    because: isEmergency ? number : ranges,
    remedy: isEmergency ? 'Choose another' : 'Choose another, or change the settings',
  });
}
