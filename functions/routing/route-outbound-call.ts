// Which number a call of a user presents, and why. Drawn anew each time it is asked.

import { routing as contract } from '#contract/routing.ts';
import { outboundCall } from '#domain/routing/outbound-call.ts';
import { namingExtension } from '#serve/naming-extension.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(namingExtension(contract['route-outbound-call']), async ({ deps, request, ahead }) =>
  outboundCall(deps, request.query, ahead),
);
