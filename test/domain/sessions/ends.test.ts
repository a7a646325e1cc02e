import { callEndOf, endOf, isHeldByCall, isLive, isOver } from '#domain/sessions/ends.ts';
import { callOf } from '#domain/work/calls.ts';

const MINUTE = 60_000;
const end = Date.parse('2026-03-02T20:00:00Z');
const session = { epoch: 1, expiresAt: end, lastSeenAt: end - MINUTE, idleMs: 60 * MINUTE };
const user = { state: 'active' as const, epoch: 1 };
const call = (openedAt: number) => ({ callsOpen: new Set([callOf({ id: 'call-1', openedAt })]) });

describe('C26 when a session ends, by the clock and the calls under way', () => {
  it.each<[string, number, object, object, boolean, boolean]>([
    // at, work, of whom; is it live, is it held by a call
    ['a moment before its limit', end - 1, call(end - MINUTE), {}, true, false],
    ['at its limit, on a call from before', end, call(end - 1), {}, false, true],
    ['at its limit, on a call that begins then', end, call(end), {}, false, false],
    ['at its limit, on no call', end, {}, {}, false, false],
    ['59:59 later, on a call from before', end + 60 * MINUTE - 1, call(end - 1), {}, false, true],
    ['an hour later, on a call from before', end + 60 * MINUTE, call(end - 1), {}, false, false],
    ['revoked, on a call from before', end, call(end - 1), { epoch: 2 }, false, false],
    ['of who is deactivated, on a call', end, call(end - 1), { state: 'deactivated' }, false, false],
    ['of who is not to be there any more', end, call(end - 1), { activeUntil: end }, false, false],
  ])('%s', (_, now, work, of, live, held) => {
    const owner = { ...user, ...of };
    expect([isLive(session, owner, now), isHeldByCall(session, owner, now, work)]).toEqual([live, held]);
    if (held) expect(isOver(session, owner, now)).toBe(false);
  });

  it('the earlier of both limits ends it, and where login is static the absolute one alone', () => {
    const idle = { ...session, lastSeenAt: end - 90 * MINUTE };
    expect([endOf(session, {}), endOf(idle, {}), endOf(idle, { staticLogin: true })]).toEqual([
      end,
      end - 30 * MINUTE,
      end,
    ]);
    expect(callEndOf(idle, user)).toBe(end + 30 * MINUTE);
    expect(isHeldByCall(idle, user, end - MINUTE, call(end - 31 * MINUTE))).toBe(true);
    expect(isHeldByCall(idle, user, end - MINUTE, call(end - 30 * MINUTE))).toBe(false);
  });
});
