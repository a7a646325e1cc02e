// Writes as values: a put, an update, a removal or a check, each with the condition it stands on and the problem that its failure means.

import { type Changes, type Condition, Placeholders } from './condition.ts';
import type { Key } from './keys.ts';

export type Item = Record<string, unknown> & Key;

interface Conditional {
  if?: Condition;
  /** What a failed condition means, a Problem for the caller as a rule; told from the item as it stands (undefined: there is none). */
  otherwise?: (found: Item | undefined) => Error;
}

export type Write = Conditional &
  (
    | { kind: 'put'; item: Item }
    | { kind: 'update'; key: Key; changes: Changes }
    | { kind: 'remove'; key: Key }
    | { kind: 'check'; key: Key; if: Condition }
  );

/** A write that can stand alone; a check needs something to go with. */
export type LoneWrite = Exclude<Write, { kind: 'check' }>;

export const put = (item: Item, conditional: Conditional = {}): LoneWrite => ({ kind: 'put', item, ...conditional });
export const update = (key: Key, changes: Changes, conditional: Conditional = {}): LoneWrite => ({
  kind: 'update',
  key,
  changes,
  ...conditional,
});
export const remove = (key: Key, conditional: Conditional = {}): LoneWrite => ({ kind: 'remove', key, ...conditional });
export const check = (key: Key, condition: Condition, otherwise?: Conditional['otherwise']): Write => ({
  kind: 'check',
  key,
  if: condition,
  ...(otherwise && { otherwise }),
});

export const absent: Condition = ['absent', 'pk'];
export const present: Condition = ['exists', 'pk'];

/** A transaction takes one write of an item: what several of these writes count at one is counted by the first of them. */
export function countedOnce(writes: readonly Write[]): Write[] {
  const counts = new Map<string, Extract<Write, { kind: 'update' }>>();
  const found: Write[] = [];
  for (const write of writes) {
    if (write.kind !== 'update' || !isCount(write.changes)) {
      found.push(write);
      continue;
    }
    const place = `${write.key.pk}\n${write.key.sk}`;
    const first = counts.get(place);
    if (first) first.changes = { increase: sums(first.changes.increase, write.changes.increase) };
    else {
      const copy = { ...write };
      counts.set(place, copy);
      found.push(copy);
    }
  }
  return found;
}

function isCount({ increase, ...others }: Changes): boolean {
  return increase !== undefined && Object.keys(others).length === 0;
}

function sums(a: Record<string, number> = {}, b: Record<string, number> = {}): Record<string, number> {
  const fields = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(fields.map((field) => [field, (a[field] ?? 0) + (b[field] ?? 0)]));
}

/** A write as a member of TransactWriteItems. */
export function transactMember(tableName: string, write: Write) {
  const placeholders = new Placeholders();
  const expressions = {
    ...(write.kind === 'update' && { UpdateExpression: placeholders.update(write.changes) }),
    ...(write.if && {
      ConditionExpression: placeholders.condition(write.if),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    }),
  };
  const target = write.kind === 'put' ? { Item: write.item } : { Key: { pk: write.key.pk, sk: write.key.sk } };
  const member = { TableName: tableName, ...target, ...expressions, ...placeholders.attributes };
  return { [memberName[write.kind]]: member };
}

const memberName = { put: 'Put', update: 'Update', remove: 'Delete', check: 'ConditionCheck' } as const;
