// What telephony settings are made of: numbers and where calls go, devices and when they ring, the SIP account, the dialer's queue.

import * as z from 'zod';
import { extension, isEuropeanEmergency, phoneNumber } from './fields.ts';
import { once } from './once.ts';
import { deviceId, queueId } from './records.ts';

/** What a caller reaches by it: an internal extension, or a number outside. */
export const reachable = once(() =>
  z
    .string()
    .max(32)
    .transform((value) => value.trim())
    .pipe(
      z.union([extension(), phoneNumber()], {
        error: 'must be an extension like 217, or a number with + or 00 and the country code, like +420601234567',
      }),
    )
    .refine((value) => !isEuropeanEmergency(value), 'calls for help all over the EU; nobody’s calls go there')
    .meta({ description: 'An extension, or a number with + or 00 and the country code', example: '+420601234567' }),
);

/** Where calls go that the user does not answer: beside numbers, a queue. */
export const destination = once(() =>
  z
    .union([queueId(), reachable()], {
      error: 'must be an extension like 217, a number with + or 00 and the country code, or the id of a queue (que_…)',
    })
    .meta({ description: 'An extension, a number with + or 00 and the country code, or a queue', example: '217' }),
);

/** What the channel of a queue must be, so that a call can go there. */
export const queueOfCalls = 'voice';

export const outgoingNumbers = once(() =>
  z
    .array(phoneNumber())
    .max(20)
    .refine((list) => new Set(list).size === list.length, 'names a number twice')
    .meta({ description: 'Presented to who is called: one of them, drawn for each call (S0-39)' }),
);

/** One device of a user, and when it rings of an incoming call (S0-42, C9). A device can have several turns. */
export const ringing = once(() =>
  z.strictObject({
    device: deviceId(),
    delaySeconds: z.int().min(0).max(300).default(0).meta({ description: 'Rings so long after the call comes in' }),
    ringSeconds: z
      .int()
      .min(1, 'must be a second at least')
      .max(600)
      .default(30)
      .meta({ description: 'Rings so long' }),
  }),
);

export type Ringing = z.output<ReturnType<typeof ringing>>;

/** Turns of one device, one after another: two at once would be one. @returns a pair that overlaps */
export function overlapping(turns: readonly Ringing[]): [Ringing, Ringing] | undefined {
  for (const [n, turn] of turns.entries()) {
    const other = turns.slice(n + 1).find((each) => each.device === turn.device && isOverlap(each, turn));
    if (other) return [turn, other];
  }
  return undefined;
}

function isOverlap(one: Ringing, other: Ringing): boolean {
  const end = ({ delaySeconds, ringSeconds }: Ringing) => delaySeconds + ringSeconds;
  return one.delaySeconds < end(other) && other.delaySeconds < end(one);
}

export const ringPlan = once(() =>
  z
    .array(ringing())
    .max(10)
    .superRefine((turns, context) => {
      const pair = overlapping(turns);
      if (!pair) return;
      const message = `lets ${pair[0].device} ring twice at the same time; let one turn begin when the other is over`;
      context.addIssue({ code: 'custom', message, path: [turns.indexOf(pair[1])] });
    })
    .meta({
      description:
        'Devices on which the user’s calls ring, each with its delay and duration (S0-41, S0-42, C9); without any, devices that the user has logged in to. What the user calls rings at once on all of them',
    }),
);

export const sipOptions = ['pbx', 'webrtc', 'custom-uri'] as const;

/** One SIP URI and nothing beside it: no header, no second parameter by which a request could be changed. */
export const sipUri = once(() =>
  z
    .string()
    .max(160)
    .regex(
      /^sips?:[A-Za-z0-9._~+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?){0,8}(?::[1-9]\d{1,4})?(?:;transport=(?:udp|tcp|tls|ws|wss))?$/,
      'must be a SIP URI like sip:jana@pbx.example.com, with a port and a transport at most',
    )
    .meta({ description: 'SIP URI', example: 'sip:jana@pbx.example.com' }),
);

export const sipUsername = once(() =>
  z
    .string()
    .regex(/^[A-Za-z0-9._~+-]{1,64}$/, 'must be 1 to 64 letters, digits, . _ ~ + or -')
    .meta({ description: 'Name of the account at the PBX', example: 'jana' }),
);

export const sipPassword = once(() =>
  z
    .string()
    .min(8)
    .max(128)
    .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII without spaces')
    .meta({ description: 'Password of the account at the PBX; never shown again (S4-27)', format: 'password' }),
);

export const predictiveSortings = ['call-back-time', 'weight'] as const;

/** Calls dialled at a time for each agent who is free. */
export const predictiveRatio = once(() =>
  z
    .number()
    .min(1)
    .max(10)
    .multipleOf(0.1, 'must have one decimal at most')
    .meta({ description: 'Calls that the dialer places for each free agent, 1 to 10', example: 1.5 }),
);

export const predictiveSorting = once(() =>
  z.enum(predictiveSortings).meta({
    description:
      'In which order leads are called: by the time of their call-back, or by weight first and then that time (S4-14)',
  }),
);

export const recordingControl = once(() =>
  z.boolean().meta({
    description: 'Recording may be started, stopped, paused and resumed by hand (S0-37, S1-20, C10)',
  }),
);

/** Numbers of four to eight digits that are not the first that anybody tries. */
export const telephonePin = once(() =>
  z
    .string()
    .regex(/^\d{4,8}$/, 'must be four to eight digits')
    .refine((pin) => !isGuessed(pin), 'is among the first that are tried; avoid rows and repetitions')
    .meta({ description: 'PIN by which the user logs on to queues by telephone (S3-5)', format: 'password' }),
);

/** One digit repeated, a row up or down, or a pair repeated. */
function isGuessed(pin: string): boolean {
  const steps = [...pin].slice(1).map((digit, n) => Number(digit) - Number(pin[n]));
  const isEven = steps.every((step) => step === steps[0] && Math.abs(step) <= 1);
  return isEven || /^(\d\d)\1+$/.test(pin);
}
