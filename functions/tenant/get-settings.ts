// The settings as they stand in the table now.

import { tenant } from '#contract/tenant.ts';
import { read, shown } from '#domain/settings/change.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(tenant['get-settings'], async ({ deps }) => shown(await read(deps)));
