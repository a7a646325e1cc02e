// What stands against deactivating or deleting a user, what points at them, and the previews that confirm having seen it.

import { leaving as contract } from '#contract/leaving.ts';
import { pointersAt } from '#domain/leaving/pointers.ts';
import { previewOf } from '#domain/leaving/previews.ts';
import { blockersOf, remediesOf, standingOf } from '#domain/leaving/standing.ts';
import { warningsOf } from '#domain/leaving/warnings.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-removal-impact'], async ({ deps, request, caller }) => {
  const user = await requireInSight(deps, caller, request.params.userId);
  const { settings } = caller.definitions;
  const [standing, pointers, sealer] = await Promise.all([
    standingOf(deps, user),
    pointersAt(deps, caller, user),
    deps.sealer(),
  ]);
  return {
    blockers: blockersOf(standing),
    strict: settings.offboarding === 'strict',
    remedies: remediesOf(standing),
    pointers,
    warnings: warningsOf(settings),
    preview: {
      deactivate: previewOf(sealer, 'deactivate', standing, deps.now()),
      delete: previewOf(sealer, 'delete', standing, deps.now()),
    },
  };
});
