import { randomBytes } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import decodeQR from 'qr/decode.js';
import { Problem } from '#contract/problems.ts';
import { authenticatorItem, setUp, use } from '#domain/authenticators/authenticators.ts';
import { acceptedStep, newKey } from '#domain/authenticators/codes.ts';
import type { Deps } from '#domain/deps.ts';
import type { User } from '#domain/users/user.ts';
import { userKeys } from '#table/keys.ts';
import { makeSealKeys, Sealer } from '#table/seal.ts';
import type { LoneWrite } from '#table/write.ts';
import { codeAt, codeOfStep, stepAt } from '#test/domain/authenticators/app.ts';
import { aTenant } from '#test/setup/tenant.ts';

const userId = 'usr_0123456789abcdef01234567';
const sealer = new Sealer(makeSealKeys(0));
let now = 0;
const deps = {
  now: () => now,
  randomBytes,
  sealer: async () => sealer,
  tenant: { name: 'north-wind', publicUrl: 'https://north-wind.example' },
} as unknown as Deps;

/** The key of the RFCs' test vectors: "12345678901234567890". */
const rfcKey = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const sealed = sealer.seal(`authenticator ${userId}`, rfcKey);
const accepted = (code: string, lastStep = 0) => acceptedStep(deps, userId, sealed, code, lastStep);

describe('S0-21 the codes of an authenticator', () => {
  // RFC 4226, appendix D. The count 0 is the step in which 1970 began, and counts as used.
  it.each([
    [1, '287082'],
    [2, '359152'],
    [3, '969429'],
    [4, '338314'],
    [5, '254676'],
    [6, '287922'],
    [7, '162583'],
    [8, '399871'],
    [9, '520489'],
  ])('are those of RFC 4226 for the count %d', async (count, code) => {
    now = count * 30_000;
    expect(await accepted(code)).toBe(count);
    expect(codeOfStep(rfcKey, count)).toBe(code);
  });

  it('include nothing of the count 0', async () => {
    now = 0;
    expect(await accepted('755224')).toBeUndefined();
  });

  // RFC 6238, appendix B, SHA-1: the last six of its eight digits.
  it.each([
    [59, 0x1, '287082'],
    [1111111109, 0x23523ec, '081804'],
    [1111111111, 0x23523ed, '050471'],
    [1234567890, 0x273ef07, '005924'],
    [2000000000, 0x3f940aa, '279037'],
    [20000000000, 0x27bc86aa, '353130'],
  ])('are those of RFC 6238 at second %d', async (second, step, code) => {
    now = second * 1000;
    expect(await accepted(code)).toBe(step);
  });

  const step = 59_000_000;
  it.each([
    ['a millisecond before the step before', (step - 1) * 30_000 - 1, false],
    ['at the first instant of the step before', (step - 1) * 30_000, true],
    ['at the last instant of the step before', step * 30_000 - 1, true],
    ['at the first instant of its step', step * 30_000, true],
    ['at the last instant of its step', (step + 1) * 30_000 - 1, true],
    ['at the first instant of the step after', (step + 1) * 30_000, true],
    ['at the last instant of the step after', (step + 2) * 30_000 - 1, true],
    ['at the first instant of the step after next', (step + 2) * 30_000, false],
  ])('are accepted for one step around their own: %s', async (_, at, isAccepted) => {
    now = at;
    expect(await accepted(codeOfStep(rfcKey, step))).toBe(isAccepted ? step : undefined);
  });

  it('are refused when the last accepted step is theirs, or a later one', async () => {
    now = step * 30_000;
    const code = codeOfStep(rfcKey, step);
    expect(await accepted(code, step - 1)).toBe(step);
    expect(await accepted(code, step)).toBeUndefined();
    expect(await accepted(code, step + 1)).toBeUndefined();
    // As another machine's clock might have made it.
    expect(await accepted(code, step + 50)).toBeUndefined();
  });

  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６', '-12345'])('are six digits, not %p', async (code) => {
    now = step * 30_000;
    expect(await accepted(code)).toBeUndefined();
  });

  it('are computed from a key that opens for its user only', async () => {
    await expect(acceptedStep(deps, 'usr_other', sealed, '000000', 0)).rejects.toThrow('does not open');
  });
});

