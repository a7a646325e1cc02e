import type { DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { entriesOf } from '#domain/directory/entries.ts';
import { reseated } from '#domain/licenses/seating.ts';
import { changed } from '#domain/users/edits.ts';
import type { User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { userKeys } from '#table/keys.ts';
import { put, remove } from '#table/write.ts';
import { entriesOfTenant, inOrder } from '#test/setup/entries.ts';
import { streamOf, type TestStream } from '#test/setup/stream.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';
import { spendingMeter } from '../../../bench/spending.ts';

const meter = spendingMeter();
let tenant: TestTenant;
let stream: TestStream;
let token: string;
beforeAll(async () => {
  tenant = await aTenant({}, { meter: meter.meter });
  stream = await streamOf(tenant);
  token = (await tenant.aSuperUser({ title: 'Zzz Root' })).token;
  await stream.deliver();
});

const found = async (query: Record<string, string>): Promise<string[]> => {
  const { body } = await tenant.call('list-users', { token, query });
  return body.users.map(({ id }: { id: string }) => id);
};
const change = async (user: User, values: Partial<User>): Promise<User> => {
  const asRead = await users.require(tenant.deps, user.id);
  const after = await reseated(tenant.deps, asRead, changed(asRead, tenant.deps.now(), values));
  await tenant.deps.table.transact(users.change(asRead, after));
  return after;
};

describe('the index by which users are found', () => {
  it('follows their names', async () => {
    const user = await tenant.aUser({ title: 'Quentin Quill', alias: 'Feather', extension: '901' });
    await stream.deliver();
    for (const search of ['quentin', 'quill quen', 'feath', '901']) expect(await found({ search })).toEqual([user.id]);
    await change(user, { title: 'Xaver Quill', alias: undefined, extension: '902' });
    await stream.deliver();
    for (const search of ['quentin', 'feath', '901']) expect(await found({ search })).toEqual([]);
    for (const search of ['xaver', 'quill', 'xav quill', '902']) expect(await found({ search })).toEqual([user.id]);
    expect((await tenant.call('list-users', { token, query: { search: 'quill' } })).body.users[0]).toMatchObject({
      title: 'Xaver Quill',
      extension: '902',
    });
  });

  it('S0-56 follows who is deactivated, and who is gone', async () => {
    const user = await tenant.aUser({ title: 'Ypsilon Yarn', roles: ['rol_auditor'] });
    await stream.deliver();
    await change(user, { state: 'deactivated' });
    await stream.deliver();
    expect(await found({ search: 'ypsilon' })).toEqual([]);
    expect(await found({ search: 'ypsilon', deactivated: 'true' })).toEqual([user.id]);
    expect(await found({ sort: 'login', deactivated: 'true' })).toContain(user.id);
    expect(await found({ role: 'rol_auditor', deactivated: 'true' })).toContain(user.id);
    await tenant.deps.table.write(remove(userKeys.user(user.id)));
    await stream.deliver();
    expect((await entriesOfTenant(tenant)).filter(({ sk }) => sk.endsWith(user.id))).toEqual([]);
  });

  it('costs nothing when nothing changed that anybody is found by', async () => {
    const user = await tenant.aUser({ access: 'acc_agent', rights: 'rgt_own' });
    await stream.deliver();
    await change(user, { access: 'acc_supervisor', language: 'cs', epoch: 2 });
    const records = await stream.records();
    expect(records.length).toBeGreaterThan(0);
    expect(await meter.of(() => stream.handle(records))).toMatchObject({ readUnits: 0, writeUnits: 0 });
  });

  it('costs one read, and a write for each entry that becomes another one', async () => {
    const user = await tenant.aUser({ title: 'Vera Vlk', login: 'vera.vlk', authEmail: undefined });
    await stream.deliver();
    await change(user, { roles: ['rol_auditor'] });
    const records = await stream.records();
    const spent = await meter.of(() => stream.handle(records));
    expect(spent).toMatchObject({ readUnits: 1, writeUnits: 1 });
  });

  it('is in the end what the user says, whatever was told late and twice', async () => {
    const title = fc.constantFrom('Jana Nová', 'Jan Novák', 'Petr', 'Jana Petra Nová');
    const values = fc.record(
      {
        title,
        alias: fc.constantFrom('Bee', 'Jan', undefined),
        state: fc.constantFrom('active' as const, 'deactivated' as const),
        roles: fc.constantFrom(undefined, ['rol_auditor']),
        allTags: fc.constantFrom(true as const, undefined),
        recording: fc.constantFrom('from-call-start' as const, undefined),
        lastSignInAt: fc.constantFrom(1_000, 2_000, undefined),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(values, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 2 }),
        async (steps, again) => {
          const user = await tenant.aUser({ title: 'Begin Here' });
          for (const step of steps) await change(user, step as Partial<User>);
          const ofUser = ({ dynamodb }: DynamoDBRecord) => dynamodb?.Keys?.pk?.S === userKeys.partition(user.id);
          const records = (await stream.records()).filter(ofUser);
          for (const record of records) await stream.handle([record]);
          // An old one comes again, as after a failure, and with it all that followed.
          for (const n of again) await stream.handle(records.slice(n % records.length));
          await stream.deliver();
          const stored = await users.require(tenant.deps, user.id);
          const entries = (await entriesOfTenant(tenant)).filter(({ sk }) => sk.endsWith(user.id));
          expect(entries).toEqual(inOrder(entriesOf(stored)));
        },
      ),
      { numRuns: 6 },
    );
  });

  it('is right even when only the last record of many came, and an old one after it', async () => {
    const user = await tenant.aUser({ title: 'One Two' });
    await stream.deliver();
    const titles = ['Three Four', 'Five Six', 'Seven Eight'];
    for (const title of titles) await change(user, { title });
    const records = await stream.records();
    await stream.handle(records.toReversed());
    const stored = await users.require(tenant.deps, user.id);
    const entries = (await entriesOfTenant(tenant)).filter(({ sk }) => sk.endsWith(user.id));
    expect(entries).toEqual(inOrder(entriesOf(stored)));
  });
});

describe('the last sign-in', () => {
  const lastSignInOf = async ({ id }: User) => (await users.require(tenant.deps, id)).lastSignInAt;

  it('is told by a new session, without a new version of the user', async () => {
    const user = await tenant.aUser();
    await tenant.signIn(user.login);
    await stream.deliver();
    const stored = await users.require(tenant.deps, user.id);
    expect(stored).toMatchObject({ version: user.version, lastSignInAt: tenant.deps.now() });
    expect((await found({ sort: '-lastSignIn', limit: '2' })).includes(user.id)).toBe(true);
    tenant.advance(60);
    await tenant.signIn(user.login);
    await stream.deliver();
    expect(await lastSignInOf(user)).toBe(tenant.deps.now());
  });

  it('does not move with the use of a session, nor when it ends', async () => {
    const user = await tenant.aUser();
    const session = await tenant.signIn(user.login);
    await stream.deliver();
    const at = await lastSignInOf(user);
    tenant.advance(400);
    await tenant.call('get-me', { token: session });
    await tenant.call('sign-out', { token: session });
    await stream.deliver();
    expect(await lastSignInOf(user)).toBe(at);
  });

  it('never goes back: not by an older session that is told late, nor by a request that had read the user before', async () => {
    const user = await tenant.aUser();
    await tenant.signIn(user.login);
    const older = await stream.records();
    tenant.advance(60);
    await tenant.signIn(user.login);
    const asRead = await users.require(tenant.deps, user.id);
    await stream.deliver();
    await stream.handle(older);
    expect(await lastSignInOf(user)).toBe(tenant.deps.now());
    // It puts the user as it read them, without a sign-in; the stream sees that and puts it right.
    await tenant.deps.table.transact(users.change(asRead, changed(asRead, tenant.deps.now(), { title: 'Renamed' })));
    expect(await lastSignInOf(user)).toBeUndefined();
    await stream.deliver();
    expect(await users.require(tenant.deps, user.id)).toMatchObject({
      title: 'Renamed',
      lastSignInAt: tenant.deps.now(),
    });
  });

  it('brings nobody back who is gone', async () => {
    const user = await tenant.aUser();
    await tenant.signIn(user.login);
    const item = await tenant.read(userKeys.user(user.id));
    await tenant.deps.table.write(remove(userKeys.user(user.id)));
    await stream.deliver();
    expect(await users.byId(tenant.deps, user.id)).toBeUndefined();
    await tenant.deps.table.write(put(item as never));
    await stream.deliver();
  });
});
