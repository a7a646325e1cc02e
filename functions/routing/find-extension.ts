// Who has an extension, fixed or virtual (S0-40, S4-17).

import { routing as contract } from '#contract/routing.ts';
import { requireOwner, shownUser, userAlone } from '#domain/routing/party.ts';
import { namingExtension } from '#serve/naming-extension.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(namingExtension(contract['find-extension']), async ({ deps, request, ahead }) => {
  const { extension } = request.params;
  const { user } = await requireOwner(deps, extension, userAlone, ahead);
  return {
    user: shownUser(user),
    kind: user.extension === extension ? ('extension' as const) : ('virtual' as const),
    staticLogin: user.staticLogin === true,
    devices: (user.devices ?? []).length > 0 ? ('assigned' as const) : ('dynamic' as const),
  };
});
