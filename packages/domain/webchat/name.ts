// How who talks to a customer is called in webchat (C8). Pure.

import type { Settings } from '#contract/settings.ts';
import type { User } from '../users/user.ts';

const OPERATOR = 'Operator';

/** The alias only where the setting says so; who has none is Operator then, and not their title: nobody has agreed to that. */
export function nameInWebchat({ title, alias }: Pick<User, 'title' | 'alias'>, { webchatName }: Settings) {
  if (webchatName === 'title') return { name: title, from: 'title' as const };
  if (webchatName === 'alias' && alias !== undefined) return { name: alias, from: 'alias' as const };
  return { name: OPERATOR, from: 'operator' as const };
}
