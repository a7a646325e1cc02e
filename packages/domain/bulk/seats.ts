// Seats that a chunk takes and frees, all its users together; and who of them goes without when there are fewer than planned.

import { Problem } from '#contract/problems.ts';
import type { Item, Write } from '#table/write.ts';
import { moving, type Seats, sameEdition, seatsItem, usedUp } from '../licenses/seats.ts';
import { type PlannedEntry, type Refusal, refusalOf } from './entry.ts';

/** Each license once, however many users take or free a seat. */
export function seatWrites(going: readonly PlannedEntry[], edition: number): Write[] {
  const deciding = going.filter(({ write }) => write.seats !== undefined);
  if (deciding.length === 0 || edition === 0) return [];
  const moves = new Map<string, number>();
  for (const { write } of deciding) {
    for (const [license, by] of write.seats ?? []) moves.set(license, (moves.get(license) ?? 0) + by);
  }
  return moves.size > 0 ? moving(moves, edition) : [sameEdition(edition)];
}

/**
 * When there are too few, the last who would take one go without; and who goes without one license takes none of the others.
 * @param failed the writes of seats whose condition failed
 * @returns undefined: by the definitions of now seats may be moved otherwise
 */
export function withoutSeats(
  going: readonly PlannedEntry[],
  failed: readonly { write: Write; found: Item | undefined }[],
): Record<string, Refusal> | undefined {
  const short = new Map<string, Seats>();
  for (const { write, found } of failed) {
    if (!(write.otherwise?.(found) instanceof Problem)) return undefined;
    const seats = seatsItem().parse(found);
    short.set(seats.license, seats);
  }
  const movesOf = (by: 1 | -1, { write: { seats = [] } }: PlannedEntry) =>
    seats.filter(([license, count]) => count === by && short.has(license)).map(([license]) => license);
  const left = new Map([...short].map(([license, { free }]) => [license, free]));
  const add = (licenses: readonly string[], by: number) => {
    for (const license of licenses) left.set(license, (left.get(license) ?? 0) + by);
  };
  for (const entry of going) add(movesOf(-1, entry), 1);
  const refused: Record<string, Refusal> = {};
  for (const entry of going) {
    const takes = movesOf(1, entry);
    const lacking = takes.find((license) => (left.get(license) ?? 0) < 1);
    if (lacking === undefined) add(takes, -1);
    else {
      refused[entry.id] = refusalOf(usedUp(lacking));
      add(movesOf(-1, entry), -1);
    }
  }
  return refused;
}
