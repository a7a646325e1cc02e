import { type Catalogue, usualCatalogue } from '#contract/license-catalogue.ts';
import { readTenantFile, takenByFirstUser } from '#contract/tenant-file.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import { neededBy } from '#domain/licenses/consumption.ts';
import { owning } from '#domain/licenses/owning.ts';
import { provisionLicenses } from '#domain/licenses/provisioning.ts';
import { allSeats, seatsItem } from '#domain/licenses/seats.ts';
import { readUser, type User } from '#domain/users/user.ts';
import { editionKey, licensingKey, seatsKey, userKeys } from '#table/keys.ts';
import { type Item, put, remove, update } from '#table/write.ts';
import { finishJobs } from '#test/setup/leaving.ts';
import { watchSeats } from '#test/setup/seat-watch.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';
import { deployTenantFile } from '#test/setup/tenant-file.ts';

type Owned = Record<string, { seats: number; price?: { amount: number; currency: string } }>;

const written = (licenses: { owned: Owned; catalogue?: Catalogue }) => ({
  ...{ name: 'acme', region: 'eu-central-1', publicUrl: 'https://acme.example', operatorEmail: 'ops@acme.example' },
  mail: { from: 'roster@acme.example', identity: 'acme.example' },
  firstSuperUser: { login: 'ada', title: 'Ada Admin', authEmail: 'ada@acme.example' },
  licenses,
});
const file = (owned: Owned, catalogue: unknown = usualCatalogue) =>
  readTenantFile(written({ owned: { 'back-office': { seats: 5 }, ...owned }, catalogue: catalogue as Catalogue }))
    .licenses;

const seats = async (tenant: TestTenant, license: string) => seatsItem().parse(await tenant.read(seatsKey(license)));

async function expectSettled(tenant: TestTenant, people: readonly User[]) {
  const known = await definitions.latest(tenant.deps);
  expect(known.licensing.underway).toBeUndefined();
  for (const { id } of people) {
    const user = readUser((await tenant.read(userKeys.user(id))) as Item);
    expect(Object.keys(user.seats?.held ?? {}).sort()).toEqual([...neededBy(user, known)].sort());
  }
  expect((await watchSeats(tenant, { mayOversell: true })).violations).toEqual([]);
}

