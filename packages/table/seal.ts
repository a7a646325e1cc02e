// Sealing with the tenant's keys: AES-256-GCM for what must be read again, HMAC for what must only be recognized.
// Nothing secret stands in the table in clear; keys carry an id, so that they can rotate.

import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** The newest key first: it seals; the others only unseal. */
export interface SealKeys {
  keys: { id: string; key: string }[];
}

export function makeSealKeys(now: number): SealKeys {
  return { keys: [{ id: `k${Math.floor(now / 1000).toString(36)}`, key: randomBytes(32).toString('base64url') }] };
}

export class Sealer {
  readonly #byId: Map<string, Buffer>;
  readonly #newest: string;

  constructor({ keys }: SealKeys) {
    const [newest] = keys;
    if (!newest) throw new Error('There is no seal key');
    this.#newest = newest.id;
    this.#byId = new Map(keys.map(({ id, key }) => [id, Buffer.from(key, 'base64url')]));
  }

  /** Seals a JSON value for one purpose and place; it opens nowhere else. */
  seal(purpose: string, value: unknown): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key(this.#newest, 'seal'), nonce);
    cipher.setAAD(Buffer.from(purpose));
    const sealed = Buffer.concat([nonce, cipher.update(JSON.stringify(value)), cipher.final(), cipher.getAuthTag()]);
    return `${this.#newest}.${sealed.toString('base64url')}`;
  }

  /** Opens what `seal` made for the same purpose; undefined when it was made elsewhere or changed. */
  unseal(purpose: string, sealed: string): unknown {
    const dot = sealed.indexOf('.');
    const keyId = sealed.slice(0, dot);
    const bytes = Buffer.from(sealed.slice(dot + 1), 'base64url');
    if (dot < 0 || !this.#byId.has(keyId) || bytes.length < 28) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.#key(keyId, 'seal'), bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from(purpose));
    decipher.setAuthTag(bytes.subarray(-16));
    try {
      return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString());
    } catch {
      // Not ours or tampered with: the caller decides what that means.
      return undefined;
    }
  }

  /** Recognizes a short secret (a six-digit code) without keeping it: a bare hash of it could be tried out. */
  fingerprint(purpose: string, value: string): string {
    return `${this.#newest}.${this.#mac(this.#newest, purpose, value)}`;
  }

  matches(purpose: string, value: string, fingerprint: string): boolean {
    const [keyId = '', mac = ''] = fingerprint.split('.');
    if (!this.#byId.has(keyId)) return false;
    const expected = Buffer.from(this.#mac(keyId, purpose, value));
    const given = Buffer.from(mac);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  #mac(keyId: string, purpose: string, value: string): string {
    return createHmac('sha256', this.#key(keyId, 'mac')).update(`${purpose}\n${value}`).digest('base64url');
  }

  #key(id: string, use: 'seal' | 'mac'): Buffer {
    const key = this.#byId.get(id);
    if (!key) throw new Error(`There is no seal key ${id}`);
    return Buffer.from(hkdfSync('sha256', key, '', use, 32));
  }
}
