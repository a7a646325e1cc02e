// What a user's fields must be: those that the type has (S0-7), and those that signing in needs together (C4, S1-10, S0-24).

import { type FieldError, Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';
import { fieldMatrix, type MatrixField, type UserTypeName } from '#contract/user-types.ts';
import type { User } from './user.ts';

/**
 * A new user has what the type requires, and nothing that it does not have. Where the tenant lets a mobile number do, the
 * authentication email is not required beside one (C4). @throws Problem `invalid_input` (S0-7, S0-25)
 */
export function checkFieldsOfType(
  type: UserTypeName,
  fields: Partial<Record<MatrixField, unknown>>,
  { contact }: Pick<Settings, 'contact'>,
): void {
  const isReachedByMobile = contact === 'email_or_mobile' && isMeant(fields.mobile);
  const missing = matrixFields.filter(
    (field) =>
      fieldMatrix()[field][type] === 'required' &&
      !isMeant(fields[field]) &&
      !(field === 'authEmail' && isReachedByMobile),
  );
  refuseFields(type, [
    ...missing.map((field) => ({ pointer: `/body/${field}`, detail: `is required for a user of type ${type}` })),
    ...inapplicable(type, fields),
  ]);
}

/** A change names nothing that the type does not have. @throws Problem `invalid_input` (S0-7) */
export function checkChangesOfType(type: UserTypeName, changes: Partial<Record<MatrixField, unknown>>): void {
  refuseFields(type, inapplicable(type, changes));
}

/**
 * A mobile number that is all by which a user is reached stays, though it can become another. @throws Problem `invalid_input` (C4)
 */
export function checkStaysReachable(before: User, after: User): void {
  const wasReached = before.authEmail !== undefined || before.mobile !== undefined;
  const isReached = after.authEmail !== undefined || after.mobile !== undefined;
  if (fieldMatrix().authEmail[after.userType] !== 'required' || isReached || !wasReached) return;
  const detail = 'is all by which this user is reached; give an authEmail first, or with this change';
  throw new Problem('invalid_input', {
    detail: `/body/mobile ${detail}`,
    errors: [{ pointer: '/body/mobile', detail }],
    rule: 'C4',
    because: before.mobile,
    remedy: 'Give an authentication email',
  });
}

const matrixFields = Object.keys(fieldMatrix()) as MatrixField[];

function inapplicable(type: UserTypeName, fields: Partial<Record<MatrixField, unknown>>): FieldError[] {
  return matrixFields
    .filter((field) => fieldMatrix()[field][type] === 'no' && isMeant(fields[field]))
    .map((field) => ({ pointer: `/body/${field}`, detail: `does not apply to a user of type ${type}; remove it` }));
}

function refuseFields(type: UserTypeName, errors: FieldError[]): void {
  if (errors.length === 0) return;
  const detail = errors.map((each) => `${each.pointer} ${each.detail}`).join('; ');
  throw new Problem('invalid_input', { detail, errors, rule: 'S0-7', because: type });
}

/** @throws Problem `invalid_input` when the tenant does not allow the factor (K2) */
export function checkSecondFactor(
  factor: User['secondFactor'],
  { secondFactors }: Pick<Settings, 'secondFactors'>,
): void {
  if (secondFactors.includes(factor)) return;
  const detail = `${factor} is not among the factors that this tenant allows; use ${secondFactors.join(' or ')}`;
  const errors = [{ pointer: '/body/secondFactor', detail }];
  throw new Problem('invalid_input', {
    detail,
    errors,
    rule: 'K2',
    because: secondFactors,
    remedy: 'Change the setting secondFactors, or choose another factor',
  });
}

/**
 * What the fields mean together, whoever set them: a code by email needs an address, another verify type its integration, and
 * a second factor a password. @throws Problem `invalid_input` (C4, S1-10, S0-24)
 */
export function checkSignIn(
  {
    authEmail,
    mobile,
    secondFactor: factor,
    verifyType: by = 'password',
  }: Pick<User, 'authEmail' | 'mobile' | 'secondFactor' | 'verifyType'>,
  settings: Pick<Settings, 'verifyTypes' | 'ssoPasswordFallback'>,
): void {
  const refuse = (field: string, rule: string, because: unknown, detail: string, remedy: string) => {
    const errors = [{ pointer: `/body/${field}`, detail: `${detail}; ${remedy}` }];
    throw new Problem('invalid_input', { detail: `/body/${field} ${detail}`, errors, rule, because, remedy });
  };
  if (factor === 'email-otp' && authEmail === undefined) {
    refuse(
      'secondFactor',
      'C4',
      { mobile },
      'sends codes by email, and there is no authentication email',
      'give one, or choose another factor',
    );
  }
  if (!settings.verifyTypes.includes(by)) {
    refuse(
      'verifyType',
      'S1-10',
      settings.verifyTypes,
      `names ${by}, for which no integration is configured`,
      `use ${settings.verifyTypes.join(' or ')}, or configure it first`,
    );
  }
  if (by !== 'password' && factor !== 'off' && !settings.ssoPasswordFallback) {
    refuse(
      'secondFactor',
      'S0-24',
      by,
      `is checked by Roster only beside a password, and this user signs in by ${by}`,
      'use off, or turn the setting ssoPasswordFallback on',
    );
  }
}

/** Off, none and no are what a field says that is not there; password is what every verify type begins as. */
function isMeant(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value === 'password') return false;
  return value !== undefined && value !== null && value !== 'off' && value !== false;
}

type ActiveDates = Pick<User, 'activeFrom' | 'activeUntil'>;

/**
 * The end comes after the beginning; and it is still to come, or nothing would say who deactivated the user, and what of theirs
 * was closed by it. An end that was set before is not judged again.
 * @throws Problem `invalid_input` (S4-10)
 */
export function checkActiveDates(
  { activeFrom, activeUntil }: ActiveDates,
  now: number,
  before: ActiveDates = {},
): void {
  if (activeUntil === undefined) return;
  const refuse = (detail: string, because: number, remedy: string) => {
    throw new Problem('invalid_input', {
      detail: `/body/activeUntil ${detail}`,
      errors: [{ pointer: '/body/activeUntil', detail }],
      rule: 'S4-10',
      because: new Date(because).toISOString(),
      remedy,
    });
  };
  if (activeFrom !== undefined && activeFrom >= activeUntil) {
    refuse('is not after activeFrom; swap them, or leave one out', activeFrom, 'Swap them, or leave one out');
  }
  if (activeUntil <= now && activeUntil !== before.activeUntil) {
    refuse('is over; to end it now, deactivate the user', activeUntil, 'POST /v1/users/{userId}/deactivate');
  }
}