describe('S1-35 what the tenant file says of licenses', () => {
  it('is there from the first deploy on, and the first SuperUser has a seat', async () => {
    const tenant = await aTenant({}, { isBare: true });
    const owned = { 'back-office': { seats: 2, price: { amount: 25, currency: 'EUR' } } };
    deployTenantFile(written({ owned }));
    await tenant.react('provision-tenant', {});
    expect(await seats(tenant, 'back-office')).toMatchObject({
      owned: 2,
      used: 1,
      price: { amount: 25, currency: 'EUR' },
    });
    expect(await seats(tenant, 'voice')).toMatchObject({ owned: 0, used: 0 });
  });

  it('counts again only once the operator has written another number into it', async () => {
    const tenant = await aTenant({}, { licenses: { owned: { voice: { seats: 3 } } } });
    const set = async (owned: number) => {
      const before = await seats(tenant, 'voice');
      await tenant.deps.table.transact(owning(tenant.deps, before, { owned, price: before.price, force: false }));
    };
    await set(10);
    await provisionLicenses(tenant.deps, file({ voice: { seats: 3 } }));
    expect(await seats(tenant, 'voice')).toMatchObject({ owned: 10, free: 10 });
    await provisionLicenses(tenant.deps, file({ voice: { seats: 4 } }));
    expect(await seats(tenant, 'voice')).toMatchObject({ owned: 4, free: 4 });
    await set(7);
    // Another price in the file is one thing, and the number of seats another.
    const price = { amount: 9.5, currency: 'CZK' };
    await provisionLicenses(tenant.deps, file({ voice: { seats: 4, price } }));
    expect(await seats(tenant, 'voice')).toMatchObject({ owned: 7, free: 7, price });
    const before = await seats(tenant, 'voice');
    const other = { amount: 8, currency: 'CZK' };
    await tenant.deps.table.transact(owning(tenant.deps, before, { owned: 7, price: other, force: false }));
    await provisionLicenses(tenant.deps, file({ voice: { seats: 5, price } }));
    expect(await seats(tenant, 'voice')).toMatchObject({ owned: 5, price: other });
    await provisionLicenses(tenant.deps, file({ voice: { seats: 5 } }));
    expect(await seats(tenant, 'voice')).not.toHaveProperty('price');
  });

  it('takes back what it names no more, and leaves alone what it never named', async () => {
    const tenant = await aTenant({}, { isBare: true });
    const first = file({ voice: { seats: 3, price: { amount: 49, currency: 'EUR' } } });
    await provisionLicenses(tenant.deps, first);
    const email = await seats(tenant, 'email');
    await tenant.deps.table.transact(owning(tenant.deps, email, { owned: 12, force: false }));
    await provisionLicenses(tenant.deps, file({}));
    expect(await seats(tenant, 'voice')).toMatchObject({ owned: 0, free: 0, ownedByFile: 0 });
    expect(await seats(tenant, 'voice')).not.toHaveProperty('price');
    expect(await seats(tenant, 'email')).toMatchObject({ owned: 12 });
    await provisionLicenses(tenant.deps, first);
    expect(await seats(tenant, 'voice')).toMatchObject({ owned: 3, price: { amount: 49, currency: 'EUR' } });
  });

  it('is audited, license by license, each change once', async () => {
    const tenant = await aTenant({}, { licenses: { owned: { voice: { seats: 3 }, 'back-office': { seats: 5 } } } });
    for (let n = 0; n < 3; n++) await tenant.aUser(agentGrants);
    const rest = Object.fromEntries(usualCatalogue.licenses.map(({ id }) => [id, { seats: 1_000_000 }]));
    const wanted = file({ ...rest, 'back-office': { seats: 5 }, voice: { seats: 1 } });
    await provisionLicenses(tenant.deps, wanted);
    await provisionLicenses(tenant.deps, wanted);
    expect(await tenant.audit()).toMatchObject([
      {
        ...{ event: 'license.changed', actor: 'system', subject: { type: 'license', id: 'voice' } },
        changes: { owned: { before: 3, after: 1 }, overCommitted: { after: 2 } },
      },
    ]);
  });

  it('records fewer seats than are used as over-commitment: nobody loses theirs, nobody gets one', async () => {
    const tenant = await aTenant({}, { licenses: { owned: { voice: { seats: 10 } } } });
    const { token } = await tenant.aSuperUser();
    const people = [await tenant.aUser(agentGrants), await tenant.aUser(agentGrants)];
    await provisionLicenses(tenant.deps, file({ voice: { seats: 1 } }));
    expect(await seats(tenant, 'voice')).toMatchObject({ owned: 1, used: 3, free: -2 });
    const params = { userId: (people[0] as User).id };
    expect(
      (await tenant.call('clone-user', { token, params, body: { login: 'n', title: 'N', authEmail: 'n@example.com' } }))
        .body.code,
    ).toBe('license_exhausted');
  });
});

describe('another catalogue', () => {
  const withoutRecording = {
    licenses: [...usualCatalogue.licenses.filter(({ id }) => id !== 'crm'), { id: 'desk', name: 'Desk' }],
    rules: [
      ...usualCatalogue.rules.filter((rule) => rule.by !== 'permission'),
      { by: 'type', types: ['contact-center'], license: 'desk' },
    ],
  };

  it('is brought about user by user, with the licenses that are new', async () => {
    const tenant = await aTenant();
    const people: User[] = [];
    for (let n = 0; n < 70; n++) people.push(await tenant.aUser(agentGrants));
    const wanted = file({ desk: { seats: 100 } }, withoutRecording);
    await provisionLicenses(tenant.deps, wanted);
    // Once more, as a deploy that is repeated.
    await provisionLicenses(tenant.deps, wanted);
    await finishJobs(tenant);
    expect(await seats(tenant, 'desk')).toMatchObject({ owned: 100, used: 70, free: 30 });
    await expectSettled(tenant, people);
    const told = (await tenant.audit()).filter(({ event }) => event === 'licenses.catalogue-changed');
    expect(told).toHaveLength(1);
    await provisionLicenses(tenant.deps, wanted);
    expect((await tenant.jobs()).filter(({ kind }) => kind === 'move-licenses')).toHaveLength(1);
  }, 60_000);

  it('that is the operator’s own choice takes seats that are not there, and nobody else does', async () => {
    const tenant = await aTenant();
    const people = [await tenant.aUser(agentGrants), await tenant.aUser(agentGrants)];
    await provisionLicenses(tenant.deps, file({ desk: { seats: 1 } }, withoutRecording));
    await finishJobs(tenant);
    expect(await seats(tenant, 'desk')).toMatchObject({ owned: 1, used: 2, free: -1 });
    await expectSettled(tenant, people);
  });
});

