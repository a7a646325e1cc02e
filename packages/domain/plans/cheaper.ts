// Another type that does for the same work, and costs less: the one thing about a user that decides about licenses without
// deciding what they may do. Pure.

import { Problem } from '#contract/problems.ts';
import type { Price } from '#contract/seats.ts';
import { type UserTypeName, userTypes } from '#contract/user-types.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { permissionsOf } from '../grants/effective.ts';
import { neededBy } from '../licenses/consumption.ts';
import { costOf, summed } from '../licenses/money.ts';
import type { Seats } from '../licenses/seats.ts';
import type { Rights } from '../records/record.ts';
import { checkFieldsOfType } from '../users/field-rules.ts';
import type { Person } from '../users/person.ts';

const contents = ['queues', 'categories', 'groups', 'databases'] as const;

/** Types of people at a desk, and which content of their rights they work on: back-office has no queues, who looks on handles nothing. */
const worksOn = {
  'contact-center': contents,
  'back-office': ['categories', 'groups', 'databases'],
  passive: [],
} as const satisfies Partial<Record<UserTypeName, readonly (typeof contents)[number][]>>;

type DeskType = keyof typeof worksOn;
const deskTypes = Object.keys(worksOn) as DeskType[];

export interface Cheaper {
  type: UserTypeName;
  licenses: string[];
  saves: { money: Price[] /** Of licenses without a price. */; seats: number };
}

/**
 * @param person as planned
 * @param held licenses of which the user has a seat already
 */
export function cheaperType(
  person: Person,
  definitions: Definitions,
  seats: readonly Seats[],
  held: ReadonlySet<string>,
): Cheaper | undefined {
  const { user } = person;
  // What waits will be another user, of whom other types may be right.
  if (!isDeskType(user.userType) || user.queued) return undefined;
  const known = new Map(seats.map((each) => [each.license, each]));
  const isAtHand = (license: string) => held.has(license) || (known.get(license)?.free ?? 0) > 0;
  const now = neededBy(user, definitions);
  const found = deskTypes
    .filter((type) => type !== user.userType && isAlike(type, person, definitions))
    .flatMap((type): Cheaper[] => {
      const licenses = [...neededBy({ ...user, userType: type }, definitions)].sort();
      const saves = licenses.every(isAtHand) && savingOf([...now], licenses, known);
      return saves ? [{ type, licenses, saves }] : [];
    });
  return found.sort(byMostSaved)[0];
}

function isDeskType(type: UserTypeName): type is DeskType {
  return type in worksOn;
}

/** Every field given applies, and nothing of what they may do or work on is lost or gained. */
function isAlike(type: DeskType, person: Person, definitions: Definitions): boolean {
  const { user } = person;
  const rights = user.rights === undefined ? undefined : definitions.rights.get(user.rights);
  const worked = (as: DeskType) => worksOn[as].filter((kind) => rights && isAny(rights[kind])).join();
  if (worked(type) !== worked(user.userType as DeskType)) return false;
  const calls = permissionsOf(user, definitions).has('calls:make');
  if (calls && !userTypes[type].takesCalls) return false;
  return hasFieldsOf(type, person, definitions);
}

function hasFieldsOf(type: DeskType, { user, details }: Person, { settings }: Definitions): boolean {
  // What is kept beside the fields belongs to one of them: an own signature, own profiles.
  const useQueueSignature = details.useQueueSignature || details.signature !== undefined;
  const skills = user.skills ?? details.profiles;
  const { superUser, access = superUser && 'all', rights = superUser && 'all' } = user;
  try {
    checkFieldsOfType(type, { ...details, ...user, useQueueSignature, skills, access, rights }, settings);
    return true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return false;
  }
}

function isAny(content: Rights[(typeof contents)[number]]): boolean {
  return content === 'all' || content.length > 0;
}

/** Undefined unless nothing costs more, in any currency or in seats that have no price, and something costs less. */
function savingOf(
  now: readonly string[],
  then: readonly string[],
  known: ReadonlyMap<string, Seats>,
): Cheaper['saves'] | undefined {
  const costs = (licenses: readonly string[], sign: 1 | -1) =>
    licenses.flatMap((license) => {
      const price = known.get(license)?.price;
      return price ? [{ currency: price.currency, amount: sign * costOf(price, 1) }] : [];
    });
  const unpriced = (licenses: readonly string[]) => licenses.filter((license) => !known.get(license)?.price).length;
  const money = summed([...costs(now, 1), ...costs(then, -1)]).filter(({ amount }) => amount !== 0);
  const seats = unpriced(now) - unpriced(then);
  const isMore = seats < 0 || money.some(({ amount }) => amount < 0);
  return isMore || (seats === 0 && money.length === 0) ? undefined : { money, seats };
}

/** By the first currency that tells them apart, then by seats. */
function byMostSaved({ saves: a }: Cheaper, { saves: b }: Cheaper): number {
  const currencies = [...new Set([...a.money, ...b.money].map(({ currency }) => currency))].sort();
  const amountIn = (money: readonly Price[], wanted: string) =>
    money.find(({ currency }) => currency === wanted)?.amount ?? 0;
  for (const currency of currencies) {
    const difference = amountIn(b.money, currency) - amountIn(a.money, currency);
    if (difference !== 0) return difference;
  }
  return b.seats - a.seats;
}
