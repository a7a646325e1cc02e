// Notices: what users are told of their own account, so that they notice what they did not do themselves.

import type { Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { effectiveOf } from '../inheritance/inheritance.ts';
import * as outbox from '../outbox/outbox.ts';
import type { User } from '../users/user.ts';

/** Three days later it is no news. */
const WORTH_SENDING_MS = 3 * 86_400_000;

export type NoticeName =
  | 'new-device'
  | 'second-factor-changed'
  | 'password-changed'
  | 'contact-changed'
  | 'temporary-password-set'
  | 'token-created'
  | 'token-expiring'
  | 'moved'
  /** To administrators. */
  | 'seats-running-out'
  | 'seats-unused';

/** Where somebody can be reached: by mail, or else by SMS. */
export type Reach = Pick<User, 'authEmail' | 'mobile'>;

/**
 * The notice as a message to the user; nothing where they cannot be reached.
 * @param at other addresses than the user's present ones, for a change of these
 */
export async function notice(
  deps: Deps,
  user: User,
  template: NoticeName,
  data: outbox.Message['data'] = {},
  at: Reach = user,
): Promise<Write[]> {
  const to = addressOf(at);
  if (!to) return [];
  const { language } = await effectiveOf(deps, user);
  const message = await outbox.message(deps, {
    userId: user.id,
    ...to,
    language,
    template,
    data: { title: user.title, login: user.login, at: new Date(deps.now()).toISOString(), ...data },
    deadAt: deps.now() + WORTH_SENDING_MS,
  });
  return [message];
}

export function addressOf({ authEmail, mobile }: Reach): { channel: outbox.Channel; to: string } | undefined {
  if (authEmail !== undefined) return { channel: 'email', to: authEmail };
  if (mobile !== undefined) return { channel: 'sms', to: mobile };
  return undefined;
}
