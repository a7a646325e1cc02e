// How many seats were owned when.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { licenseKeys } from '#table/keys.ts';
import type { Deps } from '../deps.ts';

const ownedItem = once(() =>
  z.object({ type: z.literal('owned'), v: z.literal(1), owned: z.number(), by: z.string(), at: z.number() }),
);

/** @returns gives what was owned just before an instant (epoch ms); undefined: nobody had heard of the license yet */
export async function ownedOver(deps: Deps, license: string): Promise<(before: number) => number | undefined> {
  const partition = licenseKeys.partition(license);
  const changes = await Array.fromAsync(
    deps.table.all({ partition, beginsWith: licenseKeys.ownedPrefix, consistent: true }),
    (item) => ownedItem().parse(item),
  );
  return (before) => changes.findLast(({ at }) => at < before)?.owned;
}
