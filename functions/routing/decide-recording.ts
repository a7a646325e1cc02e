// Is a call recorded from an event on, and why?

import { routing as contract } from '#contract/routing.ts';
import { recordedCall } from '#domain/routing/recorded-call.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['decide-recording'], async ({ deps, request }) =>
  recordedCall(deps, request.query),
);
