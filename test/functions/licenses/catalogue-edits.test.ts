// Edits of the catalogue, and edits beside them: nobody is left without a seat or with one too many, and no edit stands in the way
// of another for ever.

import { type Catalogue, usualCatalogue } from '#contract/license-catalogue.ts';
import { readTenantFile } from '#contract/tenant-file.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import { advance } from '#domain/jobs/jobs.ts';
import { moveLicenses, movingFor } from '#domain/licenses/moving-users.ts';
import { provisionLicenses } from '#domain/licenses/provisioning.ts';
import { beginMoving } from '#domain/licenses/redefining.ts';
import { seatsItem } from '#domain/licenses/seats.ts';
import { type Rights, rightsItem } from '#domain/records/record.ts';
import { readUser } from '#domain/users/user.ts';
import { jobKey, recordKey, seatsKey, userKeys } from '#table/keys.ts';
import type { Table } from '#table/table.ts';
import { type Item, update } from '#table/write.ts';
import { finishJobs } from '#test/setup/leaving.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

type Owned = Record<string, { seats: number }>;

const file = (owned: Owned, catalogue: unknown = usualCatalogue) =>
  readTenantFile({
    ...{ name: 'acme', region: 'eu-central-1', publicUrl: 'https://acme.example', operatorEmail: 'ops@acme.example' },
    mail: { from: 'roster@acme.example', identity: 'acme.example' },
    firstSuperUser: { login: 'ada', title: 'Ada Admin', authEmail: 'ada@acme.example' },
    licenses: { owned: { ...enough(catalogue as Catalogue), ...owned }, catalogue: catalogue as Catalogue },
  }).licenses;

/** Of each license as many as the tenant has. */
const enough = (catalogue: Catalogue): Owned =>
  Object.fromEntries(catalogue.licenses.map(({ id }) => [id, { seats: 1_000_000 }]));

const { licenses, rules } = usualCatalogue;
const without = (by: string): Catalogue => ({ licenses, rules: rules.filter((rule) => rule.by !== by) });
const withDesk = {
  licenses: [...licenses, { id: 'desk', name: 'Desk' }],
  rules: [...rules, { by: 'type', types: ['contact-center'], license: 'desk' }],
};

const seats = async (tenant: TestTenant, license: string) => seatsItem().parse(await tenant.read(seatsKey(license)));
const read = async (tenant: TestTenant, id: string) => readUser((await tenant.read(userKeys.user(id))) as Item);
const held = async (tenant: TestTenant, id: string) => Object.keys((await read(tenant, id)).seats?.held ?? {}).sort();
const ifMatch = (version: number) => ({ 'if-match': `"${version}"` });

/** The tenant file is deployed, and the job that it began, if it did, brought to its end. */
async function deploy(tenant: TestTenant, wanted: ReturnType<typeof file>) {
  await provisionLicenses(tenant.deps, wanted);
  definitions.forget(tenant.deps);
  await finishJobs(tenant);
  definitions.forget(tenant.deps);
}

async function aQueue(tenant: TestTenant, token: string, channel: string): Promise<string> {
  return (await tenant.call('create-queue', { token, body: { name: `Queue of ${channel}`, channel } })).body.id;
}

async function someRights(tenant: TestTenant, token: string, queues: string[] = []): Promise<string> {
  return (await tenant.call('create-rights', { token, body: { name: 'Sales', queues } })).body.id;
}

