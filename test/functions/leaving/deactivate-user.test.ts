import { userKeys } from '#table/keys.ts';
import { entriesAbout } from '#test/functions/users/people.ts';
import { aPlatform } from '#test/functions/work/a-platform.ts';
import * as leaving from '#test/setup/leaving.ts';
import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  token = (await tenant.aSuperUser()).token;
});

const deactivate = (userId: string) => leaving.deactivate(tenant, token, userId);
const atOnce = (userId: string) => tenant.call('deactivate-user', { token, params: { userId }, body: {} });

describe('S0-54 S0-55 I5 deactivating', () => {
  it('keeps the user, visible and whole', async () => {
    const user = await tenant.aUser();
    expect(await deactivate(user.id)).toMatchObject({
      status: 200,
      body: { state: 'deactivated', title: user.title, version: 2 },
    });
    expect(await tenant.call('get-user', { token, params: { userId: user.id } })).toMatchObject({
      body: { state: 'deactivated' },
    });
  });

  it('ends everything of the user with the next request: sessions, sign-in, reset', async () => {
    const user = await tenant.aUser();
    const session = await tenant.signIn(user.login);
    await deactivate(user.id);
    expect(await tenant.call('get-me', { token: session })).toMatchObject({ status: 401 });
    expect(await tenant.call('sign-in', { body: { login: user.login, password } })).toMatchObject({ status: 401 });
    await tenant.call('request-password-reset', { body: { login: user.login } });
    expect((await tenant.mails()).filter(({ to }) => to === user.authEmail)).toEqual([]);
  });

  it('lets no request succeed that starts after the answer, while 20 callers hammer', async () => {
    const user = await tenant.aUser();
    const session = await tenant.signIn(user.login);
    let done = Number.POSITIVE_INFINITY;
    const early: number[] = [];
    const late: number[] = [];
    const caller = async () => {
      while (late.length < 100) {
        const isLate = performance.now() > done;
        const { status } = await tenant.call('get-me', { token: session });
        (isLate ? late : early).push(status);
      }
    };
    const callers = Array.from({ length: 20 }, caller);
    expect(await deactivate(user.id)).toMatchObject({ status: 200 });
    done = performance.now();
    await Promise.all(callers);
    expect(early).toContain(200);
    expect(new Set(late)).toEqual(new Set([401]));
  });

  it('takes the items of the sessions away in chunks, each job step once', async () => {
    const user = await tenant.aUser();
    for (let n = 0; n < 3; n++) await tenant.signIn(user.login);
    await deactivate(user.id);
    const job = (await tenant.jobs()).find(({ facts }) => (facts as { userId?: string }).userId === user.id);
    const record = { dynamodb: { Keys: { pk: { S: job?.pk }, sk: { S: 'JOB' } }, SequenceNumber: '1' } };
    // At-least-once: the same wake-up twice, and at the same time.
    await Promise.all([
      tenant.react('run-jobs', { Records: [record] }),
      tenant.react('run-jobs', { Records: [record] }),
    ]);
    const items = await tenant.allOf([userKeys.partition(user.id)]);
    expect(items.filter(({ type }) => type === 'session')).toEqual([]);
    expect(await tenant.read({ pk: job?.pk as string, sk: 'JOB' })).toMatchObject({ state: 'done', done: 3 });
  });

  it('is refused for who is deactivated, and for who is not there', async () => {
    const user = await tenant.aUser();
    await deactivate(user.id);
    expect(await atOnce(user.id)).toMatchObject({ status: 409, body: { code: 'already_deactivated' } });
    expect(await atOnce('usr_000000000000000000000000')).toMatchObject({ status: 404 });
  });

  it('happens once for 100 parallel requests, with one audit entry', async () => {
    const user = await tenant.aUser();
    await tenant.signIn(user.login);
    const { preview } = await leaving.impact(tenant, token, user.id);
    const body = { preview: preview.deactivate };
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => tenant.call('deactivate-user', { token, params: { userId: user.id }, body })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body: refusal } of answers.filter(({ status }) => status !== 200)) {
      expect([409, 503]).toContain(status);
      if (status === 409) expect(refusal.code).toBe('already_deactivated');
    }
    const entries = (await tenant.audit()).filter(
      ({ event, subject }) => event === 'user.deactivated' && (subject as { id: string }).id === user.id,
    );
    expect(entries).toHaveLength(1);
  });
});

describe('K11 signing a user out', () => {
  it('ends all sessions and leaves the user as they are', async () => {
    const user = await tenant.aUser();
    const sessions = [await tenant.signIn(user.login), await tenant.signIn(user.login)];
    expect(await tenant.call('sign-out-user', { token, params: { userId: user.id } })).toMatchObject({ status: 204 });
    for (const session of sessions)
      expect(await tenant.call('get-me', { token: session })).toMatchObject({ status: 401 });
    expect(await tenant.signIn(user.login)).toMatch(/^rses_/);
    expect(
      await tenant.call('sign-out-user', { token, params: { userId: 'usr_000000000000000000000000' } }),
    ).toMatchObject({ status: 404 });
  });
});

describe('S0-54 S4-10 I5 the sweep of active dates', () => {
  it('deactivates as an administrator would: sessions, tokens and work are dead on the next request', async () => {
    const at = await aPlatform();
    const user = await at.tenant.aUser({ activeUntil: at.tenant.deps.now() + 600_000 });
    const session = await at.tenant.signIn(user.login);
    const made = await at.tenant.call('create-token', {
      token: at.root,
      params: { userId: user.id },
      body: { title: 'CRM' },
    });
    await at.activity('swept', user.id);
    await at.logOn(user.id, 'Sales');
    expect(await at.tenant.react('expire-tokens', {})).toMatchObject({ deactivated: 0 });
    at.tenant.advance(600);
    for (const dead of [session, made.body.value]) {
      expect(await at.tenant.call('get-me', { token: dead })).toMatchObject({ status: 401 });
    }
    expect(await at.tenant.react('expire-tokens', {})).toMatchObject({ deactivated: 1 });
    expect(await at.people.now(user.id)).toMatchObject({ state: 'deactivated' });
    expect(await at.activities(user.id)).toEqual({ activities: [], total: 0 });
    expect(await at.queues(user.id)).toEqual({ queues: [], readiness: 'logged-off' });
    const [entry] = await entriesAbout(at.tenant, user.id, 'user.deactivated');
    expect(entry).toMatchObject({ actor: 'system', changes: { receipt: { after: { activitiesClosed: 1 } } } });
  });
});
