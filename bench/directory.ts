// What finding users costs at 1,000, 10,000 and 100,000 of them: units of the list and of searches, and the time of their answers.
// Each search is one that finds about as much at every size: it is the number of users that must not matter.

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { settings as settingsSchema } from '#contract/settings.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import type { Deps } from '#domain/deps.ts';
import type { Filter } from '#domain/directory/filter.ts';
import { find, type Place, type Seeker } from '#domain/directory/find.ts';
import { makeBuiltIn } from '#domain/grants/built-in.ts';
import { seated } from '#domain/licenses/seats.ts';
import { hashPassword } from '#domain/passwords/hash.ts';
import * as settings from '#domain/settings/settings.ts';
import type { User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { createTable } from '#local/create-table.ts';
import { userKeys } from '#table/keys.ts';
import { openTable } from '#table/open-table.ts';
import { put } from '#table/write.ts';
import { makeCrowd, withoutStream } from './crowd.ts';
import { type Call, type Served, serveBundles } from './load.ts';
import { signIn } from './load-targets.ts';
import { person } from './people.ts';
import { adminLogin, environmentOf, seededPassword } from './seed.ts';
import { spendingMeter } from './spending.ts';
import { median } from './statistics.ts';

export const tenantSizes = [1_000, 10_000, 100_000] as const;

/** What p50 with the most users may be, of that with the fewest. */
export const ratioMax = 1.2;
const LIST_UNITS_MAX = 6;
const SEARCH_UNITS_MAX = 3;

const CALLS = 12;
const TURNS = 25;

/** What is asked for; the n-th of each kind is about another person. */
export const questions = {
  'list of 100': { query: () => ({ limit: '100' }), max: LIST_UNITS_MAX },
  'search, one word': { query: (n: number) => ({ search: loginOf(n), limit: '20' }), max: SEARCH_UNITS_MAX },
  'search, one word, a full page': {
    query: (n: number) => ({ search: 'jmpkav'.charAt(n % 6), limit: '20' }),
    max: SEARCH_UNITS_MAX,
  },
  'search, two words': { query: (n: number) => ({ search: twoWordsOf(n), limit: '20' }), max: SEARCH_UNITS_MAX },
  'search, two words, a full page': {
    query: (n: number) => ({ search: ['j s', 'm k', 'j k'][n % 3] as string, limit: '20' }),
    max: SEARCH_UNITS_MAX,
  },
  'search, a phrase': { query: (n: number) => ({ search: phraseOf(n), limit: '20' }), max: SEARCH_UNITS_MAX },
} as const satisfies Record<string, { query: (n: number) => Record<string, string>; max: number }>;

export type Question = keyof typeof questions;

export interface Measurement {
  size: number;
  question: Question;
  /** The most of several pages. */
  readUnits: number;
  p50Ms: number;
}

export interface Sized {
  environment: Record<string, string>;
  /** Units of one question, without the session check. */
  unitsOf: (question: Question, n: number) => Promise<number>;
}

/** A tenant of so many users, in a table of its own. */
export async function sizedTenant(endpoint: string, size: number, say: (line: string) => void): Promise<Sized> {
  const region = 'eu-central-1';
  const name = `roster-directory-${size}`;
  const client = new DynamoDBClient({ endpoint, region });
  await createTable(client, name);
  const meter = spendingMeter();
  const table = openTable({ name, region, endpoint, meter: meter.meter, timeoutMs: 60_000 });
  const deps = { table, now: Date.now } as unknown as Deps;
  await makeBuiltIn(deps);
  await table.transact([settings.creation(settingsSchema().parse({}), Date.now())]);
  // Nobody takes licenses: they are nothing to a list.
  const rules = await definitions.latest({ ...deps, definitions: { known: undefined } });
  const asAdmin: User = { ...person(399_999, Date.now()), login: adminLogin, secondFactor: 'off', superUser: true };
  const admin = seated(asAdmin, rules, Date.now());
  const password = { ...userKeys.password(admin.id), type: 'password', v: 1, setAt: Date.now() };
  await table.transact([...users.creation(admin), put({ ...password, phc: await hashPassword(seededPassword) })]);
  await withoutStream(client, name, () =>
    makeCrowd(table, {
      from: 0,
      to: size,
      now: Date.now(),
      rules,
      // The user alone: claims and counts are nothing to a list.
      creation: (user) => users.creation(user).slice(0, 1),
      progress: (made) => {
        if (made % 20_000 === 0) say(`  ${made} of ${size} users`);
      },
    }),
  );
  client.destroy();
  const seeker: Seeker = { user: admin, rights: undefined, permissions: new Set(['users:read', 'users:read-details']) };
  let from: Place | undefined;
  const unitsOf = async (question: Question, n: number) => {
    const { limit, ...asked }: Record<string, string> = questions[question].query(n);
    const filter = { tab: 'agents', deactivated: false, ...asked } as Filter;
    const spent = await meter.of(async () => {
      // On from page to page, as one reads a list; a search begins anew.
      const page = await find(deps, seeker, filter, 'title', {
        limit: Number(limit),
        from: asked.search ? undefined : from,
      });
      from = page.next;
    });
    return spent.readUnits;
  };
  return { environment: environmentOf(endpoint, name), unitsOf };
}

/** All questions at all sizes. The sizes take turns, since the machine's speed drifts. */
export async function measureDirectory(endpoint: string, say: (line: string) => void): Promise<Measurement[]> {
  const sized: { size: number; tenant: Sized; served: Served; token: string }[] = [];
  try {
    for (const size of tenantSizes) {
      say(`Seeding ${size} users to be found …`);
      const tenant = await sizedTenant(endpoint, size, say);
      const served = await serveBundles(tenant.environment);
      sized.push({ size, tenant, served, token: await tokenOf(served) });
    }
    const found: Measurement[] = [];
    for (const question of Object.keys(questions) as Question[]) {
      say(`Finding: ${question} …`);
      const times = sized.map((): number[] => []);
      for (let turn = 0; turn < TURNS + 1; turn++) {
        for (const [i, { served, token }] of sized.entries()) {
          const each = await timed(served, question, token, turn * CALLS);
          // The first turn warms up.
          if (turn > 0) times[i]?.push(...each);
        }
      }
      for (const [i, { size, tenant }] of sized.entries()) {
        const units: number[] = [];
        for (let n = 0; n < CALLS; n++) units.push(await tenant.unitsOf(question, n));
        found.push({ size, question, readUnits: Math.max(...units), p50Ms: median(times[i] ?? []) });
      }
    }
    return found;
  } finally {
    for (const { served } of sized) await served.stop();
  }
}

async function timed({ ask }: Served, question: Question, token: string, from: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < CALLS; n++) {
    const path = `/v1/users?${new URLSearchParams(questions[question].query(from + n))}`;
    const call: Call = { method: 'GET', path, token };
    const startedAt = performance.now();
    const { status, body } = await ask(call);
    times.push(performance.now() - startedAt);
    if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
  }
  return times;
}

async function tokenOf({ ask }: Served): Promise<string> {
  const { status, body } = await ask(signIn(adminLogin));
  if (status !== 200) throw new Error(`The SuperUser cannot sign in: ${status} ${body}`);
  return JSON.parse(body).next.token;
}

/** People that a tenant of every size has. */
const asked = (n: number) => person((n * 17) % 1000, 0);
const loginOf = (n: number) => asked(n).login;
const phraseOf = (n: number) => `"${asked(n).title.toLowerCase()}" ${asked(n).numericId}`;

/** The beginning of the one name, and the other as it stands in the login. */
function twoWordsOf(n: number): string {
  const [first = '', family = ''] = asked(n).login.split('.');
  return `${first.slice(0, 3)} ${family}`;
}
