// How long an API token lives (S0-48…S0-50), and when its owner is told that it will end (K5). Decides; reads and writes nothing.

import { Problem } from '#contract/problems.ts';

export const DAY_MS = 86_400_000;
const YEAR_DAYS = 365;
const YEARS_MAX = 10;

/** Days before the end at which the owner is told, and the end itself. */
const stages = [30, 7, 1, 0] as const;

export interface Validity {
  expiresAt: number;
  customValidity: boolean;
  /** The last stage that has been dealt with, in days before the end; 0 once the end is in the audit. */
  told?: number | undefined;
}

/** The last instant of a year from then, which a token gets unless it is given another (S0-48). */
export const yearFrom = (at: number) => at + YEAR_DAYS * DAY_MS;

/**
 * The validity of a token that is saved now.
 * @param given null or undefined: a year from its creation
 * @throws Problem `invalid_input`
 */
export function chosenValidity(given: string | null | undefined, createdAt: number, now: number): Validity {
  const customValidity = typeof given === 'string';
  const expiresAt = customValidity ? Date.parse(given) : yearFrom(createdAt);
  if (expiresAt <= now) {
    throw refusal(
      expiresAt,
      customValidity ? 'is not in the future' : 'cannot be the year from the creation, which is over',
      `Give an instant after ${new Date(now).toISOString()}`,
    );
  }
  const latest = new Date(now);
  latest.setUTCFullYear(latest.getUTCFullYear() + YEARS_MAX);
  if (expiresAt > latest.getTime()) {
    throw refusal(
      expiresAt,
      `is more than ${YEARS_MAX} years away`,
      `Give an instant until ${latest.toISOString()}, or extend the token with use`,
    );
  }
  // Who makes a token for three days knows so: nobody is told at once that it ends within seven.
  return { expiresAt, customValidity, told: reachedStage(expiresAt, now) };
}

/** Where a use moves the expiry, once that is a day or more: only ever later, and never past a year from the use (S0-50, I12). */
export function extension(token: { extendWithUse: boolean; expiresAt: number }, now: number): number | undefined {
  const wanted = yearFrom(now);
  return token.extendWithUse && token.expiresAt <= wanted - DAY_MS ? wanted : undefined;
}

/** The stage nearest to the end that has come; of several that were missed, it is the one that still holds. */
export function reachedStage(expiresAt: number, now: number): number | undefined {
  return stages.findLast((days) => now >= expiresAt - days * DAY_MS);
}

/** When there is something to tell next; undefined after the end. */
export function nextDueAt({ expiresAt, told = Number.POSITIVE_INFINITY }: Pick<Validity, 'expiresAt' | 'told'>) {
  const next = stages.find((days) => days < told);
  return next === undefined ? undefined : expiresAt - next * DAY_MS;
}

function refusal(expiresAt: number, detail: string, remedy: string): Problem {
  return new Problem('invalid_input', {
    detail: `/body/expiresAt ${detail}`,
    errors: [{ pointer: '/body/expiresAt', detail: `${detail}; ${remedy[0]?.toLowerCase()}${remedy.slice(1)}` }],
    rule: 'S0-49',
    because: new Date(expiresAt).toISOString(),
    remedy,
  });
}