describe('a tenant of an older version', () => {
  /** As it was before there were licenses. */
  async function unlicensed() {
    const tenant = await aTenant();
    const { token, user: administrator } = await tenant.aSuperUser();
    const people = [administrator];
    for (let n = 0; n < 5; n++) people.push(await tenant.aUser(agentGrants));
    people.push(await tenant.aUser({ ...agentGrants, state: 'deactivated' }));
    const { table } = tenant.deps;
    for (const { id } of people) await table.write(update(userKeys.user(id), { remove: ['seats'] }));
    for (const { id } of usualCatalogue.licenses) await table.write(remove(seatsKey(id)));
    await table.write(remove(licensingKey));
    await table.write(remove(editionKey));
    definitions.forget(tenant.deps);
    return { tenant, token, people };
  }

  it('goes on as before until it is told of licenses', async () => {
    const { tenant, token } = await unlicensed();
    const body = {
      login: 'n',
      title: 'N',
      type: 'contact-center',
      authEmail: 'n@example.com',
      language: 'en',
      ...agentGrants,
    };
    expect((await tenant.call('create-user', { token, body })).status).toBe(201);
  });

  it('seats everybody at its next deploy, more than are owned if need be', async () => {
    const { tenant, people } = await unlicensed();
    await provisionLicenses(tenant.deps, file({ voice: { seats: 4 } }));
    await finishJobs(tenant);
    const known = await definitions.latest(tenant.deps);
    expect(known.licensing).toMatchObject({ edition: 3, catalogue: { licenses: usualCatalogue.licenses } });
    for (const { id, state } of people) {
      const { seats: has } = readUser((await tenant.read(userKeys.user(id))) as Item);
      expect(Object.keys(has?.held ?? {})).toEqual(state === 'active' ? ['voice'] : []);
    }
    // Five of them, and the administrator.
    expect(await seats(tenant, 'voice')).toMatchObject({ owned: 4, used: 6, free: -2 });
  });

  it('does not lose its way when a deploy is cut off between its two steps', async () => {
    const { tenant } = await unlicensed();
    await tenant.deps.table.write(
      put({ ...licensingKey, type: 'licensing', v: 1, edition: 1, catalogue: { licenses: [], rules: [] } }),
    );
    await provisionLicenses(tenant.deps, file({ voice: { seats: 40 } }));
    await finishJobs(tenant);
    expect(await seats(tenant, 'voice')).toMatchObject({ used: 6, free: 34 });
  });
});

/** A catalogue whose one rule is for back-office, as the first SuperUser is. */
const firstTakes = (rule: object) => ({ ...usualCatalogue, rules: [{ types: ['back-office'], ...rule }] });

