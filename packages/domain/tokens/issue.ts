// Issuing a token to a user: its value, the writes, and what the owner is told.

import { Problem } from '#contract/problems.ts';
import type { Write } from '#table/write.ts';
import { entry } from '../audit/audit.ts';
import type { Deps } from '../deps.ts';
import type { Granter } from '../grants/limits.ts';
import { notice } from '../notices/notice.ts';
import type { Session } from '../sessions/sessions.ts';
import type { User } from '../users/user.ts';
import { checkTitle } from './titles.ts';
import { minted, type NewToken, shown } from './token.ts';
import * as tokens from './tokens.ts';

/** Who makes a token on the way of making something else. @throws Problem `session_needed`, `not_permitted` */
export function checkMayIssue({ session, permissions }: Granter & { session?: Session | undefined }): void {
  if (!session) {
    throw new Problem('session_needed', {
      detail: 'An API token may not make another, neither by itself nor with a user',
      rule: 'K5',
      remedy: 'Leave apiToken out, or sign in',
    });
  }
  if (permissions.has('tokens:change')) return;
  throw new Problem('not_permitted', {
    detail:
      'A token with the user needs the permission tokens:change, which neither your access nor a role of yours holds',
    rule: 'S0-13',
    because: 'tokens:change',
    remedy: 'Leave apiToken out, or ask an administrator for the permission',
  });
}

/** A token for a user who is being created (C6). @throws Problem `token_value_in_title`, `invalid_input` */
export async function issue(
  deps: Deps,
  owner: User,
  given: NewToken,
  by: Granter,
): Promise<{ writes: Write[]; shown: ReturnType<typeof shown> & { value: string } }> {
  const { token, value } = minted(deps, owner.id, given);
  await checkTitle(deps, token.title);
  const after = shown(token, deps.now());
  const writes = [
    ...tokens.creation(token),
    ...(await notice(deps, owner, 'token-created', { tokenTitle: token.title, by: by.user.title })),
    entry(deps, { event: 'token.created', actor: by.user.id, subject: { type: 'token', id: token.id }, after }),
  ];
  return { writes, shown: { ...after, value } };
}
