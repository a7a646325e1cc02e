// Which numbers of a kind are used, rest or are kept back, and the next free one (S3-6).

import { numbers as contract } from '#contract/numbers.ts';
import { page, shown, startAt } from '#domain/numbers/directory.ts';
import { nextFree } from '#domain/numbers/next-free.ts';
import { reservedOf } from '#domain/numbers/numbers.ts';
import { serve } from '#serve/serve.ts';
import { openCursor, sealCursor } from '#table/cursor.ts';
import type { Position } from '#table/page.ts';

export const handler = serve(contract['list-numbers'], async ({ deps, request, caller }) => {
  const { kind } = request.params;
  const { limit, cursor, from } = request.query;
  const { settings } = caller.definitions;
  const sealer = await deps.sealer();
  const list = `numbers ${kind} ${from} caller=${caller.user.id}`;
  const begin = from === undefined ? undefined : startAt(kind, from);
  const [found, free] = await Promise.all([
    page(deps, kind, { from: cursor === undefined ? begin : openCursor<Position>(sealer, list, cursor), limit }),
    // Once is enough: it does not depend on the page.
    cursor === undefined ? nextFree(deps, kind, from, settings) : undefined,
  ]);
  return {
    numbers: await shown(deps, caller, found.numbers, settings),
    reserved: [...reservedOf(kind, settings)],
    ...(free !== undefined && { nextFree: free }),
    ...(found.next && { next: sealCursor(sealer, list, found.next) }),
  };
});
