import { readdirSync, readFileSync } from 'node:fs';
import { entry, waitingEntry } from '#domain/audit/audit.ts';
import { keep } from '#domain/audit/keep.ts';
import { insert } from '#table/insert.ts';
import { auditKey, outboxPartitions } from '#table/keys.ts';
import { aTenant } from '#test/setup/tenant.ts';

const happened = { event: 'user.changed', actor: 'usr_1', subject: { type: 'user', id: 'usr_2' } };

describe('I11 entries of the audit', () => {
  it('are written once: what stands is neither replaced nor changed by inserting again', async () => {
    const { deps, read } = await aTenant();
    const place = auditKey(0, 'usr_2', 'aud_1');
    const first = { ...place, type: 'audit', event: "first's", changes: { a: { after: [1] } } };
    expect(await insert(deps.table, first)).toBe(true);
    expect(await insert(deps.table, { ...place, type: 'audit', event: 'forged' })).toBe(false);
    expect(await read(place)).toEqual(first);
  });

  it('wait in the outbox with their change, and leave it once they stand in the audit', async () => {
    const { deps, allOf, audit } = await aTenant();
    await deps.table.transact([entry(deps, happened)]);
    expect(await allOf(outboxPartitions)).toMatchObject([{ type: 'entry', entry: happened }]);
    expect(await audit()).toMatchObject([happened]);
    expect(await allOf(outboxPartitions)).toEqual([]);
  });

  it('stand once when they are delivered twice, also at the same moment, and by a worker that died before it took them out', async () => {
    const { deps, allOf, audit } = await aTenant();
    const write = entry(deps, happened);
    await deps.table.transact([write]);
    const [item] = await allOf(outboxPartitions);
    const waiting = waitingEntry().parse(item);
    await Promise.all(Array.from({ length: 20 }, () => keep(deps, waiting)));
    await deps.table.transact([write]);
    expect(await audit()).toHaveLength(1);
    expect(await allOf(outboxPartitions)).toEqual([]);
  });

  it('that nobody delivered are woken by the sweep, and none is lost', async () => {
    const { deps, allOf, react, advance } = await aTenant();
    await deps.table.transact([entry(deps, happened)]);
    advance(180);
    expect(await react('expire-tokens', {})).toMatchObject({ woken: 1 });
    expect(await allOf(outboxPartitions)).toMatchObject([{ type: 'entry', wokenAt: deps.now() }]);
  });

  it('have one place in the code that writes them', () => {
    const sources = ['packages', 'functions'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `${folder}/${file}`),
    );
    const writing = sources.filter((file) => readFileSync(file, 'utf8').includes('auditKey('));
    expect(writing).toEqual(['packages/domain/audit/keep.ts']);
  });

  it('are kept as long as the settings say', async () => {
    const tenant = await aTenant({ auditDays: 30 });
    const { token } = await tenant.aSuperUser();
    await tenant.call('sign-out', { token });
    const [first] = await tenant.audit();
    expect(first?.ttl).toBe(Math.ceil((first?.at as number) / 1000) + 30 * 86_400);
  });
});
