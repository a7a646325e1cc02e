import * as definitions from '#domain/definitions/definitions.ts';
import type { Deps } from '#domain/deps.ts';
import { permissionsOf } from '#domain/grants/effective.ts';
import { sweep } from '#domain/tokens/expiry.ts';
import { forOwner } from '#domain/tokens/owner.ts';
import { type ApiToken, readItem } from '#domain/tokens/token.ts';
import { recordUse } from '#domain/tokens/use.ts';
import * as users from '#domain/users/users.ts';
import type { Table } from '#table/table.ts';
import type { Item } from '#table/write.ts';
import { DAY, type Issuing, issuing, YEAR } from './issuing.ts';

// What two requests do to each other, in the order that hurts: one has read, the other commits, then the first one writes.

let here: Issuing;
beforeEach(async () => {
  here = await issuing();
});

const use = { network: '198.51.100.7', operation: 'get-me' };
const readNow = async (token: { userId: string; id: string }): Promise<ApiToken> =>
  readItem((await here.stored(token)) as Item);
const shownNow = async ({ userId }: { userId: string }) => (await here.listed(userId))[0];

describe('I12 a use that comes late', () => {
  it('does not undo what an administrator saved since', async () => {
    const { token } = await here.owned({ extendWithUse: true, expiresAt: here.at(5 * DAY) });
    const asRead = await readNow(token);
    const expiresAt = here.at(2 * DAY);
    await here.change(token, { extendWithUse: false, expiresAt });
    await recordUse(here.tenant.deps, asRead, use);
    expect(await shownNow(token)).toMatchObject({ expiresAt, extendWithUse: false });
  });

  it('does not bring back what was deleted', async () => {
    const { token } = await here.owned({ extendWithUse: true, expiresAt: here.at(5 * DAY) });
    const asRead = await readNow(token);
    await here.asRoot('delete-token', { params: { userId: token.userId, tokenId: token.id } });
    await recordUse(here.tenant.deps, asRead, use);
    expect(await here.stored(token)).toBeUndefined();
  });

  it('neither moves the end a second time on one day, nor back, nor the last use within five minutes', async () => {
    const { token } = await here.owned({ extendWithUse: true, expiresAt: here.at(5 * DAY) });
    const asRead = await readNow(token);
    await recordUse(here.tenant.deps, asRead, use);
    const first = await here.stored(token);
    here.tenant.advance(299);
    await recordUse(here.tenant.deps, asRead, { ...use, operation: 'list-users' });
    expect(await here.stored(token)).toEqual(first);
    here.tenant.advance(-600);
    await recordUse(here.tenant.deps, asRead, use);
    expect(await here.stored(token)).toEqual(first);
  });

  it('is not even tried while neither is due', async () => {
    const { token } = await here.owned({ extendWithUse: true, expiresAt: here.at(5 * DAY) });
    await recordUse(here.tenant.deps, await readNow(token), use);
    let writes = 0;
    const write = async () => void writes++;
    const deps = { ...here.tenant.deps, table: { write } as unknown as Table };
    here.tenant.advance(299);
    await recordUse(deps, await readNow(token), use);
    expect(writes).toBe(0);
    here.tenant.advance(1);
    await recordUse(deps, await readNow(token), use);
    expect(writes).toBe(1);
  });

  it('does not revive what the audit calls expired, should its process’s clock be behind', async () => {
    const { token } = await here.owned({ extendWithUse: true, expiresAt: here.at(60) });
    const asRead = await readNow(token);
    here.tenant.advance(60);
    expect(await sweep(here.tenant.deps)).toEqual({ expired: 1, told: 0 });
    here.tenant.advance(-1);
    await recordUse(here.tenant.deps, asRead, use);
    expect(await shownNow(token)).toMatchObject({ expiresAt: token.expiresAt });
  });

  it('fails its request when the table is down', async () => {
    const { token } = await here.owned();
    const asRead = await readNow(token);
    const failing = (name: string) => {
      const write = () => Promise.reject(Object.assign(new Error(name), { name }));
      return recordUse({ ...here.tenant.deps, table: { write } as unknown as Table }, asRead, use);
    };
    await expect(failing('Problem')).rejects.toThrow();
  });
});

describe('K5 a sweep that comes late', () => {
  /** Sweeps; between its read and its write something else happens. */
  const sweepAround = (between: () => Promise<unknown>) => {
    const { table } = here.tenant.deps;
    const around = {
      all: table.all.bind(table),
      transact: table.transact.bind(table),
      batchGet: async (keys: Parameters<Table['batchGet']>[0]) => {
        const found = await table.batchGet(keys);
        await between();
        return found;
      },
    };
    return sweep({ ...here.tenant.deps, table: around as unknown as Table } satisfies Deps);
  };
  const notices = async () => (await here.tenant.mails()).filter(({ template }) => template === 'token-expiring');

  it('tells nobody of an end that a use has just moved', async () => {
    const { token } = await here.owned({ extendWithUse: true, expiresAt: here.at(31 * DAY) });
    here.tenant.advance(DAY);
    expect(await sweepAround(() => here.use(token.value))).toEqual({ expired: 0, told: 0 });
    expect(await notices()).toEqual([]);
    expect(await here.stored(token)).toMatchObject({ dsk: here.at(YEAR - 30 * DAY) });
  });

  it('does not call expired what an administrator has just given another end', async () => {
    const { token } = await here.owned({ expiresAt: here.at(60) });
    here.tenant.advance(60);
    expect(await sweepAround(() => here.change(token, { expiresAt: here.at(DAY) }))).toEqual({ expired: 0, told: 0 });
    expect(await here.use(token.value)).toBe('works');
    expect(await here.stored(token)).toHaveProperty('dpk');
    expect((await here.tenant.audit()).filter(({ event }) => event === 'token.expired')).toEqual([]);
  });

  it('tells once what two sweeps have read', async () => {
    const { token } = await here.owned({ expiresAt: here.at(31 * DAY) });
    here.tenant.advance(DAY);
    await sweepAround(() => sweep(here.tenant.deps));
    expect(await notices()).toHaveLength(1);
    expect(await readNow(token)).toMatchObject({ told: 30 });
  });
});

describe('C12 an owner who got more between judgment and commit', () => {
  it('is judged again', async () => {
    const { deps, aUser } = here.tenant;
    const admin = await aUser({ access: 'acc_administrator', rights: 'rgt_everything' });
    const owner = await aUser({ access: 'acc_agent' });
    const known = await definitions.current(deps);
    const rights = known.rights.get('rgt_everything');
    const caller = { user: admin, permissions: permissionsOf(admin, known), rights, definitions: known };
    let judged = 0;
    const made = forOwner(deps, caller, owner.id, async (asJudged, stillSo) => {
      judged++;
      const promoted = { ...asJudged, version: asJudged.version + 1, superUser: true as const };
      await deps.table.transact(users.change(asJudged, promoted));
      await deps.table.transact(stillSo);
    });
    await expect(made).rejects.toMatchObject({ code: 'outranked' });
    expect(judged).toBe(1);
  });
});
