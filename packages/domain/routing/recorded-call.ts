// Reads what the recording of a call is decided by, and decides.

import type { RecordingEvent } from '#contract/routing.ts';
import type { Deps } from '../deps.ts';
import type { Queue } from '../records/record.ts';
import * as known from './known.ts';
import { requireParty, userAlone } from './party.ts';
import { decideRecording, type Recorded } from './recording.ts';

export interface AskedRecording {
  event: RecordingEvent;
  user: string;
  queue?: string | undefined;
  fromUser?: string | undefined;
  fromQueue?: string | undefined;
}

/** @throws Problem `user_not_found`, `record_not_found` */
export async function recordedCall(deps: Deps, asked: AskedRecording): Promise<Recorded> {
  const userOf = (id: string | undefined) => (id === undefined ? undefined : requireParty(deps, id, userAlone));
  const isOfQueue = asked.queue !== undefined || asked.fromQueue !== undefined;
  const [found, from, queues] = await Promise.all([
    requireParty(deps, asked.user, userAlone),
    userOf(asked.fromUser),
    isOfQueue ? known.current(deps, 'queue') : new Map<string, Queue>(),
  ]);
  const queueOf = (id: string | undefined) => (id === undefined ? undefined : known.require(deps, 'queue', queues, id));
  const [queue, fromQueue] = await Promise.all([queueOf(asked.queue), queueOf(asked.fromQueue)]);
  return decideRecording({ event: asked.event, user: found.user, queue, fromUser: from?.user, fromQueue });
}
