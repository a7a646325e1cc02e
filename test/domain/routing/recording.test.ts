// The expectations are tables made from the wording of S0-32…S0-37 and C10, not from the code: a row for each setting of the user, a
// column for each of the queue.

import type { RecordingEvent } from '#contract/routing.ts';
import { decideRecording, type RecordedCall } from '#domain/routing/recording.ts';

const modes = ['off', 'from-call-start', 'after-bridged', 'after-bridged-with-transfer'] as const;
type Mode = (typeof modes)[number];
type QueueMode = Mode | 'no queue';
const queueModes: readonly QueueMode[] = ['no queue', ...modes];

/** Columns: no queue, off, from call start, after bridged, after bridged with transfer. R recorded, . not. */
const grid =
  (...rows: [string, string, string, string]) =>
  (user: Mode, queue: QueueMode) =>
    rows[modes.indexOf(user)]?.split(' ')[queueModes.indexOf(queue)] === 'R';

// S0-33: only "from call start" records ringing and early media.
const whileRinging = grid(
  /* off                      */ '. . R . .',
  /* from call start          */ 'R R R R R',
  /* after bridged            */ '. . R . .',
  /* after bridged, transfer  */ '. . R . .',
);
// S0-32…S0-35: once parties are connected, every value but "do not record"; either of both is enough.
const onceConnected = grid(
  /* off                      */ '. . R R R',
  /* from call start          */ 'R R R R R',
  /* after bridged            */ 'R R R R R',
  /* after bridged, transfer  */ 'R R R R R',
);
// S0-33, S0-34: stops on transfer to an external number; S0-35 alone continues.
const outside = grid(
  /* off                      */ '. . . . R',
  /* from call start          */ '. . . . R',
  /* after bridged            */ '. . . . R',
  /* after bridged, transfer  */ 'R R R R R',
);
// "Since the call reached the user" (S0-33) is said by "from call start" of either; everything else begins with the connection (S0-34).
const sinceReached = grid(
  /* off                      */ '. . R . .',
  /* from call start          */ 'R R R R R',
  /* after bridged            */ '. . R . .',
  /* after bridged, transfer  */ '. . R . .',
);
// S0-37, C10: user no, yes; queue none, no, yes.
const controllable = [
  [false, false, true],
  [true, true, true],
] as const;
const controls = [undefined, false, true] as const;

const user = (title: string, recording: Mode, recordingControl?: boolean) => ({
  title,
  // As it is kept: absent is off.
  ...(recording !== 'off' && { recording }),
  ...(recordingControl && { recordingControl: true as const }),
});
const queue = (id: string, mode: QueueMode, recordingControl?: boolean) =>
  mode === 'no queue'
    ? undefined
    : { id, name: id, recording: mode, ...(recordingControl !== undefined && { recordingControl }) };

const all = (test: (user: Mode, queue: QueueMode) => void) => {
  for (const one of modes) for (const other of queueModes) test(one, other);
};
const decided = (event: RecordingEvent, call: Omit<RecordedCall, 'event'>) => decideRecording({ event, ...call });

