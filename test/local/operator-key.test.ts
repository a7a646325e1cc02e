import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operatorKeyOf, sha256Of } from '#local/operator-key.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'operator-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('S1-35 the operator’s key of a machine', () => {
  it('is made once, and for its owner’s eyes only', () => {
    const { path, key } = operatorKeyOf(folder);
    expect(key).toMatch(/^rop_[A-Za-z0-9_-]{43}$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(operatorKeyOf(folder).key).toBe(key);
    expect(readFileSync(path, 'utf8').trim()).toBe(key);
    expect(readdirSync(folder)).toEqual(['operator-key']);
  });

  it('is known to functions by its SHA-256', () => {
    // The vector of FIPS 180-2.
    expect(sha256Of('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
