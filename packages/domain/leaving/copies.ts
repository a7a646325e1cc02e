// The sealed copy of a deleted user: all items that make them whole, in parts, each sealed with the tenant's key for just this user
// and place. What is larger than an item may be is cut into slices.

import { deletedPartKey, deletedPartsPartition, type Key } from '#table/keys.ts';
import type { Sealer } from '#table/seal.ts';
import { type Item, put, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';

/** An item has 400 kB at most. */
const SLICE_CHARS = 300_000;

export interface Part {
  n: number;
  items: Item[];
  /** Where its slices stand. */
  keys: Key[];
}

export function partWrites(sealer: Sealer, userId: string, n: number, items: readonly Item[]): Write[] {
  const sealed = sealer.seal(purpose(userId, n), items.map(frozen));
  const slices = Array.from({ length: Math.ceil(sealed.length / SLICE_CHARS) }, (_, at) =>
    sealed.slice(at * SLICE_CHARS, (at + 1) * SLICE_CHARS),
  );
  return slices.map((text, slice) =>
    put({ ...deletedPartKey(userId, n, slice), type: 'deleted-part', v: 1, n, sealed: text }),
  );
}

/** In their order. */
export async function partsOf(deps: Deps, userId: string): Promise<Part[]> {
  const slices = new Map<number, { text: string; keys: Key[] }>();
  for await (const item of deps.table.all({ partition: deletedPartsPartition(userId), consistent: true })) {
    const { text, keys } = slices.get(item.n as number) ?? { text: '', keys: [] };
    slices.set(item.n as number, {
      text: text + (item.sealed as string),
      keys: [...keys, { pk: item.pk, sk: item.sk }],
    });
  }
  const sealer = await deps.sealer();
  return [...slices].map(([n, { text, keys }]) => {
    const items = sealer.unseal(purpose(userId, n), text);
    if (!items) throw new Error(`Part ${n} of the copy of ${userId} does not open with the tenant's keys`);
    return { n, keys, items: (items as unknown[]).map(thawed) as Item[] };
  });
}

const purpose = (userId: string, n: number) => `deleted user ${userId} part ${n}`;

/** JSON knows neither sets nor bytes. */
function frozen(value: unknown): unknown {
  if (value instanceof Set) return { $set: [...value] };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  return deeply(value, frozen);
}

function thawed(value: unknown): unknown {
  const { $set, $bytes } = (value ?? {}) as { $set?: unknown[]; $bytes?: string };
  if ($set) return new Set($set);
  if ($bytes !== undefined) return new Uint8Array(Buffer.from($bytes, 'base64'));
  return deeply(value, thawed);
}

function deeply(value: unknown, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, change(each)]));
}
