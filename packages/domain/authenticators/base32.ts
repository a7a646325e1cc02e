// Random base32 (RFC 4648), as authenticator keys and recovery codes are written: no digit is taken for a letter.

import type { Deps } from '../deps.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Five random bits a character. */
export function randomBase32(deps: Pick<Deps, 'randomBytes'>, length: number): string {
  return Array.from(deps.randomBytes(length), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
