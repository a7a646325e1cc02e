// Nobody gives more than they hold.

import { Problem } from '#contract/problems.ts';
import type { User } from './user.ts';

/** @param wanted what the request sets or takes away. @throws Problem `not_permitted` (C12: only a SuperUser may set the flag) */
export function checkGrant(granter: User, wanted: { superUser?: boolean | undefined }): void {
  if (wanted.superUser && !granter.superUser) {
    throw new Problem('not_permitted', {
      detail: 'Only a SuperUser makes or unmakes a SuperUser (C12); ask one',
      errors: [{ pointer: '/body/superUser', detail: 'needs a SuperUser' }],
    });
  }
}
