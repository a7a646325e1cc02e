// A group, with how many users have it.

import { groups as contract } from '#contract/groups.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-group'], async ({ deps, request }) =>
  shown(await records.require(deps, 'group', request.params.groupId)),
);
