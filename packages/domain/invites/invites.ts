// Invites: the way a user gets a first password (S3-7). The hash of the link's token stands on the user until it is accepted, replaced or over.

import { Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';
import { userTypes } from '#contract/user-types.ts';
import type { Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import * as outbox from '../outbox/outbox.ts';
import { isSecret, mintToken, readToken } from '../secrets/token.ts';
import { current as currentSettings } from '../settings/settings.ts';
import type { User } from '../users/user.ts';

const DAY_MS = 86_400_000;

export function isInvitable(user: Pick<User, 'userType' | 'state' | 'authEmail'>): boolean {
  return userTypes[user.userType].signsIn && user.state === 'invited' && user.authEmail !== undefined;
}

/** The user with a new invite, and the mail that carries it. The invite before is dead with the change. `given`: the settings, where none are stored yet. */
export async function invite(deps: Deps, user: User, given?: Settings): Promise<{ user: User; mails: Write[] }> {
  const { inviteDays, language } = given ?? (await currentSettings(deps));
  const { token, secretHash } = mintToken(deps, 'rinv', user.id);
  const expiresAt = deps.now() + inviteDays * DAY_MS;
  const mail = await outbox.mail(deps, {
    userId: user.id,
    to: user.authEmail as string,
    language: user.language ?? language,
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
  return { user, changes: activation(user) };
}

/** What choosing a first password changes. */
export function activation(user: User): Partial<User> {
  return { state: 'active', invite: undefined, epoch: user.epoch + 1 };
}
