// Administrators at work, as a process that a test kills: random changes of users, rights and owned seats by the real functions on
// the engine of the test. Tells how many it has done.

import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Catalogue, usualCatalogue } from '#contract/license-catalogue.ts';
import { functionPath, type OperationId, operations } from '#contract/operations.ts';
import { DefinitionsMoved } from '#domain/definitions/moved.ts';
import type { Deps } from '#domain/deps.ts';
import { owning } from '#domain/licenses/owning.ts';
import { provisionLicenses } from '#domain/licenses/provisioning.ts';
import { seatsItem } from '#domain/licenses/seats.ts';
import type { ApiFunction } from '#serve/serve.ts';
import { seatsKey, userKeys } from '#table/keys.ts';
import { openTable } from '#table/open-table.ts';
import { Sealer } from '#table/seal.ts';
import { type CallOptions, eventFor, lambdaContext } from '#test/setup/tenant.ts';

export interface Traffic {
  table: string;
  token: string;
  /** To be added to the machine's clock. */
  ahead: number;
  sealKeys: ConstructorParameters<typeof Sealer>[0];
  rights: string[];
  licenses: string[];
  /** Owned of each, as the tenant file says. */
  seats: number;
  known: string[];
}

const AT_ONCE = 4;
const given: Traffic = JSON.parse(process.argv[2] as string);
const sealer = new Sealer(given.sealKeys);
const deps: Deps = {
  now: () => Date.now() + given.ahead,
  pause: (ms) => wait(ms),
  randomBytes,
  table: openTable({
    ...{ name: given.table, region: 'eu-central-1', timeoutMs: 20_000 },
    endpoint: process.env.DYNAMODB_ENDPOINT,
  }),
  sealer: async () => sealer,
  tenant: { name: 'acme', publicUrl: 'https://acme.example' },
  definitions: { known: undefined },
  log: () => {},
};
const { known } = given;
let done = 0;

// biome-ignore lint/suspicious/noExplicitAny: looked into freely, as in tests
async function call(id: OperationId, options: CallOptions): Promise<{ status: number; body: any }> {
  const { handler } = (await import(`#functions/${functionPath(operations[id])}`)) as { handler: ApiFunction };
  const event = eventFor(id, { token: given.token, ...options });
  const answer = (await handler.using(deps)(event as never, lambdaContext)) as APIGatewayProxyStructuredResultV2;
  const status = answer.statusCode as number;
  const body = answer.body ? JSON.parse(answer.body) : null;
  if (status >= 500 && status !== 503) throw new Error(`${id} answered ${status} ${answer.body}`);
  return { status, body };
}

const any = <T>(some: readonly T[]): T => some[Math.floor(Math.random() * some.length)] as T;
const name = () => `p${randomBytes(5).toString('hex')}`;

async function change(userId: string, body: object): Promise<void> {
  const found = await deps.table.get(userKeys.user(userId));
  const headers = { 'if-match': `"${found?.version ?? 1}"` };
  await call('change-user', { params: { userId }, headers, body, query: { when: 'signOutNow' } });
}

const deeds: [weight: number, deed: (userId: string) => Promise<unknown>][] = [
  [
    3,
    async () => {
      const login = name();
      const type = any(['contact-center', 'contact-center', 'back-office']);
      const body = { login, title: login, type, authEmail: `${login}@example.com`, language: 'en' };
      const made = await call('create-user', { body: { ...body, access: 'acc_agent', rights: any(given.rights) } });
      if (made.status === 201) known.push(made.body.id);
    },
  ],
  [8, (userId) => change(userId, { rights: any(given.rights) })],
  [6, (userId) => change(userId, { recording: any(['off', 'after-bridged']) })],
  [2, (userId) => change(userId, { title: name() })],
  [
    3,
    async (userId) => {
      const { body } = await call('get-removal-impact', { params: { userId } });
      await call('deactivate-user', { params: { userId }, body: { preview: body.preview?.deactivate } });
    },
  ],
  [4, (userId) => call('restore-user', { params: { userId }, body: {} })],
  [
    1,
    async (userId) => {
      const { body } = await call('get-removal-impact', { params: { userId } });
      await call('delete-user', {
        params: { userId },
        ...(body.preview && { query: { preview: body.preview.delete } }),
      });
    },
  ],
  [2, (userId) => call('restore-deleted-user', { params: { userId }, body: {} })],
  [
    1,
    async (userId) => {
      const login = name();
      const body = { login, title: login, authEmail: `${login}@example.com` };
      const made = await call('clone-user', { params: { userId }, body });
      if (made.status === 201) known.push(made.body.id);
    },
  ],
  [
    1,
    async () => {
      const seats = seatsItem().parse(await deps.table.get(seatsKey(any(given.licenses))));
      const owned = Math.max(0, seats.owned + any([-2, -1, 1, 2]));
      await deps.table
        .transact(owning(deps, seats, { owned, price: seats.price, force: false }))
        .catch((error: { code?: string }) => {
          if (error.code !== 'seats_in_use' && error.code !== 'version_stale') throw error;
        });
    },
  ],
];
const drawn = deeds.flatMap(([weight, deed]) => Array.from({ length: weight }, () => deed));

/** Rights change seldom, and move everybody who has them. */
async function editRights(): Promise<void> {
  const rightsId = any(given.rights);
  const found = await call('get-rights', { params: { rightsId } });
  const { body } = await call('list-queues', {});
  const queues = (body.queues as { id: string }[]).map(({ id }) => id).filter(() => Math.random() < 0.5);
  const headers = { 'if-match': `"${found.body.version}"` };
  await call('change-rights', { params: { rightsId }, headers, body: { queues } });
}

const { licenses, rules } = usualCatalogue;
const withDesk: Catalogue = {
  licenses: [...licenses, { id: 'desk', name: 'Desk' }],
  rules: [...rules, { by: 'type', types: ['contact-center'], license: 'desk' }],
};

/** A license comes and goes with the tenant file. There are enough of it: what the operator brings is taken by force. */
async function deploy(): Promise<void> {
  const owned = Object.fromEntries([
    ...given.licenses.map((id) => [id, { seats: given.seats }]),
    ['desk', { seats: 1_000_000 }],
  ]);
  await provisionLicenses(deps, { catalogue: any([usualCatalogue, withDesk]), owned }).catch(
    (error: { code?: string }) => {
      if (error.code !== 'licenses_moving' && !(error instanceof DefinitionsMoved)) throw error;
    },
  );
}

async function actor(): Promise<void> {
  for (;;) {
    if (Math.random() < 0.005) await editRights();
    if (Math.random() < 0.003) await deploy();
    await any(drawn)(any(known));
    if (++done % 10 === 0) process.send?.({ done });
  }
}

process.send?.({ done: 0 });
await Promise.all(Array.from({ length: AT_ONCE }, actor));
