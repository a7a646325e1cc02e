// How often a sign-in may fail (G3): by account, over all spellings, challenges and resends; by network, over all accounts.
// Who comes from a known device or network is counted apart, so that strangers cannot lock the owner out.

import { networkLimitKey, userKeys } from '#table/keys.ts';
import type { Limit } from '../limits/limits.ts';

/** Both counters together: at most ten guesses an hour. Their words are alike, or a refusal would tell that the network is known. */
export const passwordGuesses = (accountId: string, isKnown: boolean): Limit => ({
  key: userKeys.limit(accountId, isKnown ? 'passwords-known' : 'passwords'),
  max: 5,
  code: 'too_many_attempts',
  what: 'wrong passwords',
  waits: [0, 0, 60, 300],
});

/** Wrong codes of all challenges together; that a code dies of five is the challenge's own rule. */
export const codeGuesses = (userId: string): Limit => ({
  key: userKeys.limit(userId, 'codes'),
  max: 10,
  code: 'too_many_attempts',
  what: 'wrong codes',
});

export const codesSent = (userId: string): Limit => ({
  key: userKeys.limit(userId, 'code-mails'),
  max: 10,
  code: 'too_many_codes',
  what: 'codes sent',
});

/** Wide enough for a call floor behind one address, narrow enough against trying one password on everybody. Not for known devices. */
export const networkGuesses = (network: string): Limit => ({
  key: networkLimitKey(network),
  max: 300,
  code: 'too_many_attempts',
  what: 'failed sign-ins from your network',
});
