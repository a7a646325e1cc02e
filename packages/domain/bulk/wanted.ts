// What a bulk edit asks of one user, in the words of a change of that user. Pure.

import { Problem } from '#contract/problems.ts';
import type { Changes } from '../users/judging.ts';
import { audited, type Person } from '../users/person.ts';
import type { Entry } from './entry.ts';
import type { Request } from './request.ts';

/** A change of one user, and a move. */
export interface Wanted {
  changes: Changes;
  userGroup?: string | undefined;
}

/** Records of each kind that a user can have at once, as the contract has it for one user. */
const EACH_MAX = 50;

/** @throws Problem `invalid_input` when the user would have too many of a kind */
export function wantedOf({ changes, groups, tags, skills, userGroup }: Request, { user }: Person): Wanted {
  const withSkills = (skills?.add ?? []).map(({ skill }) => skill).concat(skills?.remove ?? []);
  const wanted = {
    ...changes,
    ...(groups && { groups: moved('groups', user.groups, groups) }),
    ...(tags && { tags: moved('tags', user.tags, tags) }),
    ...(skills && {
      skills: limited('skills', [
        ...(user.skills ?? []).filter(({ skill }) => !withSkills.includes(skill)),
        ...skills.add,
      ]),
    }),
  };
  return { changes: wanted as Changes, userGroup };
}

function moved(field: string, had: readonly string[] = [], { add, remove }: { add: string[]; remove: string[] }) {
  const kept = had.filter((id) => !remove.includes(id));
  return limited(field, [...kept, ...add.filter((id) => !kept.includes(id))]);
}

function limited<T>(field: string, list: T[]): T[] {
  if (list.length <= EACH_MAX) return list;
  const detail = `would be ${list.length}, and ${EACH_MAX} is the most for one user`;
  throw new Problem('invalid_input', {
    detail: `/body/${field}/add ${detail}`,
    errors: [{ pointer: `/body/${field}/add`, detail }],
    because: list.length,
  });
}

/** What follows from another field by itself comes back with that, or not at all. */
const CONSEQUENCES = new Set(['queued', 'state', 'inviteExpiresAt', 'profilesOff', 'authEmailTrouble', 'extension']);

/**
 * What takes back what a bulk edit did: the values before, where the user still has those that it set.
 * @throws Problem `version_stale` that says what is there now
 */
export function undoing({ changes = {} }: Pick<Entry, 'changes'>, person: Person): Wanted {
  const now: Record<string, unknown> = audited(person);
  const fields = Object.entries(changes).filter(([field]) => !CONSEQUENCES.has(field));
  const others = fields.filter(([field, { after }]) => JSON.stringify(now[field]) !== JSON.stringify(after));
  if (others.length > 0) {
    const said = others.map(([field]) => `${field} is ${JSON.stringify(now[field]) ?? 'not set'}`);
    throw new Problem('version_stale', {
      detail: `Changed since by somebody else: ${said.join(', ')}; only what the bulk edit has set is taken back`,
      because: Object.fromEntries(others.map(([field]) => [field, now[field]])),
    });
  }
  const { userGroup, ...before } = Object.fromEntries(fields.map(([field, { before }]) => [field, before ?? null]));
  return { changes: before as Changes, ...(typeof userGroup === 'string' && { userGroup }) };
}
