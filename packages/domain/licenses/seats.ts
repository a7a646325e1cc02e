// Seats: how many of each license are owned, used and free. They move in the transaction that changes the user, whichever request
// that is, and no seat is given that is not there. A user's own item says what they hold; so the counts are the sum of the users.

import * as z from 'zod';
import type { Catalogue } from '#contract/license-catalogue.ts';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import type { Condition } from '#table/condition.ts';
import { editionKey, seatsKey } from '#table/keys.ts';
import { absent, check, type Item, update, type Write } from '#table/write.ts';
import { DefinitionsMoved } from '../definitions/moved.ts';
import type { Deps } from '../deps.ts';
import type { Granter } from '../grants/limits.ts';
import type { User } from '../users/user.ts';
import { neededBy, type Rules } from './consumption.ts';

export const seatsItem = once(() =>
  z.object({
    type: z.literal('seats'),
    v: z.literal(1),
    license: z.string(),
    owned: z.number(),
    used: z.number(),
    /** Owned less used; below zero where the operator has taken seats away from under their users. */
    free: z.number(),
    /** Of the definitions that seats are taken by (licensing.ts). */
    edition: z.number(),
    /** Counts movements. */
    moves: z.number(),
    /** Counts changes of what is owned and what it costs. */
    version: z.number(),
    price: z.object({ amount: z.number(), currency: z.string() }).optional(),
    /** As the tenant file said it last. */
    ownedByFile: z.number().optional(),
    priceByFile: z.object({ amount: z.number(), currency: z.string() }).optional(),
    updatedAt: z.number(),
  }),
);

export type Seats = z.output<ReturnType<typeof seatsItem>>;

/** What of a user decides what they take. */
const deciding = ({ userType, access, rights, roles, recording, queued }: User) =>
  JSON.stringify([userType, access, rights, roles, recording, queued?.access, queued?.rights]);

/**
 * The user with the seats that they need. Whoever changes what decides about them passes the user through here; the writes of a
 * user refuse one who was not.
 */
export function seated(user: User, rules: Rules, now: number): User {
  const known = user.seats?.held ?? {};
  const held = [...neededBy(user, rules)].sort().map((license) => [license, known[license] ?? now]);
  return { ...user, seats: { edition: rules.licensing.edition, held: Object.fromEntries(held) } };
}

/** The next version of a user: with other seats, where what decides about them is another. */
export function reseatedBy(rules: Rules, before: User | undefined, after: User, now: number): User {
  if (before && !isDecidedAnew(before, after)) return after;
  if (after.state === 'deactivated') return unseated(after);
  // Who comes back takes them anew.
  return seated(before?.state === 'deactivated' ? { ...after, seats: undefined } : after, rules, now);
}

/** Who takes none any more, whatever the definitions say. */
function unseated(user: User): User {
  return { ...user, seats: { edition: user.seats?.edition ?? 0, held: {} } };
}

/** Of every license in the catalogue. */
export async function allSeats(deps: Pick<Deps, 'table'>, { licenses }: Catalogue): Promise<Seats[]> {
  return seatsOf(
    deps,
    licenses.map(({ id }) => id),
  );
}

export async function seatsOf(deps: Pick<Deps, 'table'>, licenses: readonly string[]): Promise<Seats[]> {
  if (licenses.length === 0) return [];
  const items = await deps.table.batchGet(licenses.map(seatsKey));
  return items.filter((item) => item !== undefined).map((item) => seatsItem().parse(item));
}

export type SeatMoves = Map<string, 1 | -1>;

export function seatMoves(before: Pick<User, 'seats'> | undefined, after: Pick<User, 'seats'> | undefined): SeatMoves {
  const [had, has] = [before?.seats?.held ?? {}, after?.seats?.held ?? {}];
  const moves: SeatMoves = new Map();
  for (const license of Object.keys(has)) if (had[license] === undefined) moves.set(license, 1);
  for (const license of Object.keys(had)) if (has[license] === undefined) moves.set(license, -1);
  return moves;
}

/**
 * One write for each license that the user takes or frees; none where nothing changes that decides about it.
 * @throws Error for a user who was not passed through `seated`; at commit Problem `license_exhausted`, DefinitionsMoved
 */
