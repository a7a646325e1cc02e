// The code from the new address proves it, and it becomes the user's own (S3-8). What was proven under the old one ends.

import { me } from '#contract/me.ts';
import { changeNotices, isRightCode, pendingContact, proven } from '#domain/contacts/contacts.ts';
import { isReached, notReached, refusal } from '#domain/limits/limits.ts';
import * as pendings from '#domain/proofs/pending.ts';
import { changingOneself } from '#domain/sessions/own-change.ts';
import { codeGuesses } from '#domain/sign-in/limits.ts';
import { shown } from '#domain/users/shown.ts';
import { signedOutElsewhere } from '#domain/users/sign-out.ts';
import { serve } from '#serve/serve.ts';
import { userKeys } from '#table/keys.ts';

export const handler = serve(me['confirm-my-contact'], async ({ deps, request, caller, commit }) => {
  const key = userKeys.pending(caller.user.id, 'contact');
  const limit = codeGuesses(caller.user.id);
  const [found, wrongCodes] = await deps.table.batchGet([key, limit.key]);
  const asked = found && pendingContact().parse(found);
  const pending = pendings.living(asked, caller.session, deps.now());
  if (isReached(limit, wrongCodes, deps.now())) throw refusal(limit, wrongCodes, deps.now());
  if (!(await isRightCode(deps, pending, request.body.code))) {
    return pendings.refuse(deps, key, pending, wrongCodes, 'That is not the code of the newest message');
  }

  return changingOneself(deps, caller, async ({ user, session }) => {
    const { after, writes } = signedOutElsewhere(deps, user, session, proven(pending));
    return commit({
      writes: [
        pendings.consumption(key, pending, deps.now()),
        notReached(limit, deps.now()),
        ...writes,
        ...(await changeNotices(deps, user, pending)),
      ],
      subject: { type: 'user', id: user.id },
      before: shown(user),
      after: shown(after),
      answer: shown(after),
    });
  });
});
