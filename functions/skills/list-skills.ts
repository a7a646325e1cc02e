// Skills by name.

import { skills as contract } from '#contract/skills.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-skills'], async ({ deps }) => ({
  skills: (await records.all(deps, 'skill')).map(shown),
}));
