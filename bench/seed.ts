// A tenant's table with many users in it, for load: written in bulk, as no operation would.

import { randomBytes } from 'node:crypto';
import { DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { usualCatalogue } from '#contract/license-catalogue.ts';
import { settings as settingsSchema } from '#contract/settings.ts';
import * as authenticators from '#domain/authenticators/authenticators.ts';
import { sealed } from '#domain/authenticators/codes.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import type { Deps } from '#domain/deps.ts';
import { builtIn } from '#domain/grants/built-in.ts';
import { licensingCreation } from '#domain/licenses/provisioning.ts';
import { seated } from '#domain/licenses/seats.ts';
import { hashPassword } from '#domain/passwords/hash.ts';
import * as records from '#domain/records/records.ts';
import * as settings from '#domain/settings/settings.ts';
import type { User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { createTable } from '#local/create-table.ts';
import { userKeys } from '#table/keys.ts';
import { openTable } from '#table/open-table.ts';
import { makeSealKeys, Sealer } from '#table/seal.ts';
import { put, type Write } from '#table/write.ts';
import { deviceNamed, settingsOf, telephoneWrites } from './platform.ts';
import { WriteMany } from './write-many.ts';

export const seededPassword = 'a long walk along the river';
export const adminLogin = 'admin';
export const loginOf = (n: number) => `agent${String(n).padStart(6, '0')}`;
/** Agents who sign in with an authenticator, all with the same key; each code is good once, so there are many. */
export const appUsers = 400;
/** Agents with an extension and a device, whom calls reach. */
const TELEPHONES = 300;
export const appKey = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
export const appLoginOf = (n: number) => `app${String(n).padStart(6, '0')}`;

const region = 'eu-central-1';
const tableName = 'roster-bench';

export interface SeededTenant {
  /** What a function's process needs to serve this tenant. */
  environment: Record<string, string>;
  userIds: readonly string[];
  /** Extensions that calls go to. */
  extensions: readonly string[];
}

/** Makes the table with one SuperUser and as many agents, all active and with the same password. */
export async function seed(endpoint: string, count: number): Promise<SeededTenant> {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' });
  const client = new DynamoDBClient({ endpoint, region });
  await createTable(client, tableName);
  // dynoxide's writes grow slow with the length of its stream, which nobody reads here.
  await client.send(new UpdateTableCommand({ TableName: tableName, StreamSpecification: { StreamEnabled: false } }));
  const table = openTable({ name: tableName, region, endpoint });
  await table.transact([settings.creation(settingsSchema().parse({}), Date.now())]);
  for (const record of builtIn(Date.now())) await table.transact(records.creation(record));
  const owned = Object.fromEntries(usualCatalogue.licenses.map(({ id }) => [id, { seats: 1_000_000 }]));
  await table.transact(licensingCreation({ catalogue: usualCatalogue, owned }, Date.now()));
  const rules = await definitions.latest({ table, now: Date.now, definitions: {} } as unknown as Deps);
  const phc = await hashPassword(seededPassword);
  await table.transact(creationOf(seated(userCalled(adminLogin, { superUser: true }), rules, Date.now()), phc));
  const phones = Array.from({ length: Math.min(count, TELEPHONES) }, (_, n) => deviceNamed(`${n}`, Date.now()));
  for (const phone of phones) await table.transact(records.creation(phone));
  const agents = Array.from({ length: count }, (_, n) => {
    const phone = phones[n];
    return userCalled(loginOf(n), phone && { extension: `${20_000 + n}`, ...settingsOf([phone.id]) });
  });
  const called = agents.filter(({ extension }) => extension !== undefined);
  const sealKeys = makeSealKeys(Date.now());
  const withApp = Array.from({ length: appUsers }, (_, n) =>
    userCalled(appLoginOf(n), { secondFactor: 'authenticator-enforced' }),
  );
  const writes = [
    ...[...agents, ...withApp].flatMap((agent) => creationOf(seated(agent, rules, Date.now()), phc)),
    ...withApp.map((agent) => authenticatorOf(agent, new Sealer(sealKeys))),
    ...called.flatMap((agent) => telephoneWrites(agent, rules, Date.now())),
  ];
  const bulk = new WriteMany(table);
  await bulk.add(writes);
  for (const count of bulk.counts()) await table.transact([count]);
  client.destroy();
  return {
    userIds: agents.map(({ id }) => id),
    extensions: called.map(({ extension }) => extension as string),
    environment: environmentOf(endpoint, tableName, sealKeys),
  };
}

/** What a function's process is told, to serve the tenant of this table. */
export function environmentOf(
  endpoint: string,
  name: string,
  sealKeys = makeSealKeys(Date.now()),
): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    DYNAMODB_ENDPOINT: endpoint,
    TABLE_NAME: name,
    SEAL_KEYS: JSON.stringify(sealKeys),
    TENANT_NAME: 'bench',
    PUBLIC_URL: 'https://roster.example',
  };
}

export function userCalled(login: string, values: Partial<User> = {}): User {
  const now = Date.now();
  return {
    type: 'user',
    v: 1,
    id: `usr_${randomBytes(12).toString('hex')}`,
    version: 1,
    login,
    title: `Jana Nováková ${login}`,
    userType: 'contact-center',
    state: 'active',
    authEmail: `${login}@contact-center.example`,
    secondFactor: 'off',
    epoch: 1,
    createdAt: now,
    updatedAt: now,
    ...values,
  };
}

function creationOf(user: User, phc: string): Write[] {
  const password = { ...userKeys.password(user.id), type: 'password', v: 1, phc, setAt: user.createdAt };
  return [...users.creation(user), put(password)];
}

function authenticatorOf(user: User, sealer: Sealer): Write {
  return authenticators.setUp({ now: Date.now }, user.id, sealed(sealer, user.id, appKey), 0);
}