describe('S1-35 another catalogue', () => {
  it('lets licenses that it brings be taken by whoever comes later', async () => {
    const tenant = await aTenant();
    const { token } = await tenant.aSuperUser();
    // One is the SuperUser's.
    await deploy(tenant, file({ desk: { seats: 2 } }, withDesk));
    const create = (login: string) =>
      tenant.call('create-user', {
        token,
        body: { login, title: login, type: 'contact-center', authEmail: `${login}@example.com`, ...agentGrants },
      });
    expect((await create('first')).status).toBe(201);
    expect(await seats(tenant, 'desk')).toMatchObject({ used: 2, free: 0 });
    expect((await create('second')).body).toMatchObject({ code: 'license_exhausted' });
  });

  it('S0-36 moves those whom only their recording concerns, there and back', async () => {
    const tenant = await aTenant({}, { licenses: { catalogue: without('recording') } });
    const { id } = await tenant.aUser({ ...agentGrants, recording: 'after-bridged' });
    expect(await held(tenant, id)).not.toContain('call-recording');
    await deploy(tenant, file({}));
    expect(await held(tenant, id)).toContain('call-recording');
    expect(await seats(tenant, 'call-recording')).toMatchObject({ used: 1 });
    await deploy(tenant, file({}, without('recording')));
    expect(await held(tenant, id)).not.toContain('call-recording');
    expect(await seats(tenant, 'call-recording')).toMatchObject({ used: 0 });
  });

  it('lets go of a license that it has no more, also of who was met by no job', async () => {
    const tenant = await aTenant();
    const { token } = await tenant.aSuperUser();
    const { id } = await tenant.aUser({ ...agentGrants, recording: 'after-bridged' });
    const gone = { ...without('recording'), licenses: licenses.filter((each) => each.id !== 'call-recording') };
    // The index hides them from the job.
    await tenant.deps.table.write(update(userKeys.user(id), { remove: ['lpk', 'lsk'] }));
    await deploy(tenant, file({}, gone));
    expect(await held(tenant, id)).toContain('call-recording');
    await deploy(
      tenant,
      file({ desk: { seats: 5 } }, { licenses: [...gone.licenses, withDesk.licenses.at(-1)], rules: gone.rules }),
    );
    const { version } = await read(tenant, id);
    const changed = await tenant.call('change-user', {
      ...{ token, params: { userId: id }, headers: ifMatch(version), body: { recording: 'off' } },
    });
    expect(changed.status).toBe(200);
    expect(await held(tenant, id)).not.toContain('call-recording');
    expect(await seats(tenant, 'call-recording')).toMatchObject({ used: 0 });
  });

  it('is refused while another one is prepared, also where that would undo what is in force', async () => {
    const tenant = await aTenant();
    await tenant.aUser(agentGrants);
    await provisionLicenses(tenant.deps, file({ desk: { seats: 5 } }, withDesk));
    await expect(provisionLicenses(tenant.deps, file({}))).rejects.toMatchObject({ code: 'licenses_moving' });
    await finishJobs(tenant);
    await deploy(tenant, file({}));
    expect((await definitions.latest(tenant.deps)).licensing.catalogue).toEqual(usualCatalogue);
  });
});

describe('S0-14 edits beside one that is prepared', () => {
  it('are refused, also of rights that nobody has: the job would not hear of them, and never end', async () => {
    const tenant = await aTenant();
    const { token } = await tenant.aSuperUser();
    await tenant.aUser(agentGrants);
    const email = await aQueue(tenant, token, 'email');
    const rightsId = await someRights(tenant, token);
    await provisionLicenses(tenant.deps, file({ desk: { seats: 5 } }, withDesk));
    const edit = () =>
      tenant.call('change-rights', { token, params: { rightsId }, headers: ifMatch(1), body: { queues: [email] } });
    definitions.forget(tenant.deps);
    expect((await edit()).body).toMatchObject({ code: 'licenses_moving' });
    await finishJobs(tenant);
    expect((await edit()).status).toBe(200);
  });

  it('are judged by the catalogue of this moment, not by that of five seconds ago', async () => {
    const noCrm = {
      licenses,
      rules: rules.filter((rule) => !(rule.by === 'permission' && rule.permission === 'crm:use')),
    };
    const tenant = await aTenant({}, { licenses: { catalogue: noCrm } });
    const { token } = await tenant.aSuperUser();
    const { id } = await tenant.aUser(agentGrants);
    await definitions.current(tenant.deps);
    const stale = tenant.deps.definitions.known;
    await deploy(tenant, file({}));
    tenant.deps.definitions.known = stale;
    const access = (await tenant.read(recordKey('access', 'acc_agent'))) as Item;
    const edited = await tenant.call('change-access', {
      ...{ token, params: { accessId: 'acc_agent' }, headers: ifMatch(access.version as number) },
      body: { permissions: [...(access.permissions as string[]), 'crm:use'] },
    });
    expect(edited.status).toBe(200);
    await finishJobs(tenant);
    expect(await held(tenant, id)).toContain('crm');
    expect(await seats(tenant, 'crm')).toMatchObject({ used: 1 });
  });
});

