import { DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { entriesOf } from '#domain/directory/entries.ts';
import { follow } from '#domain/directory/index-user.ts';
import { reseated } from '#domain/licenses/seating.ts';
import { changed } from '#domain/users/edits.ts';
import type { User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { userKeys } from '#table/keys.ts';
import { put } from '#table/write.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

const STAY = 250;
const CHANGE = 200;
const AT_ONCE = 20;

let tenant: TestTenant;
let token: string;
const staying: User[] = [];
const changing: User[] = [];
beforeAll(async () => {
  tenant = await aTenant();
  token = (await tenant.aSuperUser({ title: 'Zzz Admin' })).token;
  // What the stream would tell is told by hand: the local engine's writes grow slow with its length.
  await new DynamoDBClient({ endpoint: tenant.endpoint, region: 'eu-central-1' }).send(
    new UpdateTableCommand({ TableName: tenant.deps.table.name, StreamSpecification: { StreamEnabled: false } }),
  );
  // Many of the same title, and of titles that begin alike.
  const titled = (n: number) => `Jana ${String.fromCodePoint(0x61 + (n % 13))}${n % 3 === 0 ? '' : ` ${n}`}`;
  for (let n = 0; n < STAY + CHANGE; n++) {
    const user = await tenant.aUser({ title: titled(n), login: `l${(n * 7919) % 1000}-${n}` });
    (n % 9 < 5 ? staying : changing).push(user);
  }
  const entries = [...staying, ...changing].flatMap(entriesOf);
  for (let from = 0; from < entries.length; from += 100) {
    await tenant.deps.table.transact(entries.slice(from, from + 100).map((entry) => put(entry)));
  }
}, 120_000);

/** Another title, off, or on again: whatever moves somebody in the list; and in the index, where that is what is looked into. */
async function move({ id }: User, n: number, isFollowed: boolean): Promise<void> {
  const key = userKeys.user(id);
  const before = await tenant.read(key);
  const user = users.read(before) as User;
  const title = `Jana ${String.fromCodePoint(0x61 + ((n * 5) % 13))} moved ${n}`;
  const state = user.state === 'active' ? 'deactivated' : 'active';
  const moved = changed(user, tenant.deps.now(), n % 4 === 0 ? { state } : { title });
  const after = await reseated(tenant.deps, user, moved);
  await tenant.deps.table.transact(users.change(user, after));
  if (isFollowed) await follow(tenant.deps, { pk: key.pk, before, after: await tenant.read(key) });
}

describe('paging to the end while 200 users change', () => {
  it.each([
    ['by title, backwards', { sort: '-title' }],
    ['with a filter', { type: 'contact-center', secondFactor: 'off' }],
    ['by login', { sort: 'login' }],
    ['in a search', { search: 'jana' }],
  ] as [string, Record<string, string>][])(
    'skips and repeats nobody of all others: %s',
    async (_what, query) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      const isFollowed = 'search' in query || query.sort === 'login';
      let next = 0;
      do {
        const [page] = await Promise.all([
          tenant.call('list-users', { token, query: { limit: '23', ...query, ...(cursor && { cursor }) } }),
          ...changing.slice(next, next + AT_ONCE).map((user, n) => move(user, next + n, isFollowed)),
        ]);
        next += AT_ONCE;
        expect(page.status).toBe(200);
        seen.push(...page.body.users.map(({ id }: { id: string }) => id));
        cursor = page.body.next;
      } while (cursor);
      expect(next).toBeGreaterThanOrEqual(CHANGE);
      const ids = new Set(staying.map(({ id }) => id));
      expect(seen.filter((id) => ids.has(id)).sort()).toEqual([...ids].sort());
    },
    180_000,
  );
});
