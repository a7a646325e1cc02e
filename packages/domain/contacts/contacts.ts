// Users' own addresses and numbers (S3-8): a new one counts once a code that went there has come back. Whether somebody else
// has it is told only then, by the claim: asking must not reveal it.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';
import { userKeys } from '#table/keys.ts';
import { type Item, put, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { effectiveOf } from '../inheritance/inheritance.ts';
import type { Limit } from '../limits/limits.ts';
import { addressOf, notice, type Reach } from '../notices/notice.ts';
import { message } from '../outbox/outbox.ts';
import { begun, PROOF_MS, pendingItem, stored } from '../proofs/pending.ts';
import { sixDigits } from '../secrets/six-digits.ts';
import type { Self } from '../sessions/own-change.ts';
import type { User } from '../users/user.ts';
import { masked } from './masked.ts';

export const pendingContact = once(() =>
  pendingItem().extend({
    field: z.enum(['authEmail', 'mobile']),
    value: z.string(),
    codeFingerprint: z.string(),
    resendAt: z.number(),
  }),
);

export type PendingContact = z.output<ReturnType<typeof pendingContact>>;

/** What goes to addresses that may be anybody's is counted apart from what goes to the user's own. */
export const contactCodes = (userId: string): Limit => ({
  key: userKeys.limit(userId, 'contact-codes'),
  max: 10,
  code: 'too_many_codes',
  what: 'codes sent to new addresses',
});

/**
 * The wait for a code, and the message that carries it.
 * @throws Problem `resend_too_soon`, here or at commit
 */
export async function asking(
  deps: Deps,
  { user, session }: Self,
  contact: Pick<PendingContact, 'field' | 'value'>,
  settings: Pick<Settings, 'resendIntervalSeconds'>,
): Promise<{ pending: PendingContact; writes: Write[] }> {
  const code = sixDigits(deps);
  const sealer = await deps.sealer();
  const now = deps.now();
  const base = begun(deps, session);
  const pending: PendingContact = {
    ...base,
    ...contact,
    codeFingerprint: sealer.fingerprint(purpose(base.id), code),
    resendAt: now + settings.resendIntervalSeconds * 1000,
  };
  const key = userKeys.pending(user.id, 'contact');
  const isDue = ['or', ['absent', 'pk'], ['<=', 'resendAt', now]] as const;
  const write = put(stored(key, pending), { if: isDue, otherwise: (found) => tooSoon(found, now) });
  const { language } = await effectiveOf(deps, user);
  const sent = await message(deps, {
    userId: user.id,
    channel: contact.field === 'authEmail' ? 'email' : 'sms',
    to: contact.value,
    language,
    template: 'contact-code',
    data: { title: user.title, code, minutes: PROOF_MS / 60_000 },
    deadAt: pending.expiresAt,
  });
  return { pending, writes: [write, sent] };
}

/** @throws Problem `resend_too_soon` when a code went out just now, wherever to */
export function checkResendable(asked: Item | undefined, now: number): void {
  if (asked && pendingContact().parse(asked).resendAt > now) throw tooSoon(asked, now);
}

export async function isRightCode(deps: Deps, pending: PendingContact, code: string): Promise<boolean> {
  const sealer = await deps.sealer();
  return sealer.matches(purpose(pending.id), code, pending.codeFingerprint);
}

/** What the proof changes; mail that came back says nothing of another address. */
export function proven({ field, value }: PendingContact): Partial<User> {
  return field === 'authEmail' ? { authEmail: value, authEmailTrouble: undefined } : { mobile: value };
}

/** The new address is told, and the old one; where there was none, whatever else reaches the user. */
export async function changeNotices(deps: Deps, before: User, { field, value }: PendingContact): Promise<Write[]> {
  const told = { field, newContact: masked(value) };
  const old = before[field];
  const to = (contact: string): Reach => (field === 'authEmail' ? { authEmail: contact } : { mobile: contact });
  const elsewhere = old === undefined ? before : to(old);
  const isElsewhere = addressOf(elsewhere)?.to !== value;
  return [
    ...(isElsewhere
      ? await notice(deps, before, 'contact-changed', { ...told, isOld: old === undefined ? 0 : 1 }, elsewhere)
      : []),
    ...(await notice(deps, before, 'contact-changed', { ...told, isOld: 0 }, to(value))),
  ];
}

function tooSoon(asked: Item | undefined, now: number): Problem {
  const resendAt = asked ? pendingContact().parse(asked).resendAt : now;
  const seconds = Math.max(1, Math.ceil((resendAt - now) / 1000));
  return new Problem('resend_too_soon', {
    detail: `The next code can be sent in ${seconds} s`,
    retryAfterSeconds: seconds,
  });
}

const purpose = (pendingId: string) => `contact ${pendingId}`;
