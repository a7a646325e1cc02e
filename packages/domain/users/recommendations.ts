// What is accepted and not recommended, or may cost: said in the answer, with the rule that says so.

import { emergencyOf } from '../numbers/emergency.ts';
import type { User } from './user.ts';
import { isOutside } from './way-of-calls.ts';

export interface Warning {
  pointer: string;
  detail: string;
  rule: string;
}

/** Of what is new with this change, or waits for a sign-out since. @returns a member for the answer; none where there is nothing to say */
export function recommendations(before: User | undefined, after: User): { warnings?: Warning[] } {
  const warnings = [
    ...newNumbers(before, after).flatMap(({ field, number }) => extensionWarnings(field, number)),
    ...(['forwarding', 'target'] as const)
      .filter((field) => after[field] !== before?.[field])
      .flatMap((field) => chargeWarnings(field, after[field])),
  ];
  return warnings.length > 0 ? { warnings } : {};
}

/** Whoever pays for the call is not who is called (S1-18). */
export function chargeWarnings(field: 'forwarding' | 'target', place: string | undefined): Warning[] {
  if (!isOutside(place)) return [];
  const detail = `${place} is a number outside: each call that goes there may be charged`;
  return [{ pointer: `/body/${field}`, detail, rule: 'S1-18' }];
}

function newNumbers(before: User | undefined, after: User) {
  const had = [before?.extension, before?.queued?.extension, before?.virtualExtension];
  const has = [
    { field: 'extension', number: after.extension },
    { field: 'extension', number: after.queued?.extension },
    { field: 'virtualExtension', number: after.virtualExtension },
  ] as const;
  return has.flatMap(({ field, number }) => (number && !had.includes(number) ? [{ field, number }] : []));
}

function extensionWarnings(field: 'extension' | 'virtualExtension', number: string): Warning[] {
  const warn = (detail: string) => ({ pointer: `/body/${field}`, detail, rule: 'S1-23' });
  const emergency = emergencyOf(number);
  return [
    ...(number.length === 3 ? [] : [warn(`${number} has ${number.length} digits; three are recommended`)]),
    ...(emergency === undefined ? [] : [warn(`${number} ${emergency}; choose one from 200 on`)]),
  ];
}
