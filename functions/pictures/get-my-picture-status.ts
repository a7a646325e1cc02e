// What has become of the caller's own picture.

import { pictures as contract } from '#contract/pictures.ts';
import { shownStatus } from '#domain/pictures/picture.ts';
import * as pictures from '#domain/pictures/pictures.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-my-picture-status'], async ({ deps, caller }) =>
  shownStatus(await pictures.find(deps, caller.user.id), deps.now()),
);
