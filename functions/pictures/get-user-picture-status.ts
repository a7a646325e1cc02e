// What has become of the picture of a user in sight.

import { pictures as contract } from '#contract/pictures.ts';
import { shownStatus } from '#domain/pictures/picture.ts';
import * as pictures from '#domain/pictures/pictures.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-user-picture-status'], async ({ deps, request, caller }) => {
  const user = await requireInSight(deps, caller, request.params.userId);
  return shownStatus(await pictures.find(deps, user.id), deps.now());
});