export function seatWrites(before: User | undefined, after: User): Write[] {
  const moves = seatMoves(before, after);
  if (after.state === 'deactivated') {
    if (Object.keys(after.seats?.held ?? {}).length > 0) throw new Error(`${after.id} is deactivated and holds seats`);
    return moving(moves, undefined);
  }
  if (after.seats === before?.seats) {
    if (!before || isDecidedAnew(before, after))
      throw new Error(`${after.id} was written without a look at their seats`);
    return [];
  }
  const edition = after.seats?.edition ?? 0;
  // Nobody takes any, as long as there are none: a process may have looked before there were.
  if (edition === 0) return [check(editionKey, absent, () => new DefinitionsMoved())];
  return moves.size > 0 ? moving(moves, edition) : [sameEdition(edition)];
}

/** Of who is gone. */
export function seatReleases(user: User): Write[] {
  return moving(seatMoves(user, undefined), undefined);
}

/**
 * @param moves how many more or fewer of each license
 * @param edition of the definitions by which they were decided; undefined where seats are freed whatever these say
 * @param force takes seats that are not there, too
 */
export function moving(moves: ReadonlyMap<string, number>, edition: number | undefined, force = false): Write[] {
  return [...moves]
    .filter(([, by]) => by !== 0 || edition !== undefined)
    .map(([license, by]) => {
      const conditions: Condition[] = [
        ['exists', 'pk'],
        ...(edition === undefined ? [] : [['=', 'edition', edition] as const]),
        ...(by > 0 && !force ? [['>=', 'free', by] as const] : []),
      ];
      const otherwise = (found: Item | undefined) =>
        found && (edition === undefined || found.edition === edition)
          ? exhausted(seatsItem().parse(found), by)
          : new DefinitionsMoved();
      const increase = { used: by, free: -by, moves: 1 };
      return update(seatsKey(license), { increase }, { if: ['and', ...conditions], otherwise });
    });
}

/** Where no seat moves, it must still be true that none need move. */
export function sameEdition(edition: number): Write {
  return check(editionKey, ['=', 'edition', edition], () => new DefinitionsMoved());
}

/** For whoever hears of it, as in what is kept for others: neither how many there are, nor where it is listed who has one. */
export function usedUp(license: string): Problem {
  const remedy = remedyOf();
  return new Problem('license_exhausted', {
    detail: `No seat of ${license} is left for this. ${remedy}`,
    rule: 'S0-5',
    because: { license },
    remedy,
  });
}

/** With all numbers: to be shown by `exhaustionFor` alone. */

export function exhausted({ license, owned, used, free }: Seats, wanted = 1): Problem {
  return new Problem('license_exhausted', {
    detail: `No seat of ${license} is free: ${owned} are owned and ${used} used${wanted > 1 ? `, and this takes ${wanted}` : ''}`,
    rule: 'S0-5',
    because: { license, owned, used, free, wanted },
    remedy: remedyOf(license),
  });
}

/** For all who would take one by an edit: what is used counts theirs by then, and would mislead. */
export function tooFew({ license, owned }: Seats): Problem {
  return new Problem('license_exhausted', {
    detail: `${owned === 1 ? 'One seat' : `${owned} seats`} of ${license} ${owned === 1 ? 'is' : 'are'} owned, and this takes more than are free`,
    rule: 'S0-5',
    because: { license, owned },
    remedy: remedyOf(license),
  });
}

/** How many seats there are is for who may see licenses; and so is the list that the remedy leads to. */
export function exhaustionFor({ permissions }: Pick<Granter, 'permissions'>, refusal: Problem): Problem {
  if (refusal.code !== 'license_exhausted' || permissions.has('licenses:read')) return refusal;
  return usedUp((refusal.facts.because as { license: string }).license);
}

/** @param license where it is said who has one */
function remedyOf(license?: string): string {
  const where = license === undefined ? '' : ` (GET /v1/licenses/usage/users?license=${license})`;
  return `Deactivate somebody who has one${where}, take away what it follows from, or ask your vendor for more seats`;
}

/** Does anything change that decides what the user takes? */
export function isDecidedAnew(before: User, after: User): boolean {
  if ((before.state === 'deactivated') !== (after.state === 'deactivated')) return true;
  return deciding(before) !== deciding(after);
}
