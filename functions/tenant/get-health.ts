// Is the tenant up? Says ok only after the table has answered.

import { tenant } from '#contract/tenant.ts';
import { serve } from '#serve/serve.ts';
import { settingsKey } from '#table/keys.ts';

export const handler = serve(tenant['get-health'], async ({ deps }) => {
  await deps.table.get(settingsKey);
  return { status: 'ok' as const };
});
