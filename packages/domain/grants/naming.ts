// Records that name others of their kind: roles include roles, rights let one see who has other rights. What is named is not
// deleted under them; it would take permissions away from users whom nobody has looked at.

import { Problem } from '#contract/problems.ts';
import type { Deps } from '../deps.ts';
import { namesOf, type Rights, type Role } from './record.ts';
import * as records from './records.ts';

/**
 * Says who names it, before the commit would refuse in a word.
 * @throws Problem `record_in_use` that says which records name it
 */
export async function checkNotNamed(deps: Deps, record: Role | Rights): Promise<void> {
  const naming = (await records.all(deps, record.type)).filter((each) => namesOf(each).includes(record.id));
  if (naming.length === 0) return;
  throw new Problem('record_in_use', {
    detail: `${record.name} is named by ${naming.map(({ name }) => name).join(', ')}; take it out of there first`,
    rule: 'S0-5',
    because: naming.map(({ id }) => id),
    remedy: 'Take it out of what names it first',
  });
}
