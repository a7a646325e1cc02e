// Reads what a call of a user is decided by, and decides.

import type { Item } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { deviceIdsOf } from './devices.ts';
import * as known from './known.ts';
import { type Outbound, routeOutbound } from './outbound.ts';
import { named, partyOf } from './party.ts';

export interface AskedOutbound {
  /** One of both. */
  extension?: string | undefined;
  user?: string | undefined;
  to?: string | undefined;
  queue?: string | undefined;
  trunk?: string | undefined;
}

/**
 * @param ahead the item of the extension, where it was read beside the authentication
 * @throws Problem `user_not_found`, `extension_not_found`, `record_not_found`
 */
export async function outboundCall(
  deps: Deps,
  asked: AskedOutbound,
  ahead?: { item: Item | undefined },
): Promise<Outbound> {
  const one = async <Kind extends 'queue' | 'trunk'>(kind: Kind, id: string | undefined) =>
    id === undefined ? undefined : known.require(deps, kind, await known.current(deps, kind), id);
  const [party, devices, callerIds, queue, trunk] = await Promise.all([
    named(deps, asked, partyOf, ahead),
    known.current(deps, 'device'),
    known.current(deps, 'caller-ids'),
    one('queue', asked.queue),
    one('trunk', asked.trunk),
  ]);
  const call = { to: asked.to, queue, trunk, now: deps.now() };
  const theirs = await known.knowing(deps, 'device', devices, deviceIdsOf(party));
  return routeOutbound(deps, call, party, { callerIds: callerIds.values(), devices: theirs });
}
