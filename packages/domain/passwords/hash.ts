// Hashing passwords with argon2id, kept as a PHC string that carries its own parameters, so that they can grow.

import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2) as (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>;

/** 28 MiB, three passes, one lane: twice the work of OWASP's least. Why these: docs/decisions/015-password-hash.md. */
const CHOSEN = { memory: 28_672, passes: 3, parallelism: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

interface Phc {
  memory: number;
  passes: number;
  parallelism: number;
  salt: Buffer;
  hash: Buffer;
}

/** @param password verified whole: NFC, never truncated (K1) */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await run(password, { ...CHOSEN, salt, hash: Buffer.alloc(HASH_BYTES) });
  return format({ ...CHOSEN, salt, hash });
}

/** Compares with the stored hash; without one does the same work and says no (K14). */
export async function verifyPassword(password: string, phc: string | undefined): Promise<boolean> {
  const stored = phc === undefined ? NOBODY : parse(phc);
  const computed = await run(password, stored);
  return timingSafeEqual(computed, stored.hash) && phc !== undefined;
}

/** Was it hashed with less than what is chosen today? */
export function isWeak(phc: string): boolean {
  const { memory, passes, parallelism } = parse(phc);
  return memory < CHOSEN.memory || passes < CHOSEN.passes || parallelism < CHOSEN.parallelism;
}

const NOBODY: Phc = { ...CHOSEN, salt: randomBytes(SALT_BYTES), hash: Buffer.alloc(HASH_BYTES) };

function run(password: string, { memory, passes, parallelism, salt, hash }: Phc): Promise<Buffer> {
  const message = Buffer.from(password.normalize('NFC'));
  return derive('argon2id', { message, nonce: salt, memory, passes, parallelism, tagLength: hash.length });
}

function format({ memory, passes, parallelism, salt, hash }: Phc): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
}

function parse(phc: string): Phc {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc);
  if (!parts) throw new Error('A stored password is no argon2id PHC string');
  const [, memory, passes, parallelism, salt = '', hash = ''] = parts;
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
