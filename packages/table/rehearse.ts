// What a transaction would be refused for, without writing anything: its conditions are data, so they are judged here by the items
// as they stand. Only the commit itself decides; this says what it would say at this moment.

import type { Condition } from './condition.ts';
import type { Key } from './keys.ts';
import type { Table } from './table.ts';
import type { Item, Write } from './write.ts';

/** Of one batch read. */
const AT_ONCE = 100;

export interface Rehearsal {
  /** Members whose condition does not hold, in their order, each with the item as it stands. */
  failed: { write: Write; found: Item | undefined }[];
  /** The items asked for beside, of the same moment. */
  beside: (Item | undefined)[];
}

/** @param beside items that are read with those that the conditions look at */
export async function rehearse(
  table: Table,
  writes: readonly Write[],
  beside: readonly Key[] = [],
): Promise<Rehearsal> {
  const conditional = writes.filter((write) => write.if !== undefined);
  const keys = new Map([...conditional.map(keyOf), ...beside].map((key) => [placeOf(key), key]));
  const found = new Map<string, Item | undefined>();
  const places = [...keys.keys()];
  for (let n = 0; n < places.length; n += AT_ONCE) {
    const some = places.slice(n, n + AT_ONCE);
    const items = await table.batchGet(some.map((place) => keys.get(place) as Key));
    for (const [at, place] of some.entries()) found.set(place, items[at]);
  }
  const failed = conditional
    .map((write) => ({ write, found: found.get(placeOf(keyOf(write))) }))
    .filter(({ write, found: item }) => !holds(write.if as Condition, item));
  return { failed, beside: beside.map((key) => found.get(placeOf(key))) };
}

/** As DynamoDB judges it. What is not there equals nothing, is neither more nor less, and is another than everything. */
export function holds(condition: Condition, item: Item | undefined): boolean {
  switch (condition[0]) {
    case 'and':
    case 'or': {
      const [word, ...parts] = condition;
      const each = (part: Condition) => holds(part, item);
      return word === 'and' ? parts.every(each) : parts.some(each);
    }
    case 'absent':
      return valueAt(item, condition[1]) === undefined;
    case 'exists':
      return valueAt(item, condition[1]) !== undefined;
    case 'size>':
      return sizeOf(valueAt(item, condition[1])) > condition[2];
    case 'contains':
      return contains(valueAt(item, condition[1]), condition[2]);
    case '=':
      return isSame(valueAt(item, condition[1]), condition[2]);
    case '<>':
      return !isSame(valueAt(item, condition[1]), condition[2]);
    default:
      return isOrdered(condition[0], valueAt(item, condition[1]), condition[2]);
  }
}

const keyOf = (write: Write): Key => (write.kind === 'put' ? write.item : write.key);
const placeOf = ({ pk, sk }: Key) => `${pk}\n${sk}`;

function valueAt(item: Item | undefined, path: string): unknown {
  return path.split('.').reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], item);
}

function isSame(a: unknown, b: unknown): boolean {
  return a !== undefined && typeof a === typeof b && JSON.stringify(a) === JSON.stringify(b);
}

function isOrdered(sign: '<' | '<=' | '>' | '>=', a: unknown, b: unknown): boolean {
  const isComparable = typeof a === typeof b && (typeof a === 'number' || typeof a === 'string');
  if (!isComparable) return false;
  const [x, y] = [a, b] as [number, number];
  if (sign === '<') return x < y;
  if (sign === '<=') return x <= y;
  return sign === '>' ? x > y : x >= y;
}

function sizeOf(value: unknown): number {
  if (value instanceof Set) return value.size;
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return Number.NEGATIVE_INFINITY;
}

function contains(value: unknown, wanted: unknown): boolean {
  if (value instanceof Set) return value.has(wanted);
  if (typeof value === 'string') return value.includes(String(wanted));
  return Array.isArray(value) && value.some((each) => isSame(each, wanted));
}
