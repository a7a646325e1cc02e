// An authenticator app, written from RFC 4226 §5.3 and RFC 6238 §4 alone, so that it shares no mistake with what is tested.

import { createHmac } from 'node:crypto';

const STEP_MS = 30_000;

export const stepAt = (now: number) => Math.floor(now / STEP_MS);

/** The code of a base32 key at an instant. */
export function codeAt(key: string, now: number): string {
  return codeOfStep(key, stepAt(now));
}

export function codeOfStep(key: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', bytesOf(key)).update(counter).digest();
  const offset = (mac.at(-1) as number) & 0xf;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Six digits that are not the code of the step or its neighbors. */
export function wrongCode(key: string, now: number): string {
  const right = [-1, 0, 1].map((by) => codeOfStep(key, stepAt(now) + by));
  return ['000000', '111111', '222222', '333333'].find((code) => !right.includes(code)) as string;
}

function bytesOf(base32: string): Buffer {
  const bits = [...base32].map((char) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'));
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
