// What an access may be turned into: nothing that the editor does not hold, and nothing that they would lose by oversight.

import type * as z from 'zod';
import type { accessChanges } from '#contract/definition-changes.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import type { Access } from '../records/record.ts';
import * as records from '../records/records.ts';
import { permissionsOf } from './effective.ts';
import { checkOwnLoss, checkPermissions, type Granter } from './limits.ts';

/** @throws Problem `grants_too_much`, `would_lose_own_permission` */
export function editedAccess(
  deps: Deps,
  editor: Granter & { definitions: Definitions },
  before: Access,
  changes: z.output<ReturnType<typeof accessChanges>>,
  { force }: { force: boolean },
): Access {
  const after: Access = records.edited(deps, before, changes);
  // Also what it held before: who does not hold it must not take it away from others either.
  checkPermissions(editor, before.permissions, '/path/accessId');
  checkPermissions(editor, after.permissions, '/body/permissions');
  const accesses = new Map(editor.definitions.accesses).set(after.id, after);
  checkOwnLoss(editor, permissionsOf(editor.user, { ...editor.definitions, accesses }), force);
  return after;
}
