// Decisions about calls as actions of FreeSWITCH's dialplan. Each time that a call is sent somewhere, all is said anew: the channel
// keeps what was said before.

import type { Failure } from '#contract/call-failures.ts';
import type { Inbound, Place } from '../routing/inbound.ts';
import type { Outbound } from '../routing/outbound.ts';
import type { Recorded } from '../routing/recording.ts';
import { expanded, isNumberOutside, outside, ringing } from './dial-strings.ts';
import { type Action, shownName } from './freeswitch.ts';

/** How a call goes out, and where it is sent on. */
export interface Way {
  context: string;
  trunk: string | undefined;
}

/** Who had a call last, so that the next decision about its recording knows what goes on. */
export interface Holder {
  user: string;
  queue: string | undefined;
}

/** What is decided about its recording: while it rings, and when they talk. */
export interface Recording {
  ringing: Pick<Recorded, 'recorded' | 'controllable'>;
  talking: Pick<Recorded, 'recorded' | 'atTransfer'>;
  /** An earlier decision about the call said how it is recorded. */
  isSet: boolean;
}

/** By which of its hangup causes FreeSWITCH says that a user was not reached (C11). */
const causes: Record<Failure, readonly string[]> = {
  'no-answer': ['NO_ANSWER', 'NO_USER_RESPONSE', 'ALLOTTED_TIMEOUT', 'PROGRESS_TIMEOUT', 'RECOVERY_ON_TIMER_EXPIRE'],
  busy: ['USER_BUSY'],
  rejected: ['CALL_REJECTED'],
  'no-device': [
    'USER_NOT_REGISTERED',
    'SUBSCRIBER_ABSENT',
    'UNALLOCATED_NUMBER',
    'NO_ROUTE_DESTINATION',
    'DESTINATION_OUT_OF_ORDER',
  ],
};

/** Where the call is recorded to, whoever has it: a recording that goes on, goes on in one file. */
const FILE = `${expanded('recordings_dir')}/${expanded('uuid')}.wav`;

export type RingsAt = Inbound & { ring: NonNullable<Inbound['ring']> };

export function doesRing(decision: Inbound): decision is RingsAt {
  return decision.ring !== undefined;
}

/**
 * A call that rings at a user, and goes to their target if they are not reached (S0-42, S0-43).
 * @returns the actions, and the devices that cannot be called from here
 */
export function callUser({ ring, otherwise }: RingsAt, holder: Holder, recording: Recording, way: Way) {
  const { data, left } = ringing(ring, { trunk: way.trunk, keepsEarlyMedia: recording.ringing.recorded });
  const when = otherwise?.when.flatMap((failure) => causes[failure]) ?? [];
  const actions: Action[] = [
    ...record(recording, 'b'),
    ...remember(holder),
    set('hangup_after_bridge', 'true'),
    set('continue_on_fail', when.join(',') || 'false'),
    ...(data === undefined ? [] : [['bridge', data] as const]),
    // Nobody has had it: what is recorded there is decided as of a new call.
    ...(otherwise ? [...forget, ...sendTo(otherwise.goesTo, way)] : []),
    ...(!otherwise && data === undefined ? [absent] : []),
  ];
  return { actions, left };
}

/** A call that does not ring at a user: it goes elsewhere at once, or nowhere. */
export function passOn({ goesTo }: Inbound, way: Way): Action[] {
  return goesTo ? sendTo(goesTo, way) : [absent];
}

/** A call of a user to a number outside, with what is presented there (S0-39, S4-15, S4-16). */
export function callOutside(
  number: string,
  { presents }: Pick<Outbound, 'presents'>,
  holder: Holder | undefined,
  recording: Recording | undefined,
  way: Way,
): Action[] {
  const name = presents.name === undefined ? undefined : shownName(presents.name);
  return [
    ...(recording ? record(recording, 'a') : []),
    ...(holder ? remember(holder) : []),
    ...(presents.number !== undefined && isNumberOutside(presents.number)
      ? [set('effective_caller_id_number', presents.number)]
      : []),
    ...(name === undefined ? [] : [set('effective_caller_id_name', name)]),
    ...bridgeOutside(number, way),
  ];
}

/** Nobody calls by this account. */
export const barred: readonly Action[] = [['hangup', 'OUTGOING_CALL_BARRED']];

const absent: Action = ['hangup', 'SUBSCRIBER_ABSENT'];

const set = (name: string, value: string): Action => ['set', `${name}=${value}`];

function sendTo(place: Place, way: Way): Action[] {
  // Not by another question: who asks for a number outside must be a user, and here a user's setting leads there.
  if (place.kind === 'number') return bridgeOutside(place.number, way);
  if (place.kind === 'extension') return [['transfer', `${place.number} XML ${way.context}`]];
  // How callers wait in a queue, the switch's own dialplan says, by the queue's id.
  return [set('roster_queue', place.queue.id), ['transfer', `${place.queue.id} XML ${way.context}`]];
}

function bridgeOutside(number: string, { trunk }: Way): Action[] {
  return [set('hangup_after_bridge', 'true'), set('continue_on_fail', 'false'), ['bridge', outside(number, trunk)]];
}

/** Also for the other leg, which may be the one that is sent on. */
function remember({ user, queue }: Holder): Action[] {
  return [
    ['export', `roster_last_user=${user}`],
    ['export', `roster_last_queue=${queue ?? ''}`],
  ];
}

const forget: readonly Action[] = [
  ['unset', 'roster_last_user'],
  ['unset', 'roster_last_queue'],
];

/**
 * Recorded from now on, ringing and early media included; or from when they talk; or not (S0-32…S0-35). What is recorded ends first,
 * and goes on in the same file if it is to go on.
 * @param agent leg of who may start and stop it by *2, where they may (S0-37)
 */
function record(
  { ringing: { recorded: fromNow, controllable }, talking, isSet }: Recording,
  agent: 'a' | 'b',
): Action[] {
  const isRecorded = fromNow || talking.recorded;
  return [
    ...(isSet ? [['stop_record_session', FILE] as const] : []),
    ...(isRecorded || controllable || isSet ? [set('roster_recording', isRecorded ? 'on' : 'off')] : []),
    ...(isRecorded || controllable
      ? [
          set('RECORD_APPEND', 'true'),
          set('RECORD_TOGGLE_ON_REPEAT', 'true'),
          // Also where the caller was answered before, by an announcement for example: answered is not yet talking.
          set('RECORD_BRIDGE_REQ', String(!fromNow)),
          // Where a call is sent by the phones themselves, nobody asks: then it goes on only if it may go on anywhere.
          set('recording_follow_transfer', String(talking.atTransfer.external === 'goes-on')),
        ]
      : []),
    // A caller who is not answered yet hears nothing that could be recorded, unless media flows before.
    ...(fromNow ? [['pre_answer', ''] as const] : []),
    ...(isRecorded ? [['record_session', FILE] as const] : []),
    ...(controllable ? [['bind_meta_app', `2 ${agent} a record_session::${FILE}`] as const] : []),
  ];
}
