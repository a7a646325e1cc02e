// Who held a seat of a license at an instant, since when, until when, and why.

import { licenseHistory as contract } from '#contract/license-history.ts';
import { Problem } from '#contract/problems.ts';
import { heldAt } from '#domain/ledger/held-at.ts';
import { shownIntervals } from '#domain/ledger/shown-intervals.ts';
import { requireLicense } from '#domain/licenses/history.ts';
import { serve } from '#serve/serve.ts';
import { openCursor, sealCursor } from '#table/cursor.ts';
import type { Position } from '#table/page.ts';

/** Kept in the cursor: "now" must not move while somebody pages. */
interface Paging {
  at: number;
  from: Position;
}

export const handler = serve(contract['list-license-holders'], async ({ deps, request, caller }) => {
  const { limit, cursor, at } = request.query;
  const { id } = await requireLicense(deps, caller.definitions.licensing, request.params.licenseId, '/path/licenseId');
  const sealer = await deps.sealer();
  const list = `holders ${id} ${at} caller=${caller.user.id}`;
  const paging = cursor === undefined ? undefined : openCursor<Paging>(sealer, list, cursor);
  const instant = paging?.at ?? instantOf(at, deps.now());
  const { intervals, next } = await heldAt(deps, id, instant, { limit, from: paging?.from });
  return {
    at: new Date(instant).toISOString(),
    holders: await shownIntervals(deps, intervals, caller.definitions),
    ...(next && { next: sealCursor(sealer, list, { at: instant, from: next }) }),
  };
});

/** @throws Problem `invalid_input` for an instant to come */
function instantOf(at: string | undefined, now: number): number {
  const instant = at === undefined ? now : Date.parse(at);
  if (instant <= now) return instant;
  const detail = 'is still to come; nobody knows who will hold a seat then. Leave it out for who holds one now';
  throw new Problem('invalid_input', {
    detail: `/query/at ${detail}`,
    errors: [{ pointer: '/query/at', detail }],
    because: at,
    remedy: 'Leave it out, or send an instant of the past',
  });
}