describe('what the first SuperUser takes', () => {
  it.each([
    { by: 'type', license: 'crm' },
    { by: 'permission', permission: 'settings:change', license: 'crm' },
    { by: 'permission', permission: 'crm:use', license: 'crm' },
    { by: 'recording', license: 'crm' },
    { by: 'queues' },
    { by: 'queues', otherwise: 'email' },
    { by: 'never', licenses: ['crm'] },
    { by: 'type', license: 'crm', types: ['cloudphone'] },
  ])('by %j is what the tenant file must have a seat of', async (rule) => {
    const catalogue = firstTakes(rule) as Catalogue;
    const all = Object.fromEntries(usualCatalogue.licenses.map(({ id }) => [id, { seats: 1 }]));
    const tenant = await aTenant({}, { isBare: true });
    deployTenantFile(written({ owned: all, catalogue }));
    await tenant.react('provision-tenant', {});
    const taken = (await allSeats(tenant.deps, catalogue)).filter(({ used }) => used > 0);
    expect(taken.map(({ license }) => license).sort()).toEqual([...takenByFirstUser(catalogue)].sort());
  });
});

describe('a tenant file that does not hold together', () => {
  const refusals: [string, () => unknown, RegExp][] = [
    [
      'fewer seats than none',
      () => file({ voice: { seats: -1 } }),
      /licenses\.owned\.voice\.seats: must not be negative/,
    ],
    ['half a seat', () => file({ voice: { seats: 2.5 } }), /must be a whole number/],
    [
      'a license that is not there',
      () => file({ vioce: { seats: 1 } }),
      /owned\.vioce: there is no such license; the catalogue has voice/,
    ],
    [
      'a price without currency',
      () => file({ voice: { seats: 1, price: { amount: 5 } as never } }),
      /currency: must be said with every price/,
    ],
    ['an unknown currency', () => file({ voice: { seats: 1, price: { amount: 5, currency: 'EUX' } } }), /ISO 4217/],
    [
      'a price of three decimals',
      () => file({ voice: { seats: 1, price: { amount: 5.125, currency: 'EUR' } } }),
      /two decimals/,
    ],
    ['no seat for the first SuperUser', () => file({ 'back-office': { seats: 0 } }), /the first SuperUser takes it/],
    [
      'no seat for them by a permission that they have',
      () => file({}, firstTakes({ by: 'permission', permission: 'users:change', license: 'quality' })),
      /owned\.quality: must be one seat at least: the first SuperUser takes it$/,
    ],
    [
      'no seat for them by the queues, which are all in their rights',
      () => file({ voice: { seats: 1 } }, firstTakes({ by: 'queues', otherwise: 'voice' })),
      /owned\.email: must be one seat at least[\s\S]*owned\.social: must be/,
    ],
    [
      'a rule that refers to nothing',
      () =>
        file(
          {},
          { ...usualCatalogue, rules: [...usualCatalogue.rules, { by: 'type', types: ['api'], license: 'robots' }] },
        ),
      /catalogue\.rules\.\d+: there is no license robots; add it to licenses/,
    ],
    [
      'a rule that contradicts another',
      () => file({}, { ...usualCatalogue, rules: [...usualCatalogue.rules, { by: 'queues', types: ['back-office'] }] }),
      /catalogue\.rules\.9: rule 8 says that these types never take it/,
    ],
    [
      'a rule that is said twice',
      () =>
        file(
          {},
          {
            ...usualCatalogue,
            rules: [...usualCatalogue.rules, { by: 'type', types: ['cloudphone'], license: 'cloudphone' }],
          },
        ),
      /catalogue\.rules\.9: rule 3 says the same/,
    ],
    [
      'a permission that is not there',
      () =>
        file(
          {},
          { ...usualCatalogue, rules: [{ by: 'permission', types: ['api'], permission: 'fly:high', license: 'crm' }] },
        ),
      /catalogue\.rules\.0\.permission/,
    ],
    [
      'a minimum that is no core license',
      () => file({}, { ...usualCatalogue, rules: [{ by: 'queues', types: ['contact-center'], otherwise: 'crm' }] }),
      /crm has no channel; name a core license/,
    ],
    [
      'two licenses of one channel',
      () =>
        file(
          {},
          {
            ...usualCatalogue,
            licenses: [...usualCatalogue.licenses, { id: 'phone', name: 'Phone', channel: 'voice' }],
          },
        ),
      /licenses\.11\.channel: voice has a license already/,
    ],
  ];
  it.each(refusals)('%s: says field and remedy', (_what, read, message) => {
    expect(read).toThrow(message);
  });
});
