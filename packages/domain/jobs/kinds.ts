// Every kind of job, by its name. Known to run-jobs alone: who starts a job need not carry what does it.

import { commitBulkEdit } from '../bulk/committing.ts';
import { planBulkEdit } from '../bulk/planning.ts';
import { indexUsers } from '../directory/reindex.ts';
import { clearUser } from '../leaving/clearing.ts';
import { moveLicenses } from '../licenses/moving-users.ts';
import { tellAdministrators } from '../licenses/telling.ts';
import { clearWork } from '../work/clearing.ts';
import type { Kind } from './jobs.ts';
import { removeSessions } from './remove-sessions.ts';

export const kinds: Readonly<Record<string, Kind>> = {
  'index-users': indexUsers,
  'commit-bulk-edit': commitBulkEdit,
  'plan-bulk-edit': planBulkEdit,
  'remove-sessions': removeSessions,
  'clear-work': clearWork,
  'clear-user': clearUser,
  'move-licenses': moveLicenses,
  'tell-administrators': tellAdministrators,
};
