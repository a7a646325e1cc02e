// How often a PIN may be guessed by telephone: for each user, and for each network that such requests come from (S3-5).

import { networkLimitKey, userKeys } from '#table/keys.ts';
import type { Limit } from '../limits/limits.ts';

/** Of four digits so many guesses an hour would take a month and a half to try half of them. */
export const pinGuesses = (accountId: string): Limit => ({
  key: userKeys.limit(accountId, 'pins'),
  max: 5,
  code: 'too_many_attempts',
  what: 'wrong PINs',
  waits: [0, 0, 60, 300],
});

/**
 * One PIN tried on everybody. The platform's network is that of all telephones: wide enough for what a floor mistypes, and apart from
 * sign-ins, which a flood of telephone calls must not stop.
 */
export const pinGuessesOfNetwork = (network: string): Limit => ({
  key: networkLimitKey(network, 'telephone'),
  max: 300,
  code: 'too_many_attempts',
  what: 'wrong PINs from your network',
});
