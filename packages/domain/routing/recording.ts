// Is a call recorded from an event on, and why (S0-32…S0-37, C10)? Pure. User and queue each say by stage whether they record, and
// either is enough. A transfer to an agent of the same queue changes nothing that goes on; another queue brings its own.

import type { RecordingEvent } from '#contract/routing.ts';
import type { Queue } from '../records/record.ts';
import type { User } from '../users/user.ts';
import { because, type Reason, type Trace } from './trace.ts';

type Mode = NonNullable<User['recording']>;

export interface RecordedCall {
  event: RecordingEvent;
  /** Who has it now; after a transfer outside, who had it last. */
  user: Pick<User, 'title' | 'recording' | 'recordingControl'>;
  /** Absent: a direct call. */
  queue?: Pick<Queue, 'id' | 'name' | 'recording' | 'recordingControl'> | undefined;
  /** Who had it, and its queue, before a transfer. */
  fromUser?: Pick<User, 'title' | 'recording'> | undefined;
  fromQueue?: Pick<Queue, 'id' | 'name' | 'recording'> | undefined;
}

type AtTransfer = 'goes-on' | 'stops' | 'as-set-there';

export interface Recorded {
  recorded: boolean;
  controllable: boolean;
  since?: 'reached' | 'connected';
  atTransfer: { sameQueue: AtTransfer; otherQueue: AtTransfer; external: AtTransfer };
  trace: Trace;
}

/** Who says what: by each of them a call can be recorded. */
interface Voice {
  who: string;
  mode: Mode;
}

/** Which of the settings record at a stage. */
const recordsAt = {
  ringing: ['from-call-start'],
  talking: ['from-call-start', 'after-bridged', 'after-bridged-with-transfer'],
  outside: ['after-bridged-with-transfer'],
} as const satisfies Record<string, readonly Mode[]>;

type Stage = keyof typeof recordsAt;

const stageOf: Record<RecordingEvent, Stage> = {
  ringing: 'ringing',
  connected: 'talking',
  'transferred-ringing': 'ringing',
  transferred: 'talking',
  'transferred-external': 'outside',
};

const ruleOf: Record<Mode, string> = {
  off: 'S0-32',
  'from-call-start': 'S0-33',
  'after-bridged': 'S0-34',
  'after-bridged-with-transfer': 'S0-35',
};

export function decideRecording(call: RecordedCall): Recorded {
  const { event, user, queue } = call;
  const now = voices(user, queue);
  const before = goingOn(call);
  const said = [...now, ...before];
  const stage = stageOf[event];
  const isTransfer = event === 'transferred' || event === 'transferred-ringing';
  // What was recorded of the conversation goes on while it rings at the next agent.
  const goesOn = isTransfer ? before.filter((voice) => records(voice, 'talking')) : [];
  const by = [...goesOn, ...said.filter((voice) => !goesOn.includes(voice) && records(voice, stage))];
  const recorded = by.length > 0;
  const begun = goesOn.length > 0 ? goesOn : stage === 'outside' ? said : by;
  return {
    recorded,
    controllable: isControllable(call),
    ...(recorded && { since: begun.some((voice) => records(voice, 'ringing')) ? 'reached' : 'connected' }),
    atTransfer: {
      sameQueue: said.some((voice) => records(voice, 'talking')) ? 'goes-on' : 'as-set-there',
      otherQueue: 'as-set-there',
      external: said.some((voice) => records(voice, 'outside')) ? 'goes-on' : 'stops',
    },
    trace: [...whyBefore(call), ...why(by, now, stage, goesOn), whyControl(call)],
  };
}

const records = ({ mode }: Voice, stage: Stage) => (recordsAt[stage] as readonly Mode[]).includes(mode);

function voices(user: Pick<User, 'title' | 'recording'>, queue: RecordedCall['fromQueue']): Voice[] {
  return [
    { who: user.title, mode: user.recording ?? 'off' },
    ...(queue ? [{ who: `the queue ${queue.name}`, mode: queue.recording ?? ('off' as const) }] : []),
  ];
}

/** By what the call was recorded before, where that counts still: in the same queue, or in none before and after. */
function goingOn(call: RecordedCall): Voice[] {
  const { fromUser, fromQueue } = call;
  return fromUser && isTransferred(call) && isSameQueue(call) ? voices(fromUser, fromQueue) : [];
}

const isTransferred = ({ event }: RecordedCall) => event !== 'ringing' && event !== 'connected';

function isSameQueue({ queue, fromQueue }: RecordedCall): boolean {
  return queue?.id === fromQueue?.id;
}

function isControllable({ user, queue }: RecordedCall): boolean {
  return user.recordingControl === true || queue?.recordingControl === true;
}

function whyBefore(call: RecordedCall): Reason[] {
  const { fromUser, fromQueue, queue } = call;
  if (!fromUser || !isTransferred(call)) return [];
  if (isSameQueue(call)) {
    const where = queue ? `in the queue ${queue.name}` : 'outside of queues';
    return [because('S0-33', `The call stays ${where}: what was said for ${fromUser.title} counts on`)];
  }
  const now = queue ? `the queue ${queue.name}` : 'no queue';
  const then = fromQueue ? `the queue ${fromQueue.name}` : 'no queue';
  return [because('S0-33', `The call went from ${then} to ${now}: what is set there takes over`)];
}

function why(by: readonly Voice[], now: readonly Voice[], stage: Stage, goesOn: readonly Voice[]): Reason[] {
  if (by.length === 0) {
    const said = now.map(({ who, mode }) => `${who} says ${mode}`).join(', ');
    return [because('S0-32', `Not recorded while ${stageInWords[stage]}: ${said}`)];
  }
  return by.map((voice) => {
    const how = goesOn.includes(voice) ? 'and it goes on' : `which records while ${stageInWords[stage]}`;
    return because(ruleOf[voice.mode], `${voice.who} says ${voice.mode}, ${how}; one is enough (S0-32)`);
  });
}

const stageInWords: Record<Stage, string> = {
  ringing: 'ringing',
  talking: 'connected',
  outside: 'connected to a number outside',
};

function whyControl(call: RecordedCall): Reason {
  const { user, queue } = call;
  const allow = [
    ...(user.recordingControl ? [user.title] : []),
    ...(queue?.recordingControl ? [`the queue ${queue.name}`] : []),
  ];
  if (allow.length === 0) return because('S0-37', 'Nobody allows to control the recording by hand');
  return because(
    'S0-37',
    `${allow.join(' and ')} ${allow.length > 1 ? 'allow' : 'allows'} to start, stop, pause and resume by hand (C10)`,
  );
}
