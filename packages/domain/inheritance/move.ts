// A move to another user group (C15): what stands against it, what becomes of the user, and what differs for them afterwards.

import type { Permission } from '#contract/permissions.ts';
import { Problem } from '#contract/problems.ts';
import { userKeys } from '#table/keys.ts';
import { absent, check, type Item, type Write } from '#table/write.ts';
import { availableProfiles } from '../profiles/of-user.ts';
import { defaultUserGroup, type UserGroup } from '../records/record.ts';
import type { Session } from '../sessions/sessions.ts';
import type { Person } from '../users/person.ts';
import type { User } from '../users/user.ts';
import { readSummary } from '../work/work.ts';
import { fieldsOf, type Known, type Sourced, sourced } from './inheritance.ts';

/** @throws Problem `user_deactivated`, `already_in_user_group` */
export function checkMovable(user: User, to: UserGroup): void {
  if (user.state === 'deactivated') {
    throw new Problem('user_deactivated', {
      detail: `${user.title} is deactivated; restore them first, and move them then`,
      rule: 'S0-56',
      because: user.state,
      remedy: 'Restore the user first',
    });
  }
  if ((user.userGroup ?? defaultUserGroup) !== to.id) return;
  throw new Problem('already_in_user_group', {
    detail: `${user.title} is in ${to.name} already; nothing is left to do`,
    rule: 'C15',
    because: to.id,
    remedy: 'Choose another user group',
  });
}

/** @param work the item of what the user has under way. @throws Problem `logged_on_to_queue` */
export function checkLoggedOff(user: Pick<User, 'title'>, work: Item | undefined): void {
  const { queues } = readSummary(work);
  if (queues.length > 0) throw loggedOn(user, queues);
}

/** A log-on that comes in between must not be overlooked. @throws at commit Problem `logged_on_to_queue` */
export function stillLoggedOff(user: Pick<User, 'id' | 'title'>): Write {
  return check(userKeys.work(user.id), ['or', absent, ['absent', 'queues'], ['=', 'queues', []]], (found) =>
    loggedOn(user, readSummary(found).queues),
  );
}

function loggedOn({ title }: Pick<User, 'title'>, queues: readonly string[]): Problem {
  return new Problem('logged_on_to_queue', {
    detail: `${title} is logged on to ${queues.join(', ')}; a user moves only while logged off`,
    rule: 'S3-12',
    because: queues,
    remedy: 'Have the user log off from all queues first',
  });
}

/** @throws Problem `user_signed_in` that offers to sign them out */
export function checkSignedOut(user: User, live: readonly Session[], when: 'signOutNow' | undefined): void {
  if (live.length === 0 || when === 'signOutNow') return;
  throw new Problem('user_signed_in', {
    detail: `${user.title} is signed in ${live.length === 1 ? 'once' : `${live.length} times`}; the user group changes only while a user is signed out`,
    rule: 'C2',
    because: { fields: ['userGroup'], sessions: live.length },
    remedy: 'Repeat with ?when=signOutNow to sign them out and move them',
    extra: { offers: ['signOutNow'] },
  });
}

/** What the move changes of the user; of their own values nothing (S3-13, S3-14). */
export function movedTo(to: Pick<UserGroup, 'id'>): Pick<Partial<User>, 'userGroup'> {
  // As it is kept: whoever is in the default one has none.
  return { userGroup: to.id === defaultUserGroup ? undefined : to.id };
}

/** What differs for the user, and what of their own does not. */
export function effectOf(before: Person, after: Person, known: Known, groups: { from: UserGroup; to: UserGroup }) {
  const userGroups = new Map(known.userGroups).set(groups.from.id, groups.from).set(groups.to.id, groups.to);
  const fresh = { settings: known.settings, userGroups };
  const [was, is] = [sourced(before, fresh), sourced(after, fresh)];
  const fields = fieldsOf(before.user);
  const values = fields.map((field) => ({ field, before: was[field].value, after: is[field].value }));
  const networks = {
    field: 'allowedNetworks' as const,
    before: groups.from.allowedNetworks,
    after: groups.to.allowedNetworks,
  };
  const own: { field: string; value: unknown }[] = fields.flatMap((field) => {
    const { own: value }: Sourced<unknown> = was[field];
    return value === undefined ? [] : [{ field, value }];
  });
  if (before.user.allowedNetworks) own.push({ field: 'allowedNetworks', value: before.user.allowedNetworks });
  const [had, has] = [availableProfiles(before, groups.from).group, availableProfiles(after, groups.to).group];
  return {
    becomes: [...values, networks].filter((each) => JSON.stringify(each.before) !== JSON.stringify(each.after)),
    stays: own,
    profiles: { lost: had.map(idAndName), gained: has.map(idAndName) },
  };
}

/** What the user is told of it. @param by title of who moves them */
export function noticeOf(
  to: Pick<UserGroup, 'name'>,
  { lost, gained }: ReturnType<typeof effectOf>['profiles'],
  by: string,
): Record<string, string> {
  const row = (profiles: readonly { name: string }[]) => profiles.map(({ name }) => name).join(', ');
  return {
    userGroup: to.name,
    by,
    ...(lost.length > 0 && { lost: row(lost) }),
    ...(gained.length > 0 && { gained: row(gained) }),
  };
}

/** The effect as a caller with these permissions sees it: which fields, and their values only to who may see details. */
export function effectTo(permissions: ReadonlySet<Permission>, effect: ReturnType<typeof effectOf>) {
  if (permissions.has('users:read-details')) return effect;
  const fieldAlone = ({ field }: { field: string }) => ({ field });
  return { ...effect, becomes: effect.becomes.map(fieldAlone), stays: effect.stays.map(fieldAlone) };
}

function idAndName({ id, name }: { id: string; name: string }) {
  return { id, name };
}
