// Reads what a call to a user is decided by, and decides. With the number's item at hand that is one trip; each extension that the call
// is passed on to costs two more.

import type { Failure } from '#contract/call-failures.ts';
import type { Item } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import type { Device, Queue } from '../records/record.ts';
import { deviceIdsOf } from './devices.ts';
import { type Inbound, routeInbound } from './inbound.ts';
import * as known from './known.ts';
import { named, ownerOf, type Party, partyOf } from './party.ts';

export interface AskedInbound {
  /** One of both. */
  extension?: string | undefined;
  user?: string | undefined;
  queue?: string | undefined;
  failed?: Failure | undefined;
}

/**
 * @param ahead the item of the extension, where it was read beside the authentication
 * @throws Problem `user_not_found`, `extension_not_found`, `record_not_found`
 */
export async function inboundCall(
  deps: Deps,
  asked: AskedInbound,
  ahead?: { item: Item | undefined },
): Promise<Inbound> {
  const [first, devices, queues] = await Promise.all([
    named(deps, asked, partyOf, ahead),
    known.current(deps, 'device'),
    known.current(deps, 'queue'),
  ]);
  const queue = asked.queue === undefined ? undefined : await known.require(deps, 'queue', queues, asked.queue);
  const call = { queue, failed: asked.failed, now: deps.now() };
  const owners = new Map<string, Party | undefined>();
  let read = await withTheirs(deps, first, { devices, queues });
  for (;;) {
    const decision = routeInbound(call, first, { owners, ...read });
    if (!('wants' in decision)) return decision;
    const owner = await ownerOf(deps, decision.wants, partyOf);
    owners.set(decision.wants, owner);
    if (owner) read = await withTheirs(deps, owner, read);
  }
}

/** Devices and target of the user, too, where another process has just made them. */
async function withTheirs(
  deps: Deps,
  party: Party,
  { devices, queues }: { devices: ReadonlyMap<string, Device>; queues: ReadonlyMap<string, Queue> },
) {
  const { target } = party.user;
  const [allDevices, allQueues] = await Promise.all([
    known.knowing(deps, 'device', devices, deviceIdsOf(party)),
    known.knowing(deps, 'queue', queues, target?.startsWith('que_') ? [target] : []),
  ]);
  return { devices: allDevices, queues: allQueues };
}
