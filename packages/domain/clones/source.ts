// Whom a clone is made of.

import { Problem } from '#contract/problems.ts';
import type { Deps } from '../deps.ts';
import type { Viewer } from '../grants/sight.ts';
import { requireInSight } from '../users/in-sight.ts';
import { type Person, personOf } from '../users/person.ts';

/** @throws Problem `user_not_found`, `user_deactivated` */
export async function requireSource(deps: Deps, viewer: Viewer, userId: string): Promise<Person> {
  const user = await requireInSight(deps, viewer, userId);
  if (user.state === 'deactivated') {
    throw new Problem('user_deactivated', {
      detail: `${user.title} is deactivated: what they had was judged long ago, and may be too much today; clone somebody else, or restore them first`,
      rule: 'S0-6',
      because: user.state,
      remedy: 'Clone somebody else, or restore them first',
    });
  }
  return personOf(deps, user);
}
