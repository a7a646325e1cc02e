// Claims: items that exist so that a value belongs to at most one user. Logins and authentication emails share one space (C5),
// mobile numbers have one of their own.

import { canonicalName } from '#contract/fields.ts';
import { Problem } from '#contract/problems.ts';
import { claimKey } from '#table/keys.ts';
import { absent, type Item, put, remove, type Write } from '#table/write.ts';
import type { User } from './user.ts';

interface Claim {
  space: 'sign-in-name' | 'mobile';
  name: string;
  code: 'login_taken' | 'email_taken' | 'mobile_taken';
  field: 'login' | 'authEmail' | 'mobile';
}

/** What a change of a user means for claims; `before` is undefined for a new one. @throws at commit `login_taken`, `email_taken`, `mobile_taken` */
export function moves(before: User | undefined, after: User): Write[] {
  const had = before ? claimsOf(before) : [];
  const has = claimsOf(after);
  return [
    ...had.filter((claim) => !has.some(same(claim))).map((claim) => release(claim, after.id)),
    ...has.filter((claim) => !had.some(same(claim))).map((claim) => take(claim, after)),
  ];
}

/** Of who is gone for good. */
export function releases(user: User): Write[] {
  return claimsOf(user).map((claim) => release(claim, user.id));
}

export function ownerOf(claim: Item | undefined): string | undefined {
  return claim?.userId as string | undefined;
}

/** The authentication email only where it is another name than the login. */
function claimsOf({ login, authEmail, mobile }: User): Claim[] {
  const loginName = canonicalName(login);
  const claims: Claim[] = [{ space: 'sign-in-name', name: loginName, code: 'login_taken', field: 'login' }];
  const emailName = authEmail && canonicalName(authEmail);
  if (emailName && emailName !== loginName) {
    claims.push({ space: 'sign-in-name', name: emailName, code: 'email_taken', field: 'authEmail' });
  }
  if (mobile) claims.push({ space: 'mobile', name: mobile, code: 'mobile_taken', field: 'mobile' });
  return claims;
}

const same = (a: Claim) => (b: Claim) => a.space === b.space && a.name === b.name;

function take({ space, name, code, field }: Claim, user: User): Write {
  const item = { ...claimKey(space, name), type: 'claim', v: 1, userId: user.id };
  return put(item, { if: absent, otherwise: () => taken(code, field, user[field]) });
}

function release({ space, name }: Claim, userId: string): Write {
  return remove(claimKey(space, name), { if: ['=', 'userId', userId] });
}

function taken(code: Claim['code'], field: Claim['field'], value: string | undefined): Problem {
  const rule = { login: 'S0-9', authEmail: 'C5', mobile: 'S3-3' }[field];
  const detail =
    field === 'mobile'
      ? `${value} belongs to another user; choose another (S3-3)`
      : `${value} already signs somebody in, as login or as authentication email; choose another (S0-9, C5)`;
  const errors = [{ pointer: `/body/${field}`, detail }];
  return new Problem(code, { detail, errors, rule, because: value, remedy: 'Choose another' });
}
