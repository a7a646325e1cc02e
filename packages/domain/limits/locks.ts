// Locks as administrators see them: every limit that can keep one account from getting in, in their words.

import { resetCodeGuesses } from '../passwords/reset-codes.ts';
import { resetMailLimit } from '../passwords/resets.ts';
import { pinGuesses } from '../presence/limits.ts';
import { codeGuesses, codesSent, passwordGuesses } from '../sign-in/limits.ts';
import type { Limit } from './limits.ts';

export const locksOf = (userId: string): { what: string; limit: Limit }[] => [
  { what: 'wrong passwords from elsewhere', limit: passwordGuesses(userId, false) },
  { what: 'wrong passwords from known devices and networks', limit: passwordGuesses(userId, true) },
  { what: 'wrong codes', limit: codeGuesses(userId) },
  { what: 'codes sent', limit: codesSent(userId) },
  { what: 'wrong reset codes', limit: resetCodeGuesses(userId) },
  { what: 'reset mails', limit: resetMailLimit(userId) },
  { what: 'wrong PINs by telephone', limit: pinGuesses(userId) },
];
