// Delivering what waits in the outbox: messages to people, entries to the audit. The stream's record is only a wake-up: what is
// delivered is the item as it stands now.

import { outboxPartitions } from '#table/keys.ts';
import { remove, update } from '#table/write.ts';
import { type WaitingEntry, waitingEntry } from '../audit/audit.ts';
import { entriesItem, type WaitingEntries } from '../audit/entries.ts';
import { keep } from '../audit/keep.ts';
import { deliverEntries } from '../bulk/audit.ts';
import type { Deps } from '../deps.ts';
import { type Channel, sealPurpose, type WaitingMessage, waitingMessage } from './outbox.ts';

/** Sends one message. @throws Unsendable when it can never be sent; anything else means: try again. */
export type Send = (message: OpenMessage) => Promise<void>;

export interface OpenMessage {
  channel: Channel;
  to: string;
  userId: string;
  language: string;
  template: string;
  data: Record<string, string | number>;
}

/** No repeat will help: the message itself is refused. */
export class Unsendable extends Error {
  override readonly name = 'Unsendable';
}

type Waiting = WaitingMessage | WaitingEntry | WaitingEntries;

const WAITED_MS = 2 * 60_000;
const KEPT_SECONDS = 30 * 86_400;

/** Delivers what is at this place, if it still waits. */
export async function deliver(deps: Deps, place: { pk: string; sk: string }, send: Send): Promise<void> {
  const item = await deps.table.get(place);
  if (item?.type === 'message') await sendOnce(deps, waitingMessage().parse(item), send);
  if (item?.type === 'entry') await keep(deps, waitingEntry().parse(item));
  if (item?.type === 'entries') await deliverEntries(deps, entriesItem().parse(item));
}

/** Sent twice only when the removal after sending was cut off. */
async function sendOnce(deps: Deps, waiting: WaitingMessage, send: Send): Promise<void> {
  if (waiting.deadAt <= deps.now()) return giveUp(deps, waiting, 'nobody needs it any more');
  const sealer = await deps.sealer();
  const data = sealer.unseal(sealPurpose(waiting.id), waiting.data) as OpenMessage['data'] | undefined;
  if (!data) return giveUp(deps, waiting, 'it cannot be unsealed');
  try {
    await send({
      channel: waiting.channel,
      to: waiting.to,
      userId: waiting.userId,
      language: waiting.language,
      template: waiting.template,
      data,
    });
  } catch (error) {
    if (!(error instanceof Unsendable)) throw error;
    return giveUp(deps, waiting, error.message);
  }
  await ifUnchanged(() => deps.table.write(remove(waiting, asRead(waiting))));
}

/**
 * Wakes what has waited too long: a change of the item makes a stream record, which delivers it.
 * @returns how many, and how long the oldest has been waiting
 */
export async function wake(deps: Deps): Promise<{ woken: number; oldestSeconds: number }> {
  let woken = 0;
  let oldestMs = 0;
  for (const partition of outboxPartitions) {
    const upTo = new Date(deps.now() - WAITED_MS).toISOString();
    for await (const item of deps.table.all({ partition, upTo, consistent: true })) {
      if (item.type !== 'message' && item.type !== 'entry' && item.type !== 'entries') continue;
      const waiting = item as Waiting;
      await ifUnchanged(() => deps.table.write(update(waiting, { set: { wokenAt: deps.now() } }, asRead(waiting))));
      woken++;
      oldestMs = Math.max(oldestMs, deps.now() - waiting.createdAt);
    }
  }
  return { woken, oldestSeconds: Math.floor(oldestMs / 1000) };
}

/** The message stays to be seen, for 30 days, but waits no longer; the metric MailUndelivered raises the alarm. */
async function giveUp(deps: Deps, message: WaitingMessage, reason: string): Promise<void> {
  const ttl = Math.ceil(deps.now() / 1000) + KEPT_SECONDS;
  const changes = { set: { type: 'undelivered', reason, ttl }, remove: ['data'] };
  await ifUnchanged(() => deps.table.write(update(message, changes, asRead(message))));
  deps.log({
    level: 'error',
    event: 'mail_undelivered',
    metric: 'MailUndelivered',
    message: message.id,
    channel: message.channel,
    template: message.template,
    user: message.userId,
    reason,
  });
}

function asRead({ id }: Waiting) {
  return { if: ['=', 'id', id] as const, otherwise: () => new Replaced() };
}

/** A newer mail took the place, or another worker was faster: it has a stream record of its own. */
async function ifUnchanged(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof Replaced)) throw error;
  }
}

class Replaced extends Error {
  override readonly name = 'Replaced';
}
