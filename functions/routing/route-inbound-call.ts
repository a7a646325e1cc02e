// Where a call to a user goes, and why. Decided for all users, whoever asks: the telephony platform has none in sight.

import { routing as contract } from '#contract/routing.ts';
import { inboundCall } from '#domain/routing/inbound-call.ts';
import { namingExtension } from '#serve/naming-extension.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(namingExtension(contract['route-inbound-call']), async ({ deps, request, ahead }) =>
  inboundCall(deps, request.query, ahead),
);
