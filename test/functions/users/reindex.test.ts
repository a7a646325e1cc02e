import { DeleteTableCommand, DescribeTableCommand, DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { entriesOf } from '#domain/directory/entries.ts';
import * as users from '#domain/users/users.ts';
import { createTable } from '#local/create-table.ts';
import { claimKey, directoryKey, key, userKeys, wordKey } from '#table/keys.ts';
import { put, remove, update } from '#table/write.ts';
import { entriesOfTenant, inOrder } from '#test/setup/entries.ts';
import { streamOf } from '#test/setup/stream.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';
import { deployTenantFile } from '#test/setup/tenant-file.ts';

const file = {
  name: 'acme',
  region: 'eu-central-1',
  publicUrl: 'https://acme.example',
  mail: { from: 'roster@acme.example', identity: 'acme.example' },
  operatorEmail: 'ops@acme.example',
  licenses: { owned: { voice: { seats: 1000 }, 'back-office': { seats: 1 } } },
  firstSuperUser: { login: 'ada', title: 'Ada Admin', authEmail: 'ada@acme.example' },
};
deployTenantFile(file);

/** Provisioned, with its index in order. */
async function aProvisionedTenant() {
  const tenant = await aTenant({}, { isBare: true });
  const stream = await streamOf(tenant);
  await tenant.react('provision-tenant', {});
  await stream.deliver();
  return { tenant, stream };
}

const expected = async (tenant: TestTenant, ids: readonly string[]) =>
  inOrder((await Promise.all(ids.map((id) => users.require(tenant.deps, id)))).flatMap(entriesOf));

describe('a tenant of an older version', () => {
  it('has all its users in the list and in the index after one deploy, and is asked for nothing by the next', async () => {
    const { tenant, stream } = await aProvisionedTenant();
    await tenant.deps.table.write(remove(directoryKey));
    for (const entry of await entriesOfTenant(tenant)) await tenant.deps.table.write(remove(entry));
    const root = await tenant.aSuperUser({ title: 'Zzz Root' });
    const ada = await tenant.read(claimKey('sign-in-name', 'ada'));
    const ids = [root.user.id, ada?.userId as string];
    for (let n = 0; n < 60; n++) ids.push((await tenant.aUser({ title: `Older ${n}`, login: `ölder${n}` })).id);
    // As they were: on one shelf without shards, and without entries.
    for (const id of ids) {
      await tenant.deps.table.write(update(userKeys.user(id), { set: { lpk: key('USERS', 'present') } }));
    }
    await stream.records();
    const list = async () => {
      const { body } = await tenant.call('list-users', { token: root.token });
      return body.users.length as number;
    };
    expect(await list()).toBe(0);
    await tenant.react('provision-tenant', {});
    await stream.deliver();
    expect(await list()).toBe(62);
    expect(await entriesOfTenant(tenant)).toEqual(await expected(tenant, ids));
    const mark = await tenant.read(directoryKey);
    await tenant.react('provision-tenant', {});
    expect(await tenant.read(directoryKey)).toEqual(mark);
  });
});

describe('indexing everybody anew, by an operator', () => {
  it('puts back what is missing and takes away what nobody has, also beyond Latin', async () => {
    const { tenant, stream } = await aProvisionedTenant();
    const jana = await tenant.aUser({ title: 'Jana Žižková', roles: ['rol_auditor'] });
    const juri = await tenant.aUser({ title: 'Юрий Гагарин', state: 'deactivated' });
    await stream.deliver();
    const right = await entriesOfTenant(tenant);
    const [lost] = entriesOf(jana);
    await tenant.deps.table.write(remove(lost as never));
    const stale = [
      { ...wordKey('j', 'jarmila', 'jarmila', jana.id), type: 'word', v: 1 },
      { ...wordKey('гю', 'гоголь', 'x', juri.id), type: 'word', v: 1 },
      { ...wordKey('x', 'xaver', 'xaver', 'usr_000000000000000000000000'), type: 'word', v: 1 },
    ];
    for (const entry of stale) await tenant.deps.table.write(put(entry));
    expect(await entriesOfTenant(tenant)).not.toEqual(right);
    await tenant.react('provision-tenant', { reindex: true });
    await stream.deliver();
    expect(await entriesOfTenant(tenant)).toEqual(right);
  });
});

describe('an older table', () => {
  it('gets the indexes and the stream that it lacks, loses indexes that nobody knows, and its items stand in them', async () => {
    const tenant = await aTenant();
    await tenant.aUser({ title: 'Jana' });
    const client = new DynamoDBClient({ endpoint: tenant.endpoint, region: 'eu-central-1' });
    const TableName = tenant.deps.table.name;
    await client.send(
      new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'users' } }] }),
    );
    await client.send(
      new UpdateTableCommand({
        TableName,
        AttributeDefinitions: ['pk', 'sk', 'lpk', 'lsk'].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        })),
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: 'list',
              KeySchema: [
                { AttributeName: 'lpk', KeyType: 'HASH' },
                { AttributeName: 'lsk', KeyType: 'RANGE' },
              ],
              Projection: { ProjectionType: 'ALL' },
            },
          },
        ],
      }),
    );
    await client.send(new UpdateTableCommand({ TableName, StreamSpecification: { StreamEnabled: false } }));
    expect(await createTable(client, TableName)).toBe(false);
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).sort()).toEqual(['due', 'users']);
    expect(Table?.StreamSpecification).toMatchObject({ StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' });
    expect(await createTable(client, TableName)).toBe(false);
    const { token } = await tenant.aSuperUser({ title: 'Zzz Root' });
    const { body } = await tenant.call('list-users', { token });
    expect(body.users.map(({ title }: { title: string }) => title)).toEqual(['Jana', 'Zzz Root']);
    await client.send(new DeleteTableCommand({ TableName }));
  });
});
