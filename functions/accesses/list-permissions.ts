// What can be granted, in words.

import { accesses } from '#contract/accesses.ts';
import { permissionCatalogue } from '#contract/permissions.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(accesses['list-permissions'], async () => ({
  permissions: Object.entries(permissionCatalogue).map(([name, text]) => ({ name, ...text })),
}));
