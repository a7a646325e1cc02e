import { advance, begin, type Kind } from '#domain/jobs/jobs.ts';
import { jobKey, userKeys } from '#table/keys.ts';
import { put, update } from '#table/write.ts';
import { aTenant } from '#test/setup/tenant.ts';

describe('a job', () => {
  it('goes on chunk by chunk, counts what it did and ends', async () => {
    const tenant = await aTenant();
    const { token } = await tenant.aSuperUser();
    const user = await tenant.aUser();
    const session = {
      type: 'session',
      v: 1,
      userId: user.id,
      secretHash: '',
      epoch: 1,
      createdAt: 0,
      provenAt: 0,
      lastSeenAt: 0,
      expiresAt: 0,
      idleMs: 0,
      amr: [],
      network: '',
      device: '',
    };
    for (let n = 0; n < 120; n++) {
      const id = `ses_${String(n).padStart(16, '0')}`;
      await tenant.deps.table.write(put({ ...session, id, ...userKeys.session(user.id, id) }));
    }
    await tenant.call('sign-out-user', { token, params: { userId: user.id } });
    const [job] = await tenant.jobs();
    const key = { pk: job?.pk as string, sk: 'JOB' };
    const step = () =>
      tenant.react('run-jobs', {
        Records: [{ dynamodb: { Keys: { pk: { S: key.pk }, sk: { S: 'JOB' } }, SequenceNumber: '1' } }],
      });
    const progress: unknown[] = [];
    for (let n = 0; n < 5; n++) {
      await step();
      const now = await tenant.read(key);
      progress.push([now?.state, now?.done]);
    }
    expect(progress.slice(0, 3)).toEqual([
      ['running', 50],
      ['running', 100],
      ['done', 120],
    ]);
    expect(progress[4]).toEqual(['done', 120]);
  });

  it('I2 is never forgotten while it runs, however long it stands still, and for a week when it is done', async () => {
    const tenant = await aTenant();
    const { deps } = tenant;
    const { id, write } = begin(deps, { kind: 'slow', facts: {} });
    await deps.table.transact([write]);
    const ttl = async () => (await tenant.read(jobKey(id)))?.ttl;
    const turn = (isLast: boolean) => {
      const slow: Kind = async () => ({ writes: [], done: 1, isLast });
      return advance(deps, id, { slow });
    };
    const seen = [await ttl()];
    await turn(false);
    seen.push(await ttl());
    // As one that was begun by an older version.
    await deps.table.write(update(jobKey(id), { set: { ttl: deps.now() / 1000 + 60 } }));
    tenant.advance(8 * 86_400);
    expect(await tenant.react('expire-tokens', {})).toMatchObject({ jobs: 1 });
    seen.push(await ttl());
    expect(seen).toEqual([undefined, undefined, undefined]);
    await turn(true);
    expect(await ttl()).toBe(deps.now() / 1000 + 7 * 86_400);
  });
});
