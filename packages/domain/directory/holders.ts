// Who has an access, rights, a role, a user group, a group, a skill, a tag or a device, or a queue as their target: the same for
// all of them. Where there are entries of who has it, they are read; what a user has one of is looked for in the list.

import { type MemberKind, type RecordKind, type Shelf, userKeys } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import { isInSight, type Viewer } from '../grants/sight.ts';
import { defaultUserGroup } from '../records/record.ts';
import { type ListedUser, readListed, shelfOf } from '../users/user.ts';
import { isSightKnown } from './filter.ts';
import { type FoundPage, gather, membersOf, type Request, type Source } from './find.ts';

/** Users of these shelves who have it, or will have it at their next sign-out, in sight of who asks. */
export async function holdersOf(
  deps: Deps,
  viewer: Viewer,
  { kind, id }: { kind: RecordKind; id: string },
  shelves: readonly Shelf[],
  request: Request,
): Promise<FoundPage> {
  const isWanted = (user: Pick<ListedUser, 'id' | 'userType' | 'state' | 'rights'>) =>
    shelves.includes(shelfOf(user)) && isInSight(viewer, user);
  const entries = entriesOf[kind];
  const source: Source = entries ? membersOf(entries, id) : listed(kind, id, shelves);
  if (!isSightKnown(source.knowing, viewer)) return gather(deps, source, request, isWanted);
  const read: Source['read'] = (item) => {
    const user = source.read(item);
    return user && isWanted(user as ListedUser) ? user : undefined;
  };
  return gather(deps, { ...source, read }, request);
}

/** As what those who have it stand there. */
const entriesOf: { readonly [Kind in RecordKind]?: MemberKind } = {
  role: 'role',
  group: 'group',
  skill: 'skill',
  tag: 'tag',
  device: 'device',
  queue: 'target',
};

function listed(kind: RecordKind, id: string, shelves: readonly Shelf[]): Source {
  return {
    stages: [{ partitions: shelves.flatMap(userKeys.listPartitions) }],
    index: 'users',
    knowing: 'row',
    read: (item) => {
      const user = readListed(item);
      return has(user, kind, id) ? user : undefined;
    },
  };
}

function has(user: ListedUser, kind: RecordKind, id: string): boolean {
  if (kind === 'user-group') return (user.userGroup ?? defaultUserGroup) === id;
  if (kind !== 'access' && kind !== 'rights') return false;
  return user[kind] === id || user.queued?.[kind] === id;
}
