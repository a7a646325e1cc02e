// The picture of a user for webchat, whose customers see it instead of an icon where the tenant wants that (S0-29, C24).

import { pictures as contract } from '#contract/pictures.ts';
import * as pictures from '#domain/pictures/pictures.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-webchat-picture'], async ({ deps, request, caller }) => {
  const user = await requireInSight(deps, caller, request.params.userId);
  if (!caller.definitions.settings.webchatPictures) {
    throw pictures.notFound('Webchat shows no pictures here; the setting webchatPictures would let it');
  }
  return pictures.requireImage(deps, user);
});