describe('S0-21 a new key', () => {
  const user = { id: userId, login: 'jana.nováková' } as User;

  it('has 160 random bits, names tenant and user, and stands sealed', async () => {
    now = Date.parse('2026-03-02T08:00:00Z');
    const { shown, sealedKey } = await newKey(deps, user);
    const uri = new URL(shown.uri);
    expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp']);
    expect(decodeURIComponent(uri.pathname)).toBe('/Roster North Wind:jana.nováková');
    expect(Object.fromEntries(uri.searchParams)).toEqual({ secret: shown.key, issuer: 'Roster North Wind' });
    expect(shown.key).toMatch(/^[A-Z2-7]{32}$/);
    expect(sealedKey).not.toContain(shown.key);
    expect(await acceptedStep(deps, userId, sealedKey, codeAt(shown.key, now), 0)).toBe(stepAt(now));
    expect((await newKey(deps, user)).shown.key).not.toBe(shown.key);
  });

  it('is read from either QR code as the URI', async () => {
    const { shown } = await newKey(deps, user);
    expect(decodeQR(pictureOfPng(bytesOf(shown.qrPng, 'image/png')))).toBe(shown.uri);
    expect(decodeQR(pictureOfSvg(bytesOf(shown.qrSvg, 'image/svg+xml').toString()))).toBe(shown.uri);
  });
});

describe('S0-21 a step', () => {
  it('is used by exactly one of 200 parallel requests, and none before it afterwards (RFC 6238 §5.2)', async () => {
    const { table } = (await aTenant({}, { isBare: true })).deps;
    await table.transact([setUp(deps, userId, sealed, 100)]);
    const uses = Array.from({ length: 200 }, () => table.write(use(userId, 101) as LoneWrite));
    const outcomes = await Promise.allSettled(uses);
    const refusals = outcomes.filter((each) => each.status === 'rejected').map(({ reason }) => reason);
    expect(refusals).toHaveLength(199);
    expect(refusals.every((each) => each instanceof Problem && each.code === 'wrong_code')).toBe(true);
    await expect(table.transact([use(userId, 100)])).rejects.toMatchObject({ code: 'wrong_code' });
    const item = await table.get(userKeys.authenticator(userId));
    expect(authenticatorItem().parse(item)).toMatchObject({ lastStep: 101, key: sealed });
  });

  it('is not set up over another authenticator', async () => {
    const { table } = (await aTenant({}, { isBare: true })).deps;
    await table.transact([setUp(deps, userId, sealed, 1)]);
    await expect(table.transact([setUp(deps, userId, sealed, 2)])).rejects.toMatchObject({
      code: 'authenticator_present',
    });
  });
});

function bytesOf(dataUri: string, type: string): Buffer {
  const head = `data:${type};base64,`;
  expect(dataUri.slice(0, head.length)).toBe(head);
  return Buffer.from(dataUri.slice(head.length), 'base64');
}

/** One bit a pixel, no filter: as it was written. */
function pictureOfPng(png: Buffer) {
  const size = png.readUInt32BE(16);
  const start = png.indexOf('IDAT') + 4;
  const lines = inflateSync(png.subarray(start, start + png.readUInt32BE(start - 8)));
  const lineBytes = Math.ceil(size / 8) + 1;
  return picture(size, (x, y) => {
    const byte = lines[y * lineBytes + 1 + (x >> 3)] as number;
    return (byte & (0x80 >> (x & 7))) === 0;
  });
}

function pictureOfSvg(svg: string) {
  const scale = 4;
  const size = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
  const [, dark = ''] = /<path d="([^"]+)"/.exec(svg) ?? [];
  const modules = new Set<string>();
  for (const [, x, y, width] of dark.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let n = 0; n < Number(width); n++) modules.add(`${Number(x) + n} ${y}`);
  }
  return picture(size * scale, (x, y) => modules.has(`${Math.floor(x / scale)} ${Math.floor(y / scale)}`));
}

function picture(size: number, isDark: (x: number, y: number) => boolean) {
  const data = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let at = 0; at < size * size; at++) {
    if (isDark(at % size, Math.floor(at / size))) data.fill(0, at * 4, at * 4 + 3);
  }
  return { width: size, height: size, data };
}
