// Records that name others: roles include roles, rights let one see who has other rights, profiles of user groups are made of
// skills. What is named is not deleted under them; it would take permissions or skills away from users whom nobody has looked at.

import { Problem } from '#contract/problems.ts';
import type { Deps } from '../deps.ts';
import { namesOf, type Rights, type Role, type Skill } from '../records/record.ts';
import * as records from '../records/records.ts';

/**
 * Says who names it, before the commit would refuse in a word.
 * @throws Problem `record_in_use` that says which records name it
 */
export async function checkNotNamed(deps: Deps, record: Role | Rights | Skill): Promise<void> {
  const kind = record.type === 'skill' ? 'user-group' : record.type;
  const naming = (await records.all(deps, kind)).filter((each) => namesOf(each).some(({ id }) => id === record.id));
  if (naming.length === 0) return;
  throw new Problem('record_in_use', {
    detail: `${record.name} is named by ${naming.map(({ name }) => name).join(', ')}; take it out of there first`,
    rule: 'S0-5',
    because: naming.map(({ id }) => id),
    remedy: 'Take it out of what names it first',
  });
}
