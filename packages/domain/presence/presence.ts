// Is a user there: signed in, logged on, on a call? Put together from the user, their sessions and their work; decides nothing.

import { callEndOf, isHeldByCall, isLive } from '../sessions/ends.ts';
import type { Session } from '../sessions/sessions.ts';
import { shownToAll } from '../users/shown.ts';
import type { User } from '../users/user.ts';
import { shownLogOn } from '../work/shown.ts';
import type { Summary } from '../work/work.ts';

export interface Known {
  user: User;
  /** All that there are, whatever they are worth by now. */
  sessions: readonly Session[];
  work: Summary;
}

export type Presence = ReturnType<typeof presenceOf>;

/** As the API shows it. */
export function presenceOf({ user, sessions, work }: Known, now: number) {
  const live = sessions.filter((session) => isLive(session, user, now));
  const held = sessions.filter((session) => isHeldByCall(session, user, now, work));
  const endsWithCall = live.length === 0 && held.length > 0;
  const { since: loggedOnSince, ...logOn } = shownLogOn(user, work);
  return {
    user: shownToAll(user),
    signedIn: live.length + held.length > 0,
    sessions: live.length + held.length,
    ...(endsWithCall && {
      endsWithCall: new Date(Math.max(...held.map((session) => callEndOf(session, user)))).toISOString(),
    }),
    ...logOn,
    ...(loggedOnSince !== undefined && { loggedOnSince }),
    staticLogin: user.staticLogin === true,
    calls: work.calls,
    activities: work.activities,
    devices: work.devices,
  };
}

export type Only = 'signed-in' | 'logged-on' | 'on-a-call';

/** Is the user there at all, and as is asked for? A static login alone is no presence (C7). */
export function isPresent({ signedIn, queues, calls, activities, devices }: Presence, only: Only | undefined): boolean {
  if (only === 'signed-in') return signedIn;
  if (only === 'logged-on') return queues.length > 0;
  if (only === 'on-a-call') return calls > 0;
  return signedIn || queues.length + activities + devices.length > 0;
}
