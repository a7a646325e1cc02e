// What the dialplan of FreeSWITCH asks of a call: reads what it is decided by, and says what becomes of it. Who calls a number outside
// must be a user: their account said so when their telephone proved who it is, or they had the call before they sent it on.

import { phoneNumber } from '#contract/fields.ts';
import { Problem } from '#contract/problems.ts';
import { queueId, trunkId } from '#contract/records.ts';
import type { RecordingEvent } from '#contract/routing.ts';
import type { Deps } from '../deps.ts';
import { inboundCall } from '../routing/inbound-call.ts';
import { outboundCall } from '../routing/outbound-call.ts';
import { requireParty, userAlone, whyOff } from '../routing/party.ts';
import { recordedCall } from '../routing/recorded-call.ts';
import { barred, callOutside, callUser, doesRing, type Holder, passOn, type Recording, type Way } from './calls.ts';
import type { Action } from './freeswitch.ts';

/** Values as they came in. */
export interface AskedCall {
  destination: string;
  context: string;
  trunk: string | undefined;
  /** Whose telephone calls. */
  user: string | undefined;
  queue: string | undefined;
  lastUser: string | undefined;
  lastQueue: string | undefined;
  /** Whether it is recorded; absent: nothing was decided of it yet. */
  recording: string | undefined;
}

const EXTENSION = /^\d{2,6}$/;
const OUTSIDE = /^(\+|00)[1-9]\d{5,14}$/;

/**
 * @returns undefined: nothing is known of the number here
 * @throws Problem `user_not_found`, `record_not_found` where a variable of the call names nobody
 */
export async function askedCall(deps: Deps, asked: AskedCall): Promise<readonly Action[] | undefined> {
  const way = { context: asked.context, trunk: idIn(trunkId(), asked.trunk, 'trunk') };
  const call = { ...asked, queue: idIn(queueId(), asked.queue, 'queue') };
  if (EXTENSION.test(asked.destination)) return toUser(deps, call, way);
  if (OUTSIDE.test(asked.destination)) return toOutside(deps, call, way);
  return undefined;
}

async function toUser(deps: Deps, call: AskedCall, way: Way): Promise<readonly Action[] | undefined> {
  const decision = await inboundCall(deps, { extension: call.destination, queue: call.queue }).catch(unlessNobodys);
  if (!decision) return undefined;
  if (!doesRing(decision)) return passOn(decision, way);
  // Passed on to somebody else, it is no call of the queue any more.
  const queue = decision.hops.length === 0 ? call.queue : undefined;
  const holder = { user: decision.user?.id as string, queue };
  const { actions, left } = callUser(decision, holder, await recordingOf(deps, call, holder), way);
  for (const { id, kind } of left) deps.log({ level: 'warn', event: 'freeswitch_undialable', device: id, kind });
  return actions;
}

async function toOutside(deps: Deps, call: AskedCall, way: Way): Promise<readonly Action[] | undefined> {
  const caller = call.user ?? call.lastUser;
  if (caller === undefined) return undefined;
  const number = phoneNumber().parse(call.destination);
  const [decision, { user }, recording] = await Promise.all([
    outboundCall(deps, { user: caller, to: number, queue: call.queue, trunk: way.trunk }),
    requireParty(deps, caller, userAlone),
    call.user === undefined
      ? recordingOutside(deps, call, caller)
      : recordingOf(deps, { ...call, lastUser: undefined }, { user: caller, queue: call.queue }),
  ]);
  if (whyOff(user, deps.now()) !== undefined) return barred;
  return callOutside(number, decision, { user: caller, queue: call.queue }, recording, way);
}

/** While it rings, and when they talk; after a transfer by who had it before. */
async function recordingOf(deps: Deps, call: AskedCall, { user, queue }: Holder): Promise<Recording> {
  const decided = async (event: RecordingEvent, transferred: RecordingEvent) => {
    const { lastUser } = call;
    if (lastUser === undefined) return recordedCall(deps, { event, user, queue });
    const fromQueue = idIn(queueId(), call.lastQueue, 'queue');
    return recordedCall(deps, { event: transferred, user, queue, fromUser: lastUser, fromQueue }).catch((error) => {
      // Who had it has been deleted during the call: what they had set is not known any more.
      if (error instanceof Problem && error.code === 'user_not_found')
        return recordedCall(deps, { event, user, queue });
      throw error;
    });
  };
  const [ringing, talking] = await Promise.all([
    decided('ringing', 'transferred-ringing'),
    decided('connected', 'transferred'),
  ]);
  return { ringing, talking, isSet: call.recording !== undefined };
}

/** The user has sent it to a number outside, and leaves it. */
async function recordingOutside(deps: Deps, call: AskedCall, user: string): Promise<Recording> {
  const queue = idIn(queueId(), call.lastQueue, 'queue');
  const after = await recordedCall(deps, { event: 'transferred-external', user, queue });
  // Nobody is there any more who could start and stop it.
  const decided = { ...after, controllable: false };
  return { ringing: decided, talking: decided, isSet: call.recording !== undefined };
}

/** A variable of the channel that is no id is a mistake in the switch's own dialplan, and is said. */
function idIn(schema: ReturnType<typeof queueId>, value: string | undefined, kind: string): string | undefined {
  if (value === undefined || schema.safeParse(value).success) return value;
  throw new Problem('record_not_found', { detail: `roster_${kind} is no id of a ${kind}`, because: value });
}

function unlessNobodys(error: unknown): undefined {
  if (error instanceof Problem && error.code === 'extension_not_found') return undefined;
  throw error;
}
