// The caller's own picture.

import { pictures as contract } from '#contract/pictures.ts';
import * as pictures from '#domain/pictures/pictures.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-my-picture'], async ({ deps, caller }) =>
  pictures.requireImage(deps, caller.user),
);
