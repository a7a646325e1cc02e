// What an operation may cost: DynamoDB request units, and requests that wait for one another.
// The bench prints them beside what it sees; test/bench holds them. The session check is part of what is signed in.

import type { ScenarioName } from './scenarios.ts';
import type { Spending } from './spending.ts';

export type Budget = Pick<Spending, 'readUnits' | 'writeUnits' | 'trips'>;

/** Definitions that are not at hand are read beside the first trip: half a unit for each 4 kB, and no trip more. */
export const definitionsReadUnits = 0.5;

export const budgets: Readonly<Partial<Record<ScenarioName, Budget>>> = {
  'session check': { readUnits: 2, writeUnits: 0, trips: 1 },
  // At most every five minutes a session.
  'session check that touches': { readUnits: 2, writeUnits: 1, trips: 2 },
  'API token check': { readUnits: 2, writeUnits: 0, trips: 1 },
  // At most every five minutes a token.
  'API token check that writes its use': { readUnits: 2, writeUnits: 1, trips: 2 },
  // At most once a day a token; its place in the index of due work moves with it.
  'API token check that writes its use and moves its end': { readUnits: 2, writeUnits: 3, trips: 2 },
  // One more, to learn whose it is.
  'check of an imported API token': { readUnits: 3, writeUnits: 0, trips: 2 },
  // One of the writes puts the session into the index of who is present.
  'sign-in by password': { readUnits: 3, writeUnits: 7, trips: 3 },
  // The code comes along with the password; two more writes for using up its time step.
  'sign-in by password and authenticator': { readUnits: 3, writeUnits: 9, trips: 3 },
  // Two reads for the session check, two for access and rights. Of the writes six are for these two, whose users are counted,
  // and for the check that the caller still holds what they grant; two are for the seat that the user takes.
  'create user by invitation': { readUnits: 4, writeUnits: 20, trips: 3 },
  // The user and the next version of the audit; two of them for the check that the caller still holds what they do.
  'change a user': { readUnits: 6, writeUnits: 8, trips: 4 },
  'change a detail of a user': { readUnits: 6, writeUnits: 8, trips: 4 },
  'change the alias of a user': { readUnits: 6, writeUnits: 8, trips: 4 },
  'change the language of a user': { readUnits: 6, writeUnits: 8, trips: 4 },
  // Six reads for the list, two for the session check, and a trip each.
  'list 100 users': { readUnits: 8, writeUnits: 0, trips: 2 },
  // Three for the search, and as little.
  'search users by one word': { readUnits: 5, writeUnits: 0, trips: 2 },
  'search users by two words': { readUnits: 5, writeUnits: 0, trips: 2 },
  'search users by a phrase': { readUnits: 5, writeUnits: 0, trips: 2 },
  // Two units and a trip for the token check, with whose the extension is beside it; the settings of calls in one more trip.
  'route a call to an extension': { readUnits: 4, writeUnits: 0, trips: 2 },
  'route a call by an extension': { readUnits: 4, writeUnits: 0, trips: 2 },
  'decide a recording after a transfer': { readUnits: 4, writeUnits: 0, trips: 2 },
  // The order alone, then half a unit for each user: nobody pages through this all day.
  'list 100 users by login': { readUnits: 55, writeUnits: 0, trips: 3 },
};

/** What is over, like "4 read units of 3"; empty when the budget is kept. */
export function overBudget(budget: Budget, spent: Budget): string[] {
  const parts = [
    { what: 'read units', is: spent.readUnits, max: budget.readUnits },
    { what: 'write units', is: spent.writeUnits, max: budget.writeUnits },
    { what: 'trips', is: spent.trips, max: budget.trips },
  ];
  return parts.filter(({ is, max }) => is > max).map(({ what, is, max }) => `${is} ${what} of ${max}`);
}
