// A skill, with how many users have it.

import { skills as contract } from '#contract/skills.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-skill'], async ({ deps, request }) =>
  shown(await records.require(deps, 'skill', request.params.skillId)),
);
