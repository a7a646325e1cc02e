// Changes what the users of a group inherit: in force for all of them within five seconds. What a user has of their own stays (S3-16).

import { userGroups as contract } from '#contract/user-groups.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { checkStaysAllowed } from '#domain/limits/allowed-networks.ts';
import { defaultUserGroup, shown, type UserGroup } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(
  contract['change-user-group'],
  async ({ deps, request, caller, origin, ifMatch, commit }) => {
    const { body, params, query } = request;
    const before = await records.require(deps, 'user-group', params.userGroupId);
    if (before.version !== ifMatch) throw records.stale('user-group', before);
    const after: UserGroup = records.edited(deps, before, body);
    const isOwn = (caller.user.userGroup ?? defaultUserGroup) === after.id;
    if (isOwn && body.allowedNetworks !== undefined) {
      checkStaysAllowed(body.allowedNetworks, { address: origin.address, force: query.force });
    }
    return commit({
      writes: [...records.change(before, after), ...stillHolds(caller)],
      subject: { type: 'user-group', id: after.id },
      before: shown(before),
      after: shown(after),
      answer: shown(after),
    });
  },
);
