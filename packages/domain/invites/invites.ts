// Invites: the way a user gets a first password (S3-7), by mail or, without an address, by SMS (C4). The hash of the link's token
// stands on the user until it is accepted, replaced or over.

import { Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';
import { userTypes } from '#contract/user-types.ts';
import type { Write } from '#table/write.ts';
import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { effective } from '../inheritance/inheritance.ts';
import { addressOf } from '../notices/notice.ts';
import * as outbox from '../outbox/outbox.ts';
import { isSecret, mintToken, readToken } from '../secrets/token.ts';
import { isInActiveDates, type User } from '../users/user.ts';

const DAY_MS = 86_400_000;

/** Does the user ever type a password? Not who cannot sign in, and not who signs in elsewhere, unless a password does as well (S1-12). */
export function needsPassword(
  { userType, verifyType = 'password' }: Pick<User, 'userType' | 'verifyType'>,
  { ssoPasswordFallback }: Pick<Settings, 'ssoPasswordFallback'>,
): boolean {
  return userTypes[userType].signsIn && (verifyType === 'password' || ssoPasswordFallback);
}

export function isInvitable(
  user: Pick<User, 'userType' | 'verifyType' | 'state' | 'authEmail' | 'mobile'>,
  settings: Pick<Settings, 'ssoPasswordFallback'>,
): boolean {
  return user.state === 'invited' && needsPassword(user, settings) && addressOf(user) !== undefined;
}

/**
 * The user with a new invite, and the message that carries it. The invite before is dead with the change.
 * @param user is invitable
 * @param given the settings, where none are stored yet
 */
export async function invite(deps: Deps, user: User, given?: Settings): Promise<{ user: User; mails: Write[] }> {
  const known = given ? { settings: given, userGroups: new Map() } : await definitions.currentFor(deps, user);
  const { inviteDays } = known.settings;
  const { language } = effective(user, known);
  const to = addressOf(user);
  if (!to) throw new Error('An invite has nowhere to go');
  const { token, secretHash } = mintToken(deps, 'rinv', user.id);
  // Who begins later can accept it from then on, for as long as anybody else.
  const expiresAt = Math.max(deps.now(), user.activeFrom ?? 0) + inviteDays * DAY_MS;
  const mail = await outbox.message(deps, {
    userId: user.id,
    ...to,
    language,
    template: 'invite',
    data: { title: user.title, login: user.login, link: `${deps.tenant.publicUrl}/invite#${token}`, days: inviteDays },
    deadAt: expiresAt,
  });
  return { user: { ...user, invite: { secretHash, expiresAt } }, mails: [mail] };
}

/** The invited user and what accepting changes of them. @throws Problem `link_over` */
export function accepted(token: string, user: User | undefined, now: number): { user: User; changes: Partial<User> } {
  const read = readToken('rinv', token);
  if (
    !read ||
    !user?.invite ||
    user.state !== 'invited' ||
    !isSecret(read, user.invite) ||
    user.invite.expiresAt <= now
  ) {
    throw new Problem('link_over', {
      detail: 'An invite works once, until it expires, and only the newest; ask your administrator for another',
    });
  }
  if (!isInActiveDates(user, now)) throw notYet(user);
  return { user, changes: activation(user) };
}

/** Said to who has the link: before the first day and after the last nothing of the user is accepted (S4-10). */
function notYet({ activeFrom, activeUntil }: User): Problem {
  const dates = [activeFrom, activeUntil].map((at) => at !== undefined && new Date(at).toISOString());
  return new Problem('link_over', {
    detail: `The account is open ${[dates[0] && `from ${dates[0]}`, dates[1] && `until ${dates[1]}`].filter(Boolean).join(' ')}; the link works at no other time`,
    rule: 'S4-10',
    because: { activeFrom: dates[0] || undefined, activeUntil: dates[1] || undefined },
  });
}

/** What choosing a first password changes. */
export function activation(user: User): Partial<User> {
  return { state: 'active', invite: undefined, epoch: user.epoch + 1 };
}
