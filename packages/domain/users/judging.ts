// What an administrator's changes make of a user, and whether that may be: the same for one user and for ten thousand. Nothing
// here reads or writes.

import type * as z from 'zod';
import type { Settings } from '#contract/settings.ts';
import type { userChanges } from '#contract/user.ts';
import { userTypes } from '#contract/user-types.ts';
import type { Sealer } from '#table/seal.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { callerChanged, checkCancelling, checkSuperUser, type Granter } from '../grants/limits.ts';
import { changedDetails, touchesDetails } from './details.ts';
import { changesOf } from './edits.ts';
import {
  checkActiveDates,
  checkChangesOfType,
  checkSecondFactor,
  checkSignIn,
  checkStaysReachable,
} from './field-rules.ts';
import type { Person } from './person.ts';
import { checkRelations } from './references.ts';
import { touchesTelephony } from './telephony.ts';
import { checkNumbersDiffer, checkSip } from './telephony-rules.ts';
import type { User } from './user.ts';

export type Changes = z.output<ReturnType<typeof userChanges>>;

/**
 * The user with the changes, judged; references and claims are left to whoever writes.
 * @param sealer needed where a secret is among the changes
 * @throws Problem `invalid_input`, `grants_too_much`, `outranked`, `caller_changed`
 */
export function judged(
  editor: Granter & { definitions: Definitions },
  before: Person,
  changes: Changes,
  { now, sealer }: { now: number; sealer?: Sealer | undefined },
): Person {
  const { settings } = editor.definitions;
  const { user, details } = before;
  // What they hold was read a moment earlier: it must not be what they have just lost.
  if (user.id === editor.user.id && user.version !== editor.user.version) throw callerChanged();
  checkSuperUser(editor, changes.superUser, user.superUser);
  if (changes.queued === null) checkCancelling(editor, user);
  if (changes.secondFactor) checkSecondFactor(changes.secondFactor, settings);
  checkChangesOfType(user.userType, changes);
  const after = changesOf(user, changes, now);
  checkActiveDates(after, now, user);
  checkRelations(user, after);
  checkSignsIn(user, after, settings);
  checkNumbersDiffer(after);
  if (!touchesDetails(changes) && !touchesTelephony(changes)) return { user: after, details };
  const edited = changedDetails(details, changes, sealer && { sealer, userId: user.id, now });
  if (touchesTelephony(changes)) checkSip(edited);
  return { user: after, details: edited };
}

/** Is all by which the user proves who they are as it was? */
export function isSignInKept(before: User, after: User): boolean {
  return SIGN_IN_FIELDS.every((field) => after[field] === before[field]);
}

const SIGN_IN_FIELDS = ['authEmail', 'mobile', 'secondFactor', 'verifyType'] as const;

/** What has not changed is not judged: the tenant's settings may be younger than the user. @throws Problem `invalid_input` */
function checkSignsIn(before: User, after: User, settings: Settings): void {
  if (isSignInKept(before, after)) return;
  if (userTypes[after.userType].signsIn) checkSignIn(after, settings);
  checkStaysReachable(before, after);
}
