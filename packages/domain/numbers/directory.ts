// The numbers of a kind in their order, page by page, and whose they are to who may see them.

import { type NumberKind, numberPartitions } from '#table/keys.ts';
import { type Position, page as pageOf } from '#table/page.ts';
import type { Deps } from '../deps.ts';
import type { Viewer } from '../grants/sight.ts';
import { titlesInSight } from '../users/in-sight.ts';
import { freeAt, keyOf, type NumberItem, numberItem, type Rules } from './numbers.ts';

/** Numbers that are used or rest, in their order. @param from `next` of the page before, or `startAt` a number */
export async function page(
  deps: Deps,
  kind: NumberKind,
  { from, limit }: { from: Position | undefined; limit: number },
): Promise<{ numbers: NumberItem[]; next?: Position }> {
  const { rows, next } = await pageOf(deps.table, {
    partitions: numberPartitions(kind),
    limit,
    from,
    row: (item) => numberItem().parse(item),
  });
  return { numbers: rows, ...(next && { next }) };
}

/** Where a list begins of which this number is the first, whether it is there or not; undefined: with the very first. */
export function startAt(kind: NumberKind, number: string): Position | undefined {
  const length = kind === 'extensions' ? number.length : 0;
  const isFirst = Number(number) === 0 && length <= 2;
  // One digit is no extension: those of two are the shortest.
  if (isFirst || length === 1) return undefined;
  // The one before: of as many digits, or else the last of one digit less.
  const before = Number(number) > 0 ? String(Number(number) - 1).padStart(length, '0') : '9'.repeat(length - 1);
  const { sk } = keyOf(kind, before);
  return Object.fromEntries(numberPartitions(kind).map((pk) => [pk, { pk, sk }]));
}

/** As the API shows them: the title of the owner, where they are in sight; of one that rests nobody’s. */
export async function shown(deps: Deps, viewer: Viewer, numbers: readonly NumberItem[], rules: Rules) {
  const used = numbers.filter(({ leftAt }) => leftAt === undefined);
  const titles = await titlesInSight(
    deps,
    viewer,
    used.map(({ userId }) => userId),
  );
  const isFree = (until: number | undefined) => until !== undefined && until <= deps.now();
  return numbers
    .map((item) => ({ item, until: freeAt(item, rules) }))
    .filter(({ until }) => !isFree(until))
    .map(({ item: { number, userId }, until }) => {
      if (until !== undefined) return { number, state: 'resting' as const, freeAt: new Date(until).toISOString() };
      const title = titles.get(userId);
      return { number, state: 'used' as const, ...(title !== undefined && { user: { id: userId, title } }) };
    });
}