describe('S0-32 S0-33 S0-34 S0-35 S1-19 is a call recorded', () => {
  const simple: [RecordingEvent, typeof whileRinging][] = [
    ['ringing', whileRinging],
    ['connected', onceConnected],
    ['transferred-external', outside],
  ];
  it.each(simple)('%s: all combinations of user and queue', (event, expected) => {
    all((one, other) => {
      const { recorded, since, trace } = decided(event, { user: user('Jana', one), queue: queue('Q', other) });
      expect([one, other, recorded]).toEqual([one, other, expected(one, other)]);
      const begins = sinceReached(one, other) ? 'reached' : 'connected';
      expect([one, other, since]).toEqual([one, other, recorded ? begins : undefined]);
      expect(trace.length).toBeGreaterThan(0);
    });
  });

  it('S0-33 S0-34 transferred in the same queue, or outside of queues: what goes on goes on, and what the next user says begins beside it', () => {
    for (const before of modes) {
      all((one, other) => {
        const call = {
          ...{ fromUser: user('Eva', before), fromQueue: queue('Q', other) },
          ...{ user: user('Jana', one), queue: queue('Q', other) },
        };
        const wentOn = onceConnected(before, other);
        const key = [before, other, one];
        expect([...key, decided('transferred-ringing', call).recorded]).toEqual([
          ...key,
          wentOn || whileRinging(one, other),
        ]);
        expect([...key, decided('transferred', call).recorded]).toEqual([...key, wentOn || onceConnected(one, other)]);
        // S0-35 by whoever said it: the call began by that setting.
        const last = outside(one, other) || outside(before, other);
        expect([...key, decided('transferred-external', call).recorded]).toEqual([...key, last]);
      });
    }
  });

  it('S0-33 S0-34 transferred to another queue: what is set there takes over, whatever was before', () => {
    for (const before of modes) {
      for (const beforeQueue of queueModes) {
        all((one, other) => {
          // From no queue to none is no other queue.
          if (beforeQueue === 'no queue' && other === 'no queue') return;
          const call = {
            ...{ fromUser: user('Eva', before), fromQueue: queue('Old', beforeQueue) },
            ...{ user: user('Jana', one), queue: queue('New', other) },
          };
          const key = [before, beforeQueue, one, other];
          expect([...key, decided('transferred-ringing', call).recorded]).toEqual([...key, whileRinging(one, other)]);
          expect([...key, decided('transferred', call).recorded]).toEqual([...key, onceConnected(one, other)]);
          expect([...key, decided('transferred-external', call).recorded]).toEqual([...key, outside(one, other)]);
        });
      }
    }
  });

  it('says what becomes of it at a transfer', () => {
    all((one, other) => {
      const { atTransfer } = decided('connected', { user: user('Jana', one), queue: queue('Q', other) });
      expect([one, other, atTransfer]).toEqual([
        one,
        other,
        {
          sameQueue: onceConnected(one, other) ? 'goes-on' : 'as-set-there',
          otherQueue: 'as-set-there',
          external: outside(one, other) ? 'goes-on' : 'stops',
        },
      ]);
    });
  });

  it('goes by the user and queue of now alone before any transfer', () => {
    const call = {
      user: user('Jana', 'off'),
      queue: queue('Q', 'off'),
      fromUser: user('Eva', 'from-call-start'),
      fromQueue: queue('Q', 'off'),
    };
    expect(decided('ringing', call).recorded).toBe(false);
    expect(decided('connected', call).recorded).toBe(false);
  });
});

describe('S0-37 S1-20 C10 is it controlled by hand', () => {
  const events = ['ringing', 'connected', 'transferred-ringing', 'transferred', 'transferred-external'] as const;
  it.each(events)(
    '%s: all combinations of user, queue and their control; either is enough, also where nothing is recorded',
    (event) => {
      for (const [n, ofUser] of [false, true].entries()) {
        for (const [m, ofQueue] of controls.entries()) {
          all((one, other) => {
            const queueOf =
              ofQueue === undefined && other !== 'no queue' ? queue('Q', other) : queue('Q', other, ofQueue);
            const from = { fromUser: user('Eva', 'off', true), fromQueue: queueOf };
            const decision = decided(event, { user: user('Jana', one, ofUser), queue: queueOf, ...from });
            const expected = other === 'no queue' ? ofUser : controllable[n]?.[m];
            expect([one, other, ofUser, ofQueue, decision.controllable]).toEqual([
              one,
              other,
              ofUser,
              ofQueue,
              expected,
            ]);
          });
        }
      }
    },
  );

  it('S0-37 do not record, and control: it can be started by hand', () => {
    const call = { user: user('Jana', 'off', true), queue: queue('Q', 'off') };
    expect(decided('connected', call)).toMatchObject({ recorded: false, controllable: true });
    expect(
      decided('connected', call)
        .trace.map(({ detail }) => detail)
        .join(),
    ).toMatch(/start, stop, pause and resume/);
  });
});
