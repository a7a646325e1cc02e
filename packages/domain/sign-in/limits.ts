// How often a sign-in may fail (G3): by account, over all spellings, challenges and resends; by network, over all accounts.

import { networkLimitKey, userKeys } from '#table/keys.ts';
import type { Limit } from '../limits/limits.ts';

export const passwordGuesses = (accountId: string): Limit => ({
  key: userKeys.limit(accountId, 'passwords'),
  max: 10,
  code: 'too_many_attempts',
  what: 'wrong passwords',
});

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

/** Wide enough for a call floor behind one address, narrow enough against trying one password on everybody. */
export const networkGuesses = (network: string): Limit => ({
  key: networkLimitKey(network),
  max: 300,
  code: 'too_many_attempts',
  what: 'failed sign-ins from your network',
});
