// Changes that users make of what they prove themselves with. They stand on the session that asks: should it have ended,
// nothing is changed.

import { userKeys } from '#table/keys.ts';
import { check, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { readUser, type User } from '../users/user.ts';
import * as users from '../users/users.ts';
import { isOver } from './ends.ts';
import { gone, type Session, sessionItem } from './sessions.ts';

export interface Self {
  user: User;
  session: Session;
}

/**
 * Makes a change of the caller. When another change of them came first, it is decided again on user and session as they are
 * then: a session that was ended meanwhile must not live on by being kept.
 * @throws Problem `not_signed_in`, `try_again`
 */
export async function changingOneself<T>(deps: Deps, caller: Self, change: (self: Self) => Promise<T>): Promise<T> {
  let isFirst = true;
  return users.retryStale(async () => {
    const self = isFirst ? caller : await standing(deps, caller.session);
    isFirst = false;
    return change(self);
  });
}

/** Nothing has ended the sessions since the request was let in. @throws at commit Problem `not_signed_in` */
export function stillSignedIn({ user, session }: Self): Write {
  return check(userKeys.user(user.id), ['=', 'epoch', session.epoch], gone);
}

async function standing(deps: Deps, { userId, id }: Session): Promise<Self> {
  const [sessionFound, userFound] = await deps.table.batchGet([userKeys.session(userId, id), userKeys.user(userId)]);
  if (!sessionFound || !userFound) throw gone();
  const self = { user: readUser(userFound), session: sessionItem().parse(sessionFound) };
  // Let in a moment ago, perhaps for the time of a call: it may have run out, but nothing must have revoked it.
  if (isOver(self.session, self.user, deps.now())) throw gone();
  return self;
}
