// The picture of a user in sight, for who may change users (C24).

import { pictures as contract } from '#contract/pictures.ts';
import * as pictures from '#domain/pictures/pictures.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-user-picture'], async ({ deps, request, caller }) =>
  pictures.requireImage(deps, await requireInSight(deps, caller, request.params.userId)),
);
