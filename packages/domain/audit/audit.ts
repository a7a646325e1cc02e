// The audit: one entry for each accepted change. It is written into the outbox in the change's own transaction, and
// deliver-outbox, which alone may, inserts it into the audit (keep.ts). Entries never change.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { outboxKey } from '#table/keys.ts';
import { absent, type Item, put, type Write } from '#table/write.ts';
import { type Deps, newId } from '../deps.ts';

/** What an entry says of the request that did it. */
export const asked = once(() => ({
  /** The session it was done in, where there is one. */
  session: z.string().optional(),
  /** The API token it was done with, where there is one. */
  token: z.string().optional(),
  network: z.string().optional(),
  /** The request, to find its log lines. */
  request: z.string().optional(),
}));

export const auditItem = once(() =>
  z.object({
    type: z.literal('audit'),
    v: z.literal(1),
    id: z.string(),
    at: z.number(),
    event: z.string(),
    /** Who did it: a user, `system` for schedules and provisioning, or `operator` with the operator's key. */
    actor: z.string(),
    ...asked(),
    subject: z.object({ type: z.string(), id: z.string() }),
    /** Field → value before and after; absent where there was none. Secrets are never among them. */
    changes: z
      .record(z.string(), z.object({ before: z.unknown().optional(), after: z.unknown().optional() }))
      .optional(),
  }),
);

export type AuditEntry = z.output<ReturnType<typeof auditItem>>;

/** An entry on its way into the audit. */
export const waitingEntry = once(() =>
  z.object({
    type: z.literal('entry'),
    v: z.literal(1),
    pk: z.string(),
    sk: z.string(),
    id: z.string(),
    createdAt: z.number(),
    entry: auditItem(),
    /** Epoch s at which the table forgets the entry. */
    keptUntil: z.number(),
  }),
);

export type WaitingEntry = z.output<ReturnType<typeof waitingEntry>>;

export interface Happened {
  event: string;
  actor: string;
  session?: string | undefined;
  token?: string | undefined;
  network?: string | undefined;
  request?: string | undefined;
  subject: { type: string; id: string };
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

export function entry(deps: Deps, { before, after, ...happened }: Happened): Write {
  const at = deps.now();
  const id = newId(deps, 'aud');
  const changes = before || after ? difference(before ?? {}, after ?? {}) : undefined;
  const item: AuditEntry = { type: 'audit', v: 1, id, at, ...happened, ...(changes && { changes }) };
  const waiting: WaitingEntry = {
    type: 'entry',
    v: 1,
    ...outboxKey(at, id),
    id,
    createdAt: at,
    entry: item,
    keptUntil: Math.ceil(at / 1000) + keptDays(deps) * 86_400,
  };
  return put(waiting as unknown as Item, { if: absent });
}

/** Fields that differ, each with both values. */
export function difference(before: Record<string, unknown>, after: Record<string, unknown>): AuditEntry['changes'] {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  const entries = [...fields]
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => [field, { before: before[field], after: after[field] }] as const);
  return Object.fromEntries(entries);
}

/** As the settings say, where they are known; a write must not wait for them. */
export function keptDays(deps: Deps): number {
  return deps.definitions.known?.value.settings.auditDays ?? DAYS_KEPT;
}

const DAYS_KEPT = 730;
