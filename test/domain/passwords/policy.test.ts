import { randomBytes } from 'node:crypto';
import { brotliDecompressSync } from 'node:zlib';
import { commonPasswordLines } from '#build/common-passwords.ts';
import type { Problem } from '#contract/problems.ts';
import { settings as settingsSchema } from '#contract/settings.ts';
import { isCommon } from '#domain/passwords/blocklist.ts';
import { commonPasswords } from '#domain/passwords/common-passwords.ts';
import { generatedPassword } from '#domain/passwords/generated.ts';
import { checkPassword, type Owner, reasonsAgainst } from '#domain/passwords/policy.ts';

const jana: Owner = {
  login: 'jnovotna',
  title: 'Jana Novotna',
  authEmail: 'j.novotna@example.com',
  secondFactor: 'off',
};
const reasons = (password: string, owner: Partial<Owner> = {}, settings = {}) =>
  reasonsAgainst(password, { ...jana, ...owner }, 'acme', settingsSchema().parse(settings));

describe('K1 C19 how long a password is', () => {
  it.each([
    ['off', 15],
    ['authenticator-optional', 15],
    ['email-otp', 8],
    ['authenticator-enforced', 8],
  ] as const)(
    'beside the factor %s: %d characters; only one that each sign-in asks for makes less do',
    (secondFactor, least) => {
      const password = 'Ťukání kopyt za řekou'.slice(0, least);
      expect(reasons(password, { secondFactor })).toEqual([]);
      expect(reasons(password.slice(0, -1), { secondFactor })).toEqual([
        expect.stringContaining(`at least ${least} characters`),
      ]);
    },
  );

  it('is the tenant’s to raise, counted in code points after NFC, and at most 256', () => {
    expect(reasons('twenty characters ok', {}, { passwordMinWithoutFactor: 20 })).toEqual([]);
    expect(reasons('nineteen characters', {}, { passwordMinWithoutFactor: 20 })).toHaveLength(1);
    expect(reasons('e\u0301🎧u\u0308x'.repeat(3))).toContainEqual(expect.stringContaining('at least 15'));
    expect(reasons('🎧 čtyři koně '.repeat(20).slice(0, 262))).toEqual([]);
    expect(reasons('tři koně ve stáji '.repeat(15).slice(0, 257))).toEqual(['must have at most 256 characters']);
  });
});

describe('S1-11 K1 character classes, where the tenant asks for them', () => {
  it.each([
    ['walking by the river', ['a capital letter', 'a digit']],
    ['Walking by the river', ['a digit']],
    ['WalkingByTheRiver7', ['a special character']],
    ['Walking by the river 7', []],
    ['Žabák přes potok ٣', []],
  ])('%s lacks %j', (password, lacking) => {
    expect(reasons(password, {}, { passwordClasses: true })).toEqual(lacking.map((name) => `must hold ${name}`));
    expect(reasons(password)).toEqual([]);
  });
});

describe('K1 ASVS 6.2.4 common passwords', () => {
  it.each([
    'password',
    'PASSWORD',
    'ｐａｓｓｗｏｒｄ',
    'football',
    'Passw0rd',
    'passwordpassword',
    '1q2w3e4r5t',
    'iloveyou12345678',
  ])('%s is one', (password) => {
    expect(isCommon(password)).toBe(true);
    expect(reasons(password, { secondFactor: 'email-otp' })).toContainEqual(expect.stringContaining('tries first'));
  });

  it.each(['', 'a long walk along the river', 'football on a meadow', 'password of my dog', 'qwopfj32'])(
    '%j is none',
    (password) => {
      expect(isCommon(password)).toBe(false);
    },
  );

  it('are those of the package that could pass the length floor, more than the 3,000 that ASVS asks for', () => {
    const kept = brotliDecompressSync(Buffer.from(commonPasswords, 'base64')).toString();
    expect(kept === commonPasswordLines()).toBe(true);
    expect(kept.split('\n').length).toBeGreaterThan(3000);
  });

  it('are looked for in bounded time, however long and repetitive the password', () => {
    const startedAt = performance.now();
    for (let n = 0; n < 20; n++) isCommon('password'.repeat(128));
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

describe('K1 words that everybody knows about the account', () => {
  it.each(['jnovotna-jnovotna', 'Novotna-Jana-2026', 'acme acme acme 1', 'roster-ROSTER-12', 'j.novotna1234567'])(
    '%s is made of them',
    (password) => expect(reasons(password)).toContainEqual(expect.stringContaining('must not be made of')),
  );

  it('may stand beside eight others', () => {
    expect(reasons('acme by the long river')).toEqual([]);
  });
});

describe('K1 a refusal', () => {
  it('names every reason at once, each at /body/password', () => {
    try {
      checkPassword('password', jana, 'acme', settingsSchema().parse({ passwordClasses: true }));
      throw new Error('It was accepted');
    } catch (error) {
      const { code, facts } = error as Problem;
      expect(code).toBe('password_refused');
      expect(facts.errors?.map(({ pointer }) => pointer)).toEqual(Array(5).fill('/body/password'));
      expect(facts.detail).toMatch(/15 characters.*capital.*digit.*special.*tries first/);
    }
  });
});

describe('K3 a password that is made', () => {
  const deps = { randomBytes, tenant: { name: 'acme', publicUrl: '' } };

  it('has at least 16 characters, none that looks like another, and passes every policy', () => {
    for (const values of [{}, { passwordClasses: true }, { passwordMinWithoutFactor: 64 }]) {
      const settings = settingsSchema().parse(values);
      for (let n = 0; n < 50; n++) {
        const password = generatedPassword(deps, jana, settings);
        expect(password).toMatch(/^[a-hjkmnp-zA-HJKLMNP-Z2-9]{5}(-[a-hjkmnp-zA-HJKLMNP-Z2-9]{5}){3,}$/);
        expect(reasonsAgainst(password, jana, 'acme', settings)).toEqual([]);
      }
    }
  });

  it('is another each time', () => {
    const made = Array.from({ length: 200 }, () => generatedPassword(deps, jana, settingsSchema().parse({})));
    expect(new Set(made).size).toBe(200);
  });
});
