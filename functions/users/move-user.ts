// Moves a user to another user group: what they inherit becomes that group's, what is their own stays, and they are told (C15).
// Only while they are logged off from queues and signed out (S3-12, C2). A dry run says the same and writes nothing.

import { users as contract } from '#contract/users.ts';
import type { Deps } from '#domain/deps.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import * as move from '#domain/inheritance/move.ts';
import { checkStaysAllowed } from '#domain/limits/allowed-networks.ts';
import { notice } from '#domain/notices/notice.ts';
import { defaultUserGroup, type UserGroup } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import * as sessions from '#domain/sessions/sessions.ts';
import { detailsWrite } from '#domain/users/details.ts';
import { changed } from '#domain/users/edits.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { audited, personOf, shownPersonTo } from '#domain/users/person.ts';
import { signedOut } from '#domain/users/sign-out.ts';
import type { User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';
import { userKeys } from '#table/keys.ts';
import type { Write } from '#table/write.ts';

export const handler = serve(contract['move-user'], async ({ deps, request, caller, origin, commit }) =>
  users.retryStale(async () => {
    const { body, params, query } = request;
    const user = await requireInReach(deps, caller, params.userId);
    const groups = await groupsOf(deps, user, body.userGroup);
    move.checkMovable(user, groups.to);
    move.checkLoggedOff(user, await deps.table.get(userKeys.work(user.id)));
    const live = await sessions.live(deps, user);
    move.checkSignedOut(user, live, query.when);
    if (user.id === caller.user.id) {
      checkStaysAllowed(groups.to.allowedNetworks ?? null, { address: origin.address, force: query.force });
    }

    const before = await personOf(deps, user);
    const { after: moved, writes } = await moving(deps, user, groups.to, live.length > 0);
    const after = { user: moved, details: { ...before.details, profilesOff: undefined } };
    const effect = move.effectOf(before, after, caller.definitions, groups);
    const answer = {
      user: shownPersonTo(caller.permissions, after),
      ...move.effectTo(caller.permissions, effect),
      endsSessions: live.length > 0,
    };
    if (query.dryRun) return answer;
    return commit({
      writes: [
        ...writes,
        ...(before.details.profilesOff ? [detailsWrite(user.id, after.details)] : []),
        move.stillLoggedOff(user),
        // Who has not signed in yet never worked with the profiles of before.
        ...(user.state === 'active'
          ? await notice(deps, moved, 'moved', move.noticeOf(groups.to, effect.profiles, caller.user.title))
          : []),
        ...stillHolds(caller, user.id),
      ],
      subject: { type: 'user', id: user.id },
      before: audited(before),
      after: audited(after),
      answer,
    });
  }),
);

/** @throws Problem `prerequisites_missing` */
async function groupsOf(deps: Deps, user: User, toId: string): Promise<{ from: UserGroup; to: UserGroup }> {
  const wanted = [user.userGroup ?? defaultUserGroup, toId].map((id) => ({ kind: 'user-group' as const, id }));
  const [from, to] = await records.byIds(deps, wanted);
  if (!to) throw records.missing([{ kind: 'user-group', id: toId }]);
  if (!from) throw new Error(`The user group of ${user.id} is gone`);
  return { from, to };
}

async function moving(
  deps: Deps,
  user: User,
  to: UserGroup,
  isSignedIn: boolean,
): Promise<{ after: User; writes: Write[] }> {
  if (isSignedIn) return signedOut(deps, user, move.movedTo(to));
  const after = changed(user, deps.now(), move.movedTo(to));
  return { after, writes: users.change(user, after) };
}
