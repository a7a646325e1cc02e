// A user together with their details: what the detail page shows, and the audit keeps.

import type { Permission } from '#contract/permissions.ts';
import { Problem } from '#contract/problems.ts';
import type { Deps } from '../deps.ts';
import { auditedDetails, type Details, detailsOf, shownDetails } from './details.ts';
import { shown, shownToAll } from './shown.ts';
import type { User } from './user.ts';
import * as users from './users.ts';

export interface Person {
  user: User;
  details: Details;
}

export async function personOf(deps: Deps, user: User): Promise<Person> {
  return { user, details: await detailsOf(deps, user.id) };
}

/** The user as the API shows them to who may see everything of them. */
export function shownPerson({ user, details }: Person) {
  return { ...shown(user), ...shownDetails(details) };
}

/** The user as a caller with these permissions sees them. */
export function shownPersonTo(
  permissions: ReadonlySet<Permission>,
  person: Person,
): ReturnType<typeof shownToAll> | ReturnType<typeof shownPerson> {
  return permissions.has('users:read-details') ? shownPerson(person) : shownToAll(person.user);
}

/** The user as they see themselves: the notes that others keep about them are not for them (S0-10). */
export function shownToSelf(permissions: ReadonlySet<Permission>, person: Person) {
  const { description, ...shown } = shownPerson(person);
  return permissions.has('users:read-details') ? { ...shown, description } : shown;
}

/**
 * Runs a change of a version that the caller has seen. Should there be another by now, the refusal shows it with its details, so
 * that a client can show the difference.
 * @throws Problem `version_stale`, `user_not_found`, and what the change throws
 */
export async function withCurrent<T>(
  deps: Deps,
  userId: string,
  show: (current: Person) => Record<string, unknown>,
  change: () => Promise<T>,
): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'version_stale')) throw error;
    const current = await personOf(deps, await users.require(deps, userId));
    throw users.stale(current.user, () => show(current));
  }
}

/** What the audit keeps of them; secrets only by their presence. */
export function audited({ user, details }: Person) {
  return { ...shown(user), ...auditedDetails(details) };
}
