// What the telephony platform asks: who is called by a number, where a call goes and why, which number is presented, whether it is
// recorded. Decided by the settings of user and queue at this moment.

import * as z from 'zod';
import { failures } from './call-failures.ts';
import { deviceKinds } from './device-kinds.ts';
import { extension, phoneNumber, plainText, userId } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { callerIdsId, deviceId, queueId, trunkId } from './records.ts';

/** One step of a decision: what was looked at, by which rule, and what followed. */
const trace = once(() =>
  z
    .array(z.object({ rule: z.string(), detail: z.string() }))
    .meta({ description: 'Why: each rule that decided, in order, with what it found' }),
);

const routedUser = once(() =>
  z.object({ id: userId(), title: z.string(), extension: z.string().optional() }).meta({ id: 'RoutedUser' }),
);

const place = once(() =>
  z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('number'), number: z.string() }),
      z.object({ kind: z.literal('extension'), number: z.string(), user: routedUser().optional() }),
      z.object({ kind: z.literal('queue'), queue: z.object({ id: queueId(), name: z.string() }) }),
    ])
    .meta({ id: 'CallDestination', description: 'A number outside, an extension and whose it is, or a queue' }),
);

const ringingDevice = once(() =>
  z.object({
    device: z
      .object({
        id: deviceId().optional(),
        kind: z.enum([...deviceKinds, 'own']),
        name: z.string(),
        address: z.string(),
      })
      .meta({
        description:
          '`own`: the user’s own phone, by their SIP option (S4-27); its address is the custom URI, or the name that the account registers by',
      }),
    startsAt: z.int().meta({ description: 'Seconds after the call has come in' }),
    endsAt: z.int(),
    why: z.enum(['assigned', 'logged-in', 'own']),
  }),
);

const exactlyOne = <Shape extends z.ZodObject>(shape: Shape, names: readonly string[]) =>
  shape.refine((query) => names.filter((name) => (query as Record<string, unknown>)[name] !== undefined).length === 1, {
    error: `name exactly one of ${names.join(', ')}`,
  });

/** Whether a recording goes on cannot be said without what began it. */
const namingWhoHadIt = <Shape extends z.ZodObject>(shape: Shape) =>
  shape.refine(
    ({ event, fromUser }) =>
      fromUser !== undefined || !['transferred', 'transferred-ringing'].includes(event as string),
    { error: 'name who had the call before the transfer', path: ['fromUser'] },
  );

const decision = { status: 200, needs: ['read', 'write'], audit: null, caller: 'routing:read' } as const;

export const recordingEvents = [
  'ringing',
  'connected',
  'transferred-ringing',
  'transferred',
  'transferred-external',
] as const;

export type RecordingEvent = (typeof recordingEvents)[number];

