// What a deleted user referred to and that was deleted meanwhile. Without it they come back only if that is said; an access and rights
// are what a user of their type must have, so others are to be given.

import { Problem } from '#contract/problems.ts';
import { fieldMatrix } from '#contract/user-types.ts';
import type { Deps } from '../deps.ts';
import { skillsOf } from '../profiles/profile.ts';
import * as records from '../records/records.ts';
import type { Person } from '../users/person.ts';
import { referencesOf } from '../users/references.ts';
import type { User } from '../users/user.ts';

const READ_AT_ONCE = 100;

/** @throws Problem `prerequisites_missing` with everything that is gone */
export async function standing(deps: Deps, person: Person, leaveOutMissing: boolean): Promise<Person> {
  const gone = await goneOf(deps, person);
  if (gone.length === 0) return person;
  const isDue = (kind: 'access' | 'rights') => fieldMatrix()[kind][person.user.userType] === 'required';
  const due = gone.filter(
    ({ id, kind }) => (kind === 'access' || kind === 'rights') && isDue(kind) && person.user[kind] === id,
  );
  if (due.length > 0 || !leaveOutMissing) throw missing(leaveOutMissing ? due : gone);
  return without(person, new Set(gone.map(({ id }) => id)));
}

async function goneOf(deps: Deps, { user, details }: Person) {
  const named = new Map([
    ...skillsOf(details.profiles ?? []).map((id) => [id, 'skill'] as const),
    ...referencesOf(user),
  ]);
  const wanted = [...named].map(([id, kind]) => ({ kind, id }));
  const gone: typeof wanted = [];
  for (let at = 0; at < wanted.length; at += READ_AT_ONCE) {
    const some = wanted.slice(at, at + READ_AT_ONCE);
    const found = await records.byIds(deps, some);
    gone.push(...some.filter((_each, n) => found[n] === undefined));
  }
  return gone;
}

function missing(gone: Parameters<typeof records.missing>[0]): Problem {
  const { facts } = records.missing(gone);
  const remedy =
    'Give another access or other rights with the request, and leave everything else out by "leaveOutMissing": true; or create it anew';
  return new Problem('prerequisites_missing', { ...facts, remedy });
}

function without({ user, details }: Person, gone: ReadonlySet<string>): Person {
  const isThere = (id: string) => !gone.has(id);
  const left: User = {
    ...user,
    ...(user.roles && { roles: user.roles.filter(isThere) }),
    ...(user.groups && { groups: user.groups.filter(isThere) }),
    ...(user.tags && { tags: user.tags.filter(isThere) }),
    ...(user.devices && { devices: user.devices.filter(({ device }) => isThere(device)) }),
    target: user.target && isThere(user.target) ? user.target : undefined,
    ...(user.skills && { skills: user.skills.filter(({ skill }) => isThere(skill)) }),
    userGroup: user.userGroup && isThere(user.userGroup) ? user.userGroup : undefined,
    queued: isQueueThere(user, isThere) ? user.queued : undefined,
  };
  const profiles = details.profiles?.map((profile) => ({
    ...profile,
    skills: profile.skills.filter(({ skill }) => isThere(skill)),
  }));
  return { user: left, details: { ...details, ...(profiles && { profiles }) } };
}

function isQueueThere({ queued }: User, isThere: (id: string) => boolean): boolean {
  return [queued?.access, queued?.rights].every((id) => id === undefined || isThere(id));
}
