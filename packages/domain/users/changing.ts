// A change of a user by an administrator, from whichever request: what must be so, who they become, and all that is written.

import type { Settings } from '#contract/settings.ts';
import { isAuthenticator } from '#contract/user-types.ts';
import type { Write } from '#table/write.ts';
import { removal } from '../authenticators/authenticators.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { type Granter, stillHolds } from '../grants/limits.ts';
import { activation, invite, isInvitable, needsPassword } from '../invites/invites.ts';
import { sessionRemoval } from '../jobs/remove-sessions.ts';
import { reseated } from '../licenses/seating.ts';
import { checkStaysAllowed } from '../limits/allowed-networks.ts';
import { addressOf } from '../notices/notice.ts';
import * as numbers from '../numbers/numbers.ts';
import { checkFresh, type Session } from '../sessions/sessions.ts';
import { changeNotices } from './change-notices.ts';
import { detailWrites } from './details.ts';
import { callsLead } from './forwarding.ts';
import { checkNotDeactivated } from './in-sight.ts';
import { type Changes, isSignInKept, judged } from './judging.ts';
import { planned, type When } from './locks.ts';
import { type Person, personOf } from './person.ts';
import { appliedEntry } from './queued.ts';
import { checkReferences } from './references.ts';
import { hasSecret } from './secrets.ts';
import { accountMoves } from './sip-accounts.ts';
import type { User } from './user.ts';
import * as users from './users.ts';

/** Who changes, and from where. */
export interface Editor extends Granter {
  definitions: Definitions;
  session?: Session | undefined;
}

interface How {
  when?: When;
  /** Also when the editor's own address would not be allowed any more (K13). */
  force: boolean;
  address: string;
}

export interface Changing {
  before: Person;
  after: Person;
  writes: Write[];
}

/**
 * @param asRead whom the editor reaches
 * @throws Problem `user_deactivated`, `reauthentication_needed`, `would_lock_yourself_out`, `user_signed_in`, and what `judged` and
 * `checkReferences` throw, `forwarding_loop`; at commit `version_stale`, `email_taken`, `mobile_taken`, `number_taken`, `last_superuser`,
 * `license_exhausted`, `caller_changed`
 */
export async function changing(
  deps: Deps,
  editor: Editor,
  asRead: User,
  body: Changes,
  { when, force, address }: How,
): Promise<Changing> {
  const { settings } = editor.definitions;
  checkNotDeactivated(asRead);
  const before = await personOf(deps, asRead);
  const now = deps.now();
  const sealer = hasSecret(body) ? await deps.sealer() : undefined;
  const edited = judged(editor, before, body, { now, sealer });
  if (asRead.id === editor.user.id && !isSignInKept(asRead, edited.user)) checkFresh(editor.session, now);
  if (asRead.id === editor.user.id && body.allowedNetworks !== undefined) {
    checkStaysAllowed(body.allowedNetworks, { address, force });
  }
  await checkReferences(deps, editor, body, editor.definitions);
  const { user, endsSessions, applied } = await planned(deps, asRead, edited.user, when, editor.user.id);
  const { user: stepped, writes } = await withFirstSteps(deps, asRead, user, settings);
  const after = await reseated(deps, asRead, stepped, editor.definitions);
  return {
    before,
    after: { user: after, details: edited.details },
    writes: [
      ...users.change(asRead, after),
      ...numbers.moves(asRead, after, now, settings),
      ...detailWrites(after.id, edited.details, body),
      ...accountMoves(after.id, before.details, edited.details),
      ...(await callsLead(deps, editor, asRead, after)),
      ...writes,
      ...withoutAuthenticator(asRead, after),
      ...(await changeNotices(deps, asRead, after, editor.user.title)),
      ...(applied ? [appliedEntry(deps, asRead, { ...asRead, ...applied, queued: undefined })] : []),
      ...(endsSessions ? [sessionRemoval(deps, after.id, after.epoch)] : []),
      ...stillHolds(editor, after.id),
    ],
  };
}

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
