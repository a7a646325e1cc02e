// What users are told when an administrator has changed by what they prove who they are: whoever did not ask for it should notice.

import type { Write } from '#table/write.ts';
import { masked } from '../contacts/masked.ts';
import type { Deps } from '../deps.ts';
import { notice, type Reach } from '../notices/notice.ts';
import type { User } from './user.ts';

/** Nothing for who has not signed in yet, or cannot any more. @param by title of the administrator */
export async function changeNotices(deps: Deps, before: User, after: User, by: string): Promise<Write[]> {
  if (before.state !== 'active' || after.state !== 'active') return [];
  return [
    ...(after.secondFactor === before.secondFactor
      ? []
      : await notice(deps, after, 'second-factor-changed', { what: 'mode-changed', by })),
    ...(await contactNotices(deps, before, after, 'authEmail')),
    ...(await contactNotices(deps, before, after, 'mobile')),
  ];
}

/** To the old address or number, which an intruder would not read, and to the new one. */
async function contactNotices(deps: Deps, before: User, after: User, field: 'authEmail' | 'mobile'): Promise<Write[]> {
  const [old, given] = [before[field], after[field]];
  if (old === given) return [];
  const facts = { field, ...(given !== undefined && { newContact: masked(given) }) };
  const at = (contact: string | undefined): Reach => ({ [field]: contact });
  return [
    ...(await notice(deps, after, 'contact-changed', { ...facts, isOld: 1 }, at(old))),
    ...(await notice(deps, after, 'contact-changed', { ...facts, isOld: 0 }, at(given))),
  ];
}