describe('S0-5 the job of an edit', () => {
  it('does not take a seat for missing that another worker has just given to the same user', async () => {
    const tenant = await aTenant({}, { licenses: { owned: { email: { seats: 1 } } } });
    const { token } = await tenant.aSuperUser();
    const email = await aQueue(tenant, token, 'email');
    const rightsId = await someRights(tenant, token);
    await tenant.aUser({ access: 'acc_agent', rights: rightsId });
    const before = rightsItem().parse(await tenant.read(recordKey('rights', rightsId)));
    const wanted: Rights = { ...before, version: 2, queues: [email], channels: { email: { queue: email, count: 1 } } };
    const { licensing } = await definitions.latest(tenant.deps);
    const told = { event: 'rights.changed', actor: (await tenant.aSuperUser()).user.id };
    const { jobId, writes } = beginMoving(tenant.deps, licensing, wanted, { before, told });
    await tenant.deps.table.transact(writes);
    const { table } = tenant.deps;
    let hasMet = false;
    const meeting = Object.assign(Object.create(table) as Table, {
      attempt: async (given: Parameters<Table['attempt']>[0]) => {
        const isOfUsers = given.some((write) => write.kind === 'update' && write.key.sk === '#USER');
        while (isOfUsers && !hasMet) {
          await advance(tenant.deps, jobId, { 'move-licenses': movingFor(0) });
          hasMet = (await seats(tenant, 'email')).used === 1;
        }
        return table.attempt(given);
      },
    });
    for (let turns = 0; turns < 10 && !hasMet; turns++) {
      await advance({ ...tenant.deps, table: meeting }, jobId, { 'move-licenses': movingFor(0) });
    }
    expect(hasMet).toBe(true);
    await finishJobs(tenant);
    expect(await tenant.read(recordKey('rights', rightsId))).toMatchObject({ version: 2, queues: [email] });
    expect(await seats(tenant, 'email')).toMatchObject({ used: 1, free: 0 });
  }, 60_000);

  it('ends, also where it is settled and somebody lacks a seat that nobody has free', async () => {
    const tenant = await aTenant({}, { licenses: { owned: { email: { seats: 2 } } } });
    const { token } = await tenant.aSuperUser();
    const [email, voice] = [await aQueue(tenant, token, 'email'), await aQueue(tenant, token, 'voice')];
    const rightsId = await someRights(tenant, token, [email]);
    for (let n = 0; n < 2; n++) await tenant.aUser({ access: 'acc_agent', rights: rightsId });
    // Whom an earlier walk has not met.
    const missed = await tenant.aUser({ access: 'acc_agent', rights: 'rgt_own' });
    await tenant.deps.table.write(update(userKeys.user(missed.id), { set: { rights: rightsId } }));
    const edited = await tenant.call('change-rights', {
      ...{ token, params: { rightsId }, headers: ifMatch(1), body: { queues: [email, voice] } },
    });
    expect(edited.body).toMatchObject({ code: 'license_exhausted', because: { license: 'email', owned: 2 } });
    const [job] = (await tenant.jobs()).filter(({ kind }) => kind === 'move-licenses');
    for (let turns = 0; turns < 5; turns++)
      await advance(tenant.deps, job?.id as string, { 'move-licenses': moveLicenses });
    expect(await tenant.read(jobKey(job?.id as string))).toMatchObject({ state: 'done' });
    expect((await definitions.latest(tenant.deps)).licensing.underway).toBeUndefined();
    expect(await seats(tenant, 'email')).toMatchObject({ used: 2, free: 0 });
  }, 60_000);
});
