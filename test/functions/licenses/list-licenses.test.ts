import { usualCatalogue } from '#contract/license-catalogue.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import { seatsCreation } from '#domain/licenses/provisioning.ts';
import { beginMoving } from '#domain/licenses/redefining.ts';
import { licensesRead } from './reading.ts';

const owned = { voice: { seats: 10, price: { amount: 49, currency: 'EUR' } }, email: { seats: 0 } };

describe('S0-57 S1-35 the licenses there are', () => {
  it('are listed with what is owned, used, free and paid, and the version that a change of it takes', async () => {
    const { call, aHolder } = await licensesRead(owned);
    await aHolder();
    await aHolder();
    const { status, body } = await call('list-licenses');
    expect(status).toBe(200);
    expect(body.licenses.map(({ id }: { id: string }) => id)).toEqual(usualCatalogue.licenses.map(({ id }) => id));
    // One is the first SuperUser’s.
    expect(body.licenses[0]).toEqual({
      ...{ id: 'voice', name: 'Voice', channel: 'voice', status: 'in-catalogue', version: 1 },
      ...{ owned: 10, used: 3, free: 7, overCommitted: 0, price: { amount: 49, currency: 'EUR' } },
    });
    expect(body.licenses[1]).toMatchObject({ id: 'email', owned: 0, used: 0, free: 0 });
    expect(body.licenses[1]).not.toHaveProperty('price');
    expect(body).not.toHaveProperty('preparing');
  });

  it('come with the rules, in words and as data', async () => {
    const { call } = await licensesRead();
    const { rules } = (await call('list-licenses')).body;
    expect(rules.map(({ rule }: { rule: unknown }) => rule)).toEqual(usualCatalogue.rules);
    expect(rules.map(({ text }: { text: string }) => text)).toEqual([
      'contact-center users take the license of each channel whose queues their rights include, and Voice where they include none',
      'back-office users take Back-office',
      'back-office users take Cloudphone with the permission calls:make',
      'cloudphone users take Cloudphone',
      'ai-coworker users take AI coworker',
      'contact-center, back-office and cloudphone users take Call recording where their calls are recorded',
      'contact-center, back-office and passive users take CRM with the permission crm:use',
      'contact-center, back-office and passive users take Quality management with the permission quality:use',
      'back-office and cloudphone users never take Voice, Email, Chat, SMS or Social media',
    ]);
  });

  it('say that an edit of the catalogue is being prepared, with what comes before it is in force and what leaves after it', async () => {
    const { call, tenant, aHolder } = await licensesRead();
    await aHolder({ userType: 'cloudphone', access: undefined, rights: undefined });
    const known = await definitions.latest(tenant.deps);
    const { catalogue } = known.licensing;
    const wanted = {
      licenses: [...catalogue.licenses.filter(({ id }) => id !== 'cloudphone'), { id: 'telephone', name: 'Telephone' }],
      rules: [{ by: 'type' as const, types: ['cloudphone' as const], license: 'telephone' }],
    };
    const { jobId, writes } = beginMoving(
      tenant.deps,
      known.licensing,
      { type: 'catalogue', catalogue: wanted },
      {
        before: { type: 'catalogue', catalogue },
        told: { event: 'licenses.catalogue-changed', actor: 'system' },
        force: true,
        newSeats: [seatsCreation('telephone', undefined, known.licensing.edition + 1, tenant.deps.now())].flat(),
      },
    );
    await tenant.deps.table.transact(writes);
    definitions.forget(tenant.deps);
    const taking = (await call('list-licenses')).body;
    expect(taking.preparing).toEqual({ jobId });
    expect(taking.licenses.at(-1)).toMatchObject({ id: 'telephone', name: 'Telephone', status: 'coming' });
    expect(taking.licenses).toContainEqual(expect.objectContaining({ id: 'cloudphone', status: 'in-catalogue' }));

    // In force, and nobody has freed a seat yet.
    const { licensingKey } = await import('#table/keys.ts');
    const { update } = await import('#table/write.ts');
    const set = { catalogue: wanted, 'underway.phase': 'settling', 'underway.applied': true };
    await tenant.deps.table.write(update(licensingKey, { set }));
    definitions.forget(tenant.deps);
    const settling = (await call('list-licenses')).body;
    expect(settling.licenses.at(-1)).toMatchObject({
      id: 'cloudphone',
      name: 'Cloudphone',
      status: 'leaving',
      used: 1,
    });
    expect(settling.licenses).toContainEqual(expect.objectContaining({ id: 'telephone', status: 'in-catalogue' }));
  });

  it('C17 are for who has Licensing access, whatever else somebody may do', async () => {
    const { tenant, whoMay } = await licensesRead();
    const token = await whoMay('users:read', 'users:read-details', 'accesses:read');
    for (const id of ['list-licenses', 'get-license-usage', 'list-license-users', 'export-license-usage'] as const) {
      expect(await tenant.call(id, { token })).toMatchObject({
        status: 403,
        body: { code: 'not_permitted', because: 'licenses:read' },
      });
    }
  });
});
