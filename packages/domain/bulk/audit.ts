// The audit of a committed chunk: for each user who was changed the entry that a change of that user alone would have written.

import { createHash } from 'node:crypto';
import type { AuditEntry } from '../audit/audit.ts';
import type { WaitingEntries } from '../audit/entries.ts';
import { keepAll } from '../audit/keep.ts';
import type { Deps } from '../deps.ts';
import { readChunk } from './chunk.ts';
import { isPlanned } from './entry.ts';
import { readResult, refusalIn } from './result.ts';

export async function deliverEntries(deps: Deps, waiting: WaitingEntries): Promise<void> {
  const { plan, chunk: n } = waiting;
  const [chunk, result] = await Promise.all([readChunk(deps, plan, n), readResult(deps, plan, n)]);
  if (!chunk || !result) throw new Error(`Chunk ${n} of ${plan} is gone, and ${waiting.id} with it`);
  const changed = chunk.filter(isPlanned).filter(({ id }) => !refusalIn(result, id));
  const { at, actor, session, token, network, request } = waiting;
  const entries = changed.map(
    ({ id, version, changes }): AuditEntry => ({
      type: 'audit',
      v: 1,
      id: entryId(plan, id),
      at,
      event: 'user.changed',
      actor,
      session,
      token,
      network,
      request,
      subject: { type: 'user', id },
      changes: { version: { before: version, after: version + 1 }, ...changes },
    }),
  );
  await keepAll(deps, waiting, entries);
}

/** The same however often it is delivered: what stands there already is refused. */
function entryId(planId: string, userId: string): string {
  return `aud_${createHash('sha256').update(`${planId} ${userId}`).digest('hex').slice(0, 24)}`;
}
