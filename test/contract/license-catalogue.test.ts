import {
  type Catalogue,
  catalogue,
  contradictionsIn,
  type LicenseRule,
  usualCatalogue,
} from '#contract/license-catalogue.ts';
import { readTenantFile } from '#contract/tenant-file.ts';
import acme from '#tenants/acme.ts';

const voice = { id: 'voice', name: 'Voice', channel: 'voice' } as const;
const crm = { id: 'crm', name: 'CRM' };
const licenses = [voice, crm];
const wrongIn = (rules: LicenseRule[], more: Catalogue['licenses'] = licenses) =>
  contradictionsIn({ licenses: more, rules }).map(({ path, message }) => `${path.join('/')}: ${message}`);

describe('S1-35 the catalogue of licenses', () => {
  it('that comes with Roster contradicts nothing', () => {
    expect(contradictionsIn(usualCatalogue)).toEqual([]);
    expect(catalogue().safeParse(usualCatalogue).success).toBe(true);
  });

  it.each<[string, LicenseRule]>([
    ['a type’s license', { by: 'type', types: ['passive'], license: 'telepathy' }],
    ['the license of who has no queue', { by: 'queues', types: ['contact-center'], otherwise: 'telepathy' }],
    ['a module’s license', { by: 'permission', types: ['passive'], permission: 'crm:use', license: 'telepathy' }],
    ['the license of recording', { by: 'recording', types: ['passive'], license: 'telepathy' }],
    ['what is never taken', { by: 'never', types: ['passive'], licenses: ['crm', 'telepathy'] }],
  ])('refuses a rule that refers to nothing: %s', (_what, rule) => {
    expect(wrongIn([rule])).toContainEqual(
      'rules/0: there is no license telepathy; add it to licenses, or name one of them',
    );
  });

  it('refuses that who has no queue takes a license of no channel', () => {
    expect(wrongIn([{ by: 'queues', types: ['contact-center'], otherwise: 'crm' }])).toEqual([
      'rules/0: crm has no channel; name a core license',
    ]);
  });

  it.each<[string, LicenseRule]>([
    ['by type', { by: 'type', types: ['back-office', 'passive'], license: 'voice' }],
    ['by queues, which give core licenses', { by: 'queues', types: ['back-office'] }],
    ['where there is no queue', { by: 'queues', types: ['back-office'], otherwise: 'voice' }],
    ['by permission', { by: 'permission', types: ['back-office'], permission: 'calls:make', license: 'voice' }],
    ['by recording', { by: 'recording', types: ['back-office'], license: 'voice' }],
  ])('S0-12 refuses rules that contradict each other: never, and yet %s', (_how, rule) => {
    const never: LicenseRule = { by: 'never', types: ['back-office'], licenses: ['voice'] };
    expect(wrongIn([rule, never])).toEqual(['rules/0: rule 1 says that these types never take it']);
    expect(wrongIn([never, rule])).toEqual(['rules/1: rule 0 says that these types never take it']);
    // Of other types it may be said.
    expect(wrongIn([{ ...never, types: ['cloudphone'] }, rule])).toEqual([]);
    expect(wrongIn([{ ...never, licenses: ['crm'] }, rule])).toEqual([]);
  });

  it('refuses rules that say the same of the same type, and not of another', () => {
    const rule: LicenseRule = { by: 'type', types: ['passive', 'cloudphone'], license: 'crm' };
    expect(wrongIn([rule, { ...rule, types: ['cloudphone'] }])).toEqual(['rules/1: rule 0 says the same']);
    expect(wrongIn([rule, { ...rule, types: ['back-office'] }])).toEqual([]);
  });

  it('refuses a license, and a channel, that stands twice', () => {
    expect(wrongIn([], [voice, { id: 'voice', name: 'Voice again' }])).toEqual([
      'licenses/1/id: voice is there already; each license stands once',
    ]);
    expect(wrongIn([], [voice, { id: 'calls', name: 'Calls', channel: 'voice' }])).toEqual([
      'licenses/1/channel: voice has a license already; one license a channel',
    ]);
  });

  it.each([
    ['a type that there is not', { by: 'type', types: ['robot'], license: 'crm' }],
    [
      'a permission that there is not',
      { by: 'permission', types: ['passive'], permission: 'crm:love', license: 'crm' },
    ],
    ['no type at all', { by: 'type', types: [], license: 'crm' }],
    ['another way of deciding', { by: 'mood', types: ['passive'], license: 'crm' }],
    ['something beside', { by: 'recording', types: ['passive'], license: 'crm', permission: 'crm:use' }],
  ])('has no form for a rule of %s', (_what, rule) => {
    expect(catalogue().safeParse({ licenses, rules: [rule] }).success).toBe(false);
  });
});

describe('S1-35 the tenant file', () => {
  const { catalogue: usual, owned } = acme.licenses;
  const refusedWith = (values: object) => {
    try {
      readTenantFile({ ...acme, ...values } as never);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('It was not refused');
  };
  const licensesWith = (more: object) => refusedWith({ licenses: { catalogue: usual, owned, ...more } });

  it.each([
    ['negative seats', { voice: { seats: -1 } }, /owned\.voice\.seats: must not be negative/],
    ['half a seat', { voice: { seats: 2.5 } }, /owned\.voice\.seats: must be a whole number/],
    [
      'an unknown license',
      { telepathy: { seats: 1 } },
      /owned\.telepathy: there is no such license; the catalogue has voice, /,
    ],
    [
      'a price without currency',
      { voice: { seats: 1, price: { amount: 5 } } },
      /voice\.price\.currency: must be said with every price/,
    ],
    [
      'an unknown currency',
      { voice: { seats: 1, price: { amount: 5, currency: 'XXZ' } } },
      /voice\.price\.currency: must be a currency of ISO 4217/,
    ],
    [
      'parts of cents',
      { voice: { seats: 1, price: { amount: 0.001, currency: 'EUR' } } },
      /voice\.price\.amount: must have two decimals/,
    ],
  ])('refuses %s with field and remedy', (_what, more, words) => {
    expect(licensesWith({ owned: { ...owned, ...more } })).toMatch(words);
  });

  it('refuses a catalogue that contradicts itself, with the rule', () => {
    const rules = [...usual.rules, { by: 'type', types: ['back-office'], license: 'voice' }];
    expect(licensesWith({ catalogue: { ...usual, rules } })).toContain(
      `licenses.catalogue.rules.${usual.rules.length}: rule 8 says that these types never take it`,
    );
  });

  it.each(['', 'rop_secret', 'A'.repeat(64), 'a'.repeat(63)])(
    'refuses %j as the SHA-256 of the operator’s key',
    (operatorKeySha256) => {
      expect(refusedWith({ operatorKeySha256 })).toMatch(/operatorKeySha256: must be the SHA-256 of the operator key/);
    },
  );

  it('may name the SHA-256 of the operator’s key, and need not', () => {
    expect(readTenantFile({ ...acme, operatorKeySha256: 'a1'.repeat(32) }).operatorKeySha256).toBe('a1'.repeat(32));
    expect(readTenantFile(acme)).not.toHaveProperty('operatorKeySha256');
  });
});
