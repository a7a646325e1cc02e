// Sends a code to the address or number that is to become the user's own (S3-8).

import { me } from '#contract/me.ts';
import { asking, checkResendable, contactCodes } from '#domain/contacts/contacts.ts';
import { masked } from '#domain/contacts/masked.ts';
import { add, isReached, refusal } from '#domain/limits/limits.ts';
import { stillSignedIn } from '#domain/sessions/own-change.ts';
import { checkFresh } from '#domain/sessions/sessions.ts';
import { checkChangesOfType } from '#domain/users/field-rules.ts';

import { serve } from '#serve/serve.ts';
import { userKeys } from '#table/keys.ts';

export const handler = serve(me['change-my-contact'], async ({ deps, request, caller, commit }) => {
  const { user, session, definitions } = caller;
  const { authEmail, mobile } = request.body;
  checkChangesOfType(user.userType, request.body);
  checkFresh(session, deps.now());
  const limit = contactCodes(user.id);
  const [asked, sent] = await deps.table.batchGet([userKeys.pending(user.id, 'contact'), limit.key]);
  checkResendable(asked, deps.now());
  if (isReached(limit, sent, deps.now())) throw refusal(limit, sent, deps.now());

  const contact =
    authEmail === undefined
      ? ({ field: 'mobile', value: mobile as string } as const)
      : ({ field: 'authEmail', value: authEmail } as const);
  const { pending, writes } = await asking(deps, caller, contact, definitions.settings);
  const answer = {
    sentTo: masked(pending.value),
    expiresAt: new Date(pending.expiresAt).toISOString(),
    resendAt: new Date(pending.resendAt).toISOString(),
  };
  await add(deps, limit, sent, (addition) =>
    commit({
      writes: [...writes, addition, stillSignedIn(caller)],
      subject: { type: 'user', id: user.id },
      after: { [contact.field]: masked(contact.value) },
      answer,
    }),
  );
  return answer;
});
