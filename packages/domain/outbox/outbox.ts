// Messages (mails and SMS) that changes cause, written with the change and sent by the stream, at least once, until what they say is dead.
// What stands in an outbox partition has still to go out; delivery removes it.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { key, outboxKey } from '#table/keys.ts';
import { type Item, put, type Write } from '#table/write.ts';
import { type Deps, newId } from '../deps.ts';

export const waitingMessage = once(() =>
  z.object({
    type: z.literal('message'),
    v: z.literal(1),
    pk: z.string(),
    sk: z.string(),
    /** Changes with each overwriting, so that delivery removes only what it sent. */
    id: z.string(),
    userId: z.string(),
    channel: z.enum(['email', 'sms']),
    to: z.string(),
    language: z.string(),
    template: z.string(),
    /** Sealed: codes and links stand in it. */
    data: z.string(),
    createdAt: z.number(),
    deadAt: z.number(),
  }),
);

export type WaitingMessage = z.output<ReturnType<typeof waitingMessage>>;

export type Channel = 'email' | 'sms';

export interface Message {
  userId: string;
  channel: Channel;
  /** An email address, or a number like +420601234567. */
  to: string;
  language: string;
  template: string;
  data: Record<string, string | number>;
  /** Epoch ms from which on nobody needs it any more. */
  deadAt: number;
  /** A message under the same name that still waits is replaced: an old code must not arrive after the new one. */
  replaces?: { createdAt: number; name: string };
}

export async function message(deps: Deps, message: Message): Promise<Write> {
  const id = newId(deps, 'out');
  const place = message.replaces
    ? outboxKey(message.replaces.createdAt, message.replaces.name)
    : outboxKey(deps.now(), id);
  const sealer = await deps.sealer();
  const item: WaitingMessage = {
    type: 'message',
    v: 1,
    ...place,
    id,
    userId: message.userId,
    channel: message.channel,
    to: message.to,
    language: message.language,
    template: message.template,
    data: sealer.seal(sealPurpose(id), message.data),
    createdAt: deps.now(),
    deadAt: message.deadAt,
  };
  return put(item as unknown as Item);
}

export const sealPurpose = (id: string) => `outbox ${id}`;

/**
 * Stands in for a message where none is due, so that asking for a reset costs the same whether the account exists (K14).
 * Nobody reads it; the table forgets it.
 */
export async function decoy(deps: Deps): Promise<Write> {
  const id = newId(deps, 'out');
  const sealer = await deps.sealer();
  const data = sealer.seal(sealPurpose(id), { link: 'x'.repeat(120) });
  const ttl = Math.ceil(deps.now() / 1000) + 3600;
  return put({ ...outboxKey(deps.now(), id), pk: key('DECOY', id), type: 'decoy', v: 1, id, data, ttl });
}