export const routing = domain('routing', {
  'route-inbound-call': () => ({
    ...decision,
    method: 'GET',
    path: '/routing/calls/inbound',
    summary: 'Where does a call to a user go, over time, and why? (S0-31, S0-41…S0-43, C9, C11)',
    query: exactlyOne(
      z.strictObject({
        extension: extension().optional(),
        user: userId().optional(),
        queue: queueId()
          .optional()
          .meta({ description: 'Which queue the call comes from; without one it is a direct call (S0-43)' }),
        failed: z.enum(failures).optional().meta({
          description:
            'The call has been at the devices of the user, or of whom they forward to, in vain: what is next? After a transfer name the `user` of that answer',
        }),
      }),
      ['extension', 'user'],
    ),
    output: z.object({
      outcome: z.enum(['ring', 'forward', 'transfer', 'unreachable']).meta({
        description:
          'How it gets where it goes: to the user’s devices at once, by a forwarding, by a target, or nowhere. After the last forwarding or target it rings where there is `ring`, and goes on to `goesTo` where there is none',
      }),
      user: routedUser().optional().meta({ description: 'Whom the call reaches in the end, or was for' }),
      goesTo: place().optional().meta({ description: 'Where it is forwarded or transferred' }),
      ring: z.array(ringingDevice()).optional(),
      ringsFor: z.int().optional().meta({ description: 'Seconds after which no device rings any more' }),
      otherwise: z
        .object({ goesTo: place(), when: z.array(z.enum(failures)) })
        .optional()
        .meta({ description: 'Where it goes when nobody answers, of a direct call (S0-43, C11)' }),
      hops: z.array(routedUser()).meta({ description: 'Users whom the call has been forwarded by, in order' }),
      trace: trace(),
    }),
    cached: true,
    problems: ['user_not_found', 'record_not_found', 'extension_not_found'],
  }),
  'route-outbound-call': () => ({
    ...decision,
    method: 'GET',
    path: '/routing/calls/outbound',
    summary: 'Which number and name does a call of a user present, and why? (S0-39, S4-15, S4-16, C21)',
    query: exactlyOne(
      z.strictObject({
        extension: extension().optional(),
        user: userId().optional(),
        to: phoneNumber().optional().meta({ description: 'Who is called; caller IDs are chosen by it' }),
        queue: queueId().optional().meta({ description: 'Which queue the call is made for' }),
        trunk: trunkId().optional().meta({ description: 'Which trunk it takes' }),
      }),
      ['extension', 'user'],
    ),
    output: z.object({
      user: routedUser(),
      presents: z.object({
        number: z.string().optional().meta({ description: 'Absent: nothing says any; the trunk presents its own' }),
        name: z.string().optional(),
        from: z.enum(['caller-ids', 'queue', 'user', 'trunk', 'nothing']),
        record: z.union([callerIdsId(), queueId(), trunkId()]).optional(),
        among: z.int().meta({ description: 'Of so many numbers it was drawn' }),
      }),
      rings: z.array(ringingDevice().pick({ device: true, why: true })).meta({
        description: 'The user’s own devices, which ring at once and together (S0-42)',
      }),
      trace: trace(),
    }),
    problems: ['user_not_found', 'record_not_found', 'extension_not_found'],
  }),
  'decide-recording': () => ({
    ...decision,
    method: 'GET',
    path: '/routing/recording',
    summary: 'Is a call recorded from this event on, until when, and can it be controlled? (S0-32…S0-37, C10)',
    query: namingWhoHadIt(
      z.strictObject({
        event: z.enum(recordingEvents).meta({
          description:
            'ringing: the call has reached the user; connected: they are talking; transferred-ringing, transferred: it has gone from `fromUser` to `user`, and rings or is connected; transferred-external: it has gone from `user` to a number outside',
        }),
        user: userId().meta({ description: 'Who has the call now; after a transfer outside, who had it last' }),
        queue: queueId().optional().meta({ description: 'Its queue now; none for a direct call' }),
        fromUser: userId().optional().meta({ description: 'Who had the call before the transfer' }),
        fromQueue: queueId().optional().meta({ description: 'Its queue before the transfer; none for a direct call' }),
      }),
    ),
    output: z.object({
      recorded: z.boolean(),
      controllable: z.boolean().meta({ description: 'Start, stop, pause and resume by hand (C10)' }),
      since: z.enum(['reached', 'connected']).optional(),
      atTransfer: z
        .object({
          sameQueue: z.enum(['goes-on', 'stops', 'as-set-there']),
          otherQueue: z.enum(['goes-on', 'stops', 'as-set-there']),
          external: z.enum(['goes-on', 'stops', 'as-set-there']),
        })
        .meta({
          description:
            'What becomes of the recording with a transfer to an agent of the same queue, of another queue, or outside',
        }),
      trace: trace(),
    }),
    cached: true,
    problems: ['user_not_found', 'record_not_found'],
  }),
  'find-extension': () => ({
    ...decision,
    method: 'GET',
    path: '/routing/extensions/{extension}',
    summary: 'Who has an extension?',
    params: z.strictObject({ extension: extension() }),
    output: z.object({
      user: routedUser(),
      kind: z.enum(['extension', 'virtual']),
      staticLogin: z.boolean(),
      devices: z.enum(['assigned', 'dynamic']).meta({
        description:
          'Which devices ring: those that the user has been given, or those that they have logged in to (S0-41)',
      }),
    }),
    cached: true,
    problems: ['extension_not_found'],
  }),
  'steer-call': () => ({
    ...decision,
    method: 'GET',
    path: '/routing/steering',
    summary: 'Whom does a caller mean by these words? (S0-11, S1-5)',
    query: z.strictObject({
      words: plainText(200).meta({
        description: 'What the caller says or types',
        example: 'I have a question about invoices',
      }),
      limit: z.coerce.number().int().min(1).max(20).default(5),
    }),
    output: z.object({
      users: z.array(
        z.object({
          user: routedUser(),
          words: z.array(z.string()).meta({ description: 'Key words of the user that were found' }),
          reachable: z.boolean().meta({ description: 'Ready: logged on, or always so (S0-38)' }),
        }),
      ),
    }),
    problems: [],
  }),
});
