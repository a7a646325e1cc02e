// Changes the fields that the request names, against the version that the caller has seen. Access, rights and extension of who is
// signed in change only by the caller's choice: after signing them out, or at their next sign-out (C2).

import type { Settings } from '#contract/settings.ts';
import { isAuthenticator } from '#contract/user-types.ts';
import { users as contract } from '#contract/users.ts';
import { removal } from '#domain/authenticators/authenticators.ts';
import type { Deps } from '#domain/deps.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { activation, invite, isInvitable, needsPassword } from '#domain/invites/invites.ts';
import { sessionRemoval } from '#domain/jobs/remove-sessions.ts';
import { checkStaysAllowed } from '#domain/limits/allowed-networks.ts';
import { addressOf } from '#domain/notices/notice.ts';
import * as numbers from '#domain/numbers/numbers.ts';
import { checkFresh } from '#domain/sessions/sessions.ts';
import { changeNotices } from '#domain/users/change-notices.ts';
import { detailsWrite, touchesDetails } from '#domain/users/details.ts';
import { checkNotDeactivated, requireInReach } from '#domain/users/in-sight.ts';
import { isSignInKept, judged } from '#domain/users/judging.ts';
import { planned } from '#domain/users/locks.ts';
import { audited, type Person, personOf, shownPersonTo, withCurrent } from '#domain/users/person.ts';
import { appliedEntry } from '#domain/users/queued.ts';
import { recommendations } from '#domain/users/recommendations.ts';
import { checkReferences } from '#domain/users/references.ts';
import type { User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';
import type { Write } from '#table/write.ts';

export const handler = serve(contract['change-user'], async ({ deps, request, caller, ifMatch, origin, commit }) => {
  const { body, query, params } = request;
  const { settings } = caller.definitions;
  const asRead = await requireInReach(deps, caller, params.userId);
  const view = (person: Person) => shownPersonTo(caller.permissions, person);
  return withCurrent(deps, asRead.id, view, async () => {
    if (asRead.version !== ifMatch) throw users.stale(asRead);
    checkNotDeactivated(asRead);
    const before = await personOf(deps, asRead);
    const now = deps.now();
    const sealer = body.calDavToken ? await deps.sealer() : undefined;
    const edited = judged(caller, before, body, { now, sealer });
    if (asRead.id === caller.user.id && !isSignInKept(asRead, edited.user)) checkFresh(caller.session, now);
    if (asRead.id === caller.user.id && body.allowedNetworks !== undefined) {
      checkStaysAllowed(body.allowedNetworks, { address: origin.address, force: query.force });
    }
    await checkReferences(deps, caller, body, caller.definitions);
    const { user, endsSessions, applied } = await planned(deps, asRead, edited.user, query.when, caller.user.id);
    const { user: after, writes } = await withFirstSteps(deps, asRead, user, settings);
    const person = { user: after, details: edited.details };
    return commit({
      writes: [
        ...users.change(asRead, after),
        ...numbers.moves(asRead, after, now, settings),
        ...(touchesDetails(body) ? [detailsWrite(after.id, edited.details)] : []),
        ...writes,
        ...withoutAuthenticator(asRead, after),
        ...(await changeNotices(deps, asRead, after, caller.user.title)),
        ...(applied ? [appliedEntry(deps, asRead, { ...asRead, ...applied, queued: undefined })] : []),
        ...(endsSessions ? [sessionRemoval(deps, after.id, after.epoch)] : []),
        ...stillHolds(caller, after.id),
      ],
      subject: { type: 'user', id: after.id },
      before: audited(before),
      after: audited(person),
      answer: { ...view(person), ...recommendations(asRead, after) },
    });
  });
});

/** An invite goes to one address: with another it is sent anew, and the old link is dead. Who signs in elsewhere needs none. */
async function withFirstSteps(
  deps: Deps,
  before: User,
  user: User,
  settings: Settings,
): Promise<{ user: User; writes: Write[] }> {
  if (user.state === 'invited' && !needsPassword(user, settings)) {
    return { user: { ...user, ...activation(user) }, writes: [] };
  }
  const isMoved = addressOf(user)?.to !== addressOf(before)?.to && isInvitable(user, settings);
  if (!isMoved) return { user, writes: [] };
  const { user: invited, mails } = await invite(deps, user);
  return { user: invited, writes: mails };
}

/** With another factor the authenticator is gone for good: should it be wanted again, another is set up. */
function withoutAuthenticator(before: User, after: User): Write[] {
  if (!isAuthenticator(before.secondFactor) || isAuthenticator(after.secondFactor)) return [];
  return removal(after.id);
}
