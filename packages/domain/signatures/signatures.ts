// Setting a signature: it stands in an item of its own, and the user's version counts it.

import { Problem } from '#contract/problems.ts';
import { fieldMatrix } from '#contract/user-types.ts';
import type { Write } from '#table/write.ts';
import { signatureWrite } from '../users/details.ts';
import { changed } from '../users/edits.ts';
import type { Person } from '../users/person.ts';
import * as users from '../users/users.ts';
import { sanitized } from './sanitized.ts';

/**
 * The person with the signature, and what makes it so.
 * @param html null: none
 * @throws Problem `invalid_input`; at commit `version_stale`
 */
export function signing(before: Person, html: string | null, now: number): { after: Person; writes: Write[] } {
  const { user, details } = before;
  checkWritesEmails(before);
  const signature = html === null ? undefined : sanitized(html);
  const after = { user: changed(user, now, {}), details: { ...details, signature } };
  return { after, writes: [...users.change(user, after.user), signatureWrite(user.id, signature)] };
}

/** @throws Problem `invalid_input` (S0-7) */
function checkWritesEmails({ user: { userType: type } }: Person): void {
  if (fieldMatrix().useQueueSignature[type] !== 'no') return;
  const detail = `does not apply to a user of type ${type}, who writes no emails`;
  throw new Problem('invalid_input', {
    detail: `/body/signature ${detail}`,
    errors: [{ pointer: '/body/signature', detail }],
    rule: 'S0-7',
    because: type,
  });
}
