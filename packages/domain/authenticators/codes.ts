// The arithmetic of authenticators (RFC 6238): new keys, and which time step a code belongs to. The key leaves Roster once,
// while it is being set up.

import { generateURI, verify } from 'otplib/functional';
import type { Sealer } from '#table/seal.ts';
import type { Deps } from '../deps.ts';
import type { User } from '../users/user.ts';
import { randomBase32 } from './base32.ts';
import { qrCode } from './qr-code.ts';

/** 160 bits, as RFC 4226 §4 recommends. */
const KEY_CHARS = 32;
const STEP_SECONDS = 30;

/** A key for the user's app as URI, text and QR codes, and the same sealed, for keeping. */
export async function newKey(
  deps: Deps,
  user: User,
): Promise<{ shown: { uri: string; key: string; qrSvg: string; qrPng: string }; sealedKey: string }> {
  const key = randomBase32(deps, KEY_CHARS);
  // SHA-1, six digits and 30 s are what the URI means where it is silent; some apps understand nothing else.
  const uri = generateURI({ issuer: issuerOf(deps.tenant.name), label: user.login, secret: key });
  return { shown: { uri, key, ...qrCode(uri) }, sealedKey: sealed(await deps.sealer(), user.id, key) };
}

/** A key as it is kept: for this user alone. */
export function sealed(sealer: Sealer, userId: string, key: string): string {
  return sealer.seal(purpose(userId), key);
}

/**
 * The time step that the code belongs to: the present one or a neighbor (RFC 6238 §5.2), newer than `lastStep`.
 * undefined when the code is wrong or was used.
 */
export async function acceptedStep(
  deps: Deps,
  userId: string,
  sealedKey: string,
  code: string,
  lastStep: number,
): Promise<number | undefined> {
  const sealer = await deps.sealer();
  const secret = sealer.unseal(purpose(userId), sealedKey);
  if (typeof secret !== 'string') throw new Error('The key of an authenticator does not open');
  const epoch = Math.floor(deps.now() / 1000);
  // otplib throws at a last step that lies ahead, which another function's clock may have brought about.
  const isAhead = lastStep > Math.floor(epoch / STEP_SECONDS) + 1;
  if (isAhead || !/^\d{6}$/.test(code)) return undefined;
  const judged = await verify({ secret, token: code, epoch, epochTolerance: STEP_SECONDS, afterTimeStep: lastStep });
  return judged.valid && 'timeStep' in judged ? judged.timeStep : undefined;
}

const purpose = (userId: string) => `authenticator ${userId}`;

/** What the app shows above the code: "north-wind" becomes "Roster North Wind". */
function issuerOf(tenantName: string): string {
  const words = tenantName.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return ['Roster', ...words].join(' ');
}
