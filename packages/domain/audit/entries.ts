// The entries of many changes that were committed together: one item in the outbox stands for all of them, and names where they
// are read from. What stands there never changes, so delivering twice inserts the same entries, and the second time changes nothing.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { outboxKey } from '#table/keys.ts';
import { absent, type Item, put, type Write } from '#table/write.ts';
import { type Deps, newId } from '../deps.ts';
import { keptDays } from './audit.ts';

export const entriesItem = once(() =>
  z.object({
    type: z.literal('entries'),
    v: z.literal(1),
    pk: z.string(),
    sk: z.string(),
    id: z.string(),
    createdAt: z.number(),
    /** The chunk of a bulk edit. */
    plan: z.string(),
    chunk: z.number(),
    /** As in each entry. */
    at: z.number(),
    actor: z.string(),
    session: z.string().optional(),
    token: z.string().optional(),
    network: z.string(),
    request: z.string(),
    keptUntil: z.number(),
  }),
);

export type WaitingEntries = z.output<ReturnType<typeof entriesItem>>;

type Told = Pick<WaitingEntries, 'plan' | 'chunk' | 'at' | 'actor' | 'network' | 'request'> & {
  session?: string | undefined;
  token?: string | undefined;
};

export function waitingEntries(deps: Deps, told: Told): Write {
  const id = newId(deps, 'aud');
  const item: WaitingEntries = {
    type: 'entries',
    v: 1,
    ...outboxKey(told.at, id),
    id,
    createdAt: told.at,
    ...told,
    keptUntil: Math.ceil(told.at / 1000) + keptDays(deps) * 86_400,
  };
  return put(item as unknown as Item, { if: absent });
}
