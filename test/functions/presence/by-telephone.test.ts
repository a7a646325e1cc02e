import { limitItem } from '#domain/limits/limits.ts';
import { pinGuesses, pinGuessesOfNetwork } from '#domain/presence/limits.ts';
import type { User } from '#domain/users/user.ts';
import { userKeys } from '#table/keys.ts';
import { update } from '#table/write.ts';
import { aSession, tally } from '#test/functions/me/a-session.ts';
import { entriesAbout } from '#test/functions/users/people.ts';
import { deactivate, finishJobs, remove } from '#test/setup/leaving.ts';
import { aFloor, type Floor } from './a-floor.ts';

let here: Floor;
let sales: string;
let support: string;
let chat: string;
/** Rights that name these three queues. */
let rights: string;
beforeAll(async () => {
  here = await aFloor();
  [sales, support, chat] = [await here.people.queue(), await here.people.queue(), await here.people.queue('chat')];
  rights = await here.people.rights({ queues: [sales, support, chat] });
});

let numbers = 1000;
const pin = '4093';

/** Somebody with a numeric ID, taken as a save takes it, and a PIN. */
async function withPin(values: Partial<User> = {}, given = pin) {
  const user = await here.tenant.aUser({ access: 'acc_agent', rights, ...values });
  const numericId = String(++numbers);
  const saved = await here.people.change(user.id, { numericId });
  if (saved.status !== 200) throw new Error(JSON.stringify(saved.body));
  const token = await aSession(here.tenant, user);
  const set = await here.tenant.call('set-my-pin', { token, body: { pin: given } });
  if (set.status !== 204) throw new Error(JSON.stringify(set.body));
  return { user, token, numericId };
}

describe('S3-5 logging on to queues by telephone', () => {
  it('is to all queues for calls that the user’s rights name, without a session, and off again', async () => {
    const { user, token, numericId } = await withPin();
    await here.tenant.call('sign-out', { token });
    const on = await here.dial(numericId, pin);
    expect(on).toMatchObject({ status: 200, body: { user: { id: user.id, title: user.title }, readiness: 'ready' } });
    expect(on.body.queues.sort()).toEqual([sales, support].sort());
    expect(await here.presence(user.id)).toMatchObject({ signedIn: false, readiness: 'ready' });
    expect(await here.dial(numericId, pin, 'log-off')).toMatchObject({ body: { queues: [], readiness: 'logged-off' } });
    expect(await here.queues(user.id)).toEqual({ queues: [], readiness: 'logged-off' });
    const entries = await entriesAbout(here.tenant, user.id, 'queue-log-on.changed');
    expect(entries).toHaveLength(2);
    expect(JSON.stringify(entries)).not.toContain(pin);
  });

  it('of who may work with all queues is to all that there are for calls', async () => {
    const { numericId } = await withPin({ rights: 'rgt_everything' });
    const { body } = await here.dial(numericId, pin);
    expect(body.queues).toEqual(expect.arrayContaining([sales, support]));
    expect(body.queues).not.toContain(chat);
  });

  it('leaves queues of other channels, which the platform has said', async () => {
    const { user, numericId } = await withPin();
    await here.logOn(user.id, chat);
    expect((await here.dial(numericId, pin)).body.queues.sort()).toEqual([sales, support, chat].sort());
  });

  it('makes ready and unready, of who is logged on', async () => {
    const { user, numericId } = await withPin();
    expect(await here.dial(numericId, pin, 'unready')).toMatchObject({ status: 409, body: { code: 'not_logged_on' } });
    expect(await here.dial(numericId, pin, 'ready')).toMatchObject({ status: 409, body: { code: 'not_logged_on' } });
    await here.dial(numericId, pin);
    expect(await here.dial(numericId, pin, 'unready')).toMatchObject({ body: { readiness: 'unready' } });
    expect(await here.presence(user.id)).toMatchObject({ readiness: 'unready' });
    expect(await here.dial(numericId, pin, 'ready')).toMatchObject({ body: { readiness: 'ready' } });
  });

  it('is refused for who has no queue to log on to', async () => {
    for (const without of ['rgt_own', await here.people.rights({ queues: [chat] })]) {
      const { numericId } = await withPin({ rights: without });
      expect(await here.dial(numericId, pin)).toMatchObject({
        status: 409,
        body: { code: 'no_queues', rule: 'S3-5', remedy: expect.stringContaining('administrator') },
      });
    }
  });

  it('S1-21 C7 neither makes unready nor logs off whose login is static', async () => {
    const { numericId } = await withPin({ staticLogin: true });
    await here.dial(numericId, pin);
    for (const what of ['unready', 'log-off']) {
      expect(await here.dial(numericId, pin, what)).toMatchObject({ status: 409, body: { code: 'static_login' } });
    }
    expect(await here.dial(numericId, pin, 'ready')).toMatchObject({ body: { readiness: 'ready' } });
  });

  it('is for programs that may: not for people, whatever they hold, nor for tokens without the permission', async () => {
    const body = { numericId: '1', pin: '1234', do: 'log-on' };
    expect(await here.tenant.call('log-on-by-telephone', { token: here.root, body })).toMatchObject({
      status: 403,
      body: { code: 'token_needed' },
    });
    const user = await here.tenant.aUser({ userType: 'api', access: 'acc_agent', rights: 'rgt_everything' });
    const params = { userId: user.id };
    const made = await here.tenant.call('create-token', { token: here.root, params, body: { title: 'T' } });
    const { status, body: refusal } = await here.tenant.call('log-on-by-telephone', { token: made.body.value, body });
    expect([status, refusal.code]).toEqual([403, 'not_permitted']);
  });

  it.each([
    ['a numeric ID that is none', { numericId: '012' }],
    ['letters in the PIN', { pin: '12a4' }],
    ['thirteen digits', { pin: '1'.repeat(13) }],
    ['another thing to do', { do: 'sing' }],
  ])('is refused with %s', async (_, more) => {
    const body = { numericId: '1', pin: '1234', do: 'log-on', ...more };
    expect(await here.tenant.call('log-on-by-telephone', { token: here.token, body })).toMatchObject({ status: 422 });
  });
});

describe('S3-5 K14 whatever is wrong, there is one answer', () => {
  it('for an unknown ID, no PIN, a wrong one, one taken away, the wrong type, who is deactivated or deleted', async () => {
    const [wrongPin, removed, gone, deleted, late] = [
      await withPin(),
      await withPin(),
      await withPin(),
      await withPin(),
      await withPin(),
    ];
    const noPin = await here.tenant.aUser({ rights });
    await here.people.change(noPin.id, { numericId: '777' });
    await here.tenant.call('remove-my-pin', { token: removed.token });
    await deactivate(here.tenant, here.root, gone.user.id);
    await remove(here.tenant, here.root, deleted.user.id);
    const office = await withPin();
    const asOffice = { set: { userType: 'back-office' } };
    await here.tenant.deps.table.write(update(userKeys.user(office.user.id), asOffice));
    const ended = { activeUntil: new Date(here.tenant.deps.now() + 1000).toISOString() };
    await here.people.change(late.user.id, ended);
    here.tenant.advance(2);
    const answers = [
      await here.dial('999999', pin),
      await here.dial('777', pin),
      await here.dial(wrongPin.numericId, '9999'),
      await here.dial(removed.numericId, pin),
      await here.dial(gone.numericId, pin),
      await here.dial(deleted.numericId, pin),
      await here.dial(office.numericId, pin),
      await here.dial(late.numericId, pin),
    ];
    const bare = answers.map(({ status, body: { instance: _instance, ...body } }) => ({ status, body }));
    expect(bare[0]).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
    for (const each of bare) expect(each).toEqual(bare[0]);
    // The same number of failures each, too: that of an unknown ID as well.
    for (const numericId of ['999999', '777', wrongPin.numericId]) {
      await here.dial(numericId, '9998');
      await here.dial(numericId, '9997');
      expect(await here.dial(numericId, pin)).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
    }
  });

  it('and what is the numeric ID is no PIN, whichever came first', async () => {
    const { user, numericId } = await withPin({}, '7788');
    expect(numericId).not.toBe('7788');
    expect(await here.people.change(user.id, { numericId: '7788' })).toMatchObject({ status: 200 });
    expect(await here.dial('7788', '7788')).toMatchObject({ status: 401 });
  });
});

describe('S3-5 guessing a PIN ends', () => {
  it('after five wrong ones an hour, with waits before; then the right one does not open either', async () => {
    const { user, numericId } = await withPin();
    const guess = (given: string) => here.dial(numericId, given);
    const codes: string[] = [];
    for (let n = 0; n < 12; n++) {
      codes.push((await guess(`55${n + 10}`)).body.code);
      here.tenant.advance(150);
    }
    expect(codes.filter((code) => code === 'invalid_credentials')).toHaveLength(5);
    const refused = await guess(pin);
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    const by = { token: here.root, params: { userId: user.id } };
    expect((await here.tenant.call('get-user-locks', by)).body.locks).toMatchObject([
      { what: 'wrong PINs by telephone', count: 5, blocked: true },
    ]);
    expect(await here.tenant.call('lift-user-locks', { ...by, body: {} })).toMatchObject({ status: 204 });
    expect(await guess(pin)).toMatchObject({ status: 200 });
  });

  it('of 200 at once, the right one among them or not, none comes past the limit', async () => {
    for (const [count, right] of [
      [200, undefined],
      [20, 19],
    ]) {
      const { user, numericId } = await withPin();
      const guesses = Array.from({ length: count as number }, (_, n) => (n === right ? pin : String(5000 + n)));
      const answers = await Promise.all(
        guesses.map((guess, n) => here.dial(numericId, guess, 'log-on', `203.0.113.${n}`)),
      );
      const counts = tally(answers);
      const { max } = pinGuesses(user.id);
      expect(counts.invalid_credentials ?? 0).toBeLessThanOrEqual(max);
      const told = (counts.invalid_credentials ?? 0) + (counts['200'] ?? 0);
      expect(told).toBeLessThanOrEqual(max + 1);
      expect((counts.too_many_attempts ?? 0) + (counts.try_again ?? 0)).toBe(guesses.length - told);
      const kept = limitItem().parse(await here.tenant.read(pinGuesses(user.id).key));
      expect(kept.count).toBe(counts.invalid_credentials);
      expect(kept.count).toBeLessThanOrEqual(max);
    }
  }, 240_000);

  it('a right one that is refused for something else is not told past the limit, either', async () => {
    const { numericId } = await withPin({ rights: 'rgt_own' });
    for (let n = 0; n < 3; n++) await here.dial(numericId, `66${n + 10}`);
    expect(await here.dial(numericId, pin)).toMatchObject({ status: 429 });
  });

  it('over all users of one network, apart from sign-ins', async () => {
    const ip = '192.0.2.77';
    const limit = pinGuessesOfNetwork(ip);
    const { numericId, user } = await withPin();
    await here.dial(numericId, '9876', 'log-on', ip);
    const before = limitItem().parse(await here.tenant.read(limit.key));
    expect(before.count).toBe(1);
    await here.tenant.deps.table.write(update(limit.key, { set: { count: limit.max } }));
    const other = await withPin();
    expect(await here.dial(other.numericId, pin, 'log-on', ip)).toMatchObject({ status: 429 });
    expect(await here.dial(other.numericId, pin)).toMatchObject({ status: 200 });
    const { password } = await import('#test/setup/tenant.ts');
    const signIn = await here.tenant.call('sign-in', { body: { login: user.login, password }, ip });
    expect(signIn).toMatchObject({ status: 200 });
  });
});

describe('S3-5 the PIN', () => {
  const set = (token: string, given: string) => here.tenant.call('set-my-pin', { token, body: { pin: given } });
  const hasPin = async (token: string) => (await here.tenant.call('get-my-telephony', { token })).body.hasPin;

  it('is kept as a hash alone, and in no entry', async () => {
    const { user, token } = await withPin({}, '40931875');
    expect(await hasPin(token)).toBe(true);
    const kept = await here.tenant.read(userKeys.pin(user.id));
    expect(kept?.phc).toMatch(/^\$argon2id\$/);
    expect(JSON.stringify([kept, await here.tenant.audit()])).not.toContain('40931875');
    expect(await entriesAbout(here.tenant, user.id, 'telephone-pin.set')).toHaveLength(1);
  });

  it('is set soon after proving who one is, by a session alone', async () => {
    const { token, numericId } = await withPin();
    here.tenant.advance(301);
    expect(await set(token, '8520')).toMatchObject({ status: 403, body: { code: 'reauthentication_needed' } });
    expect(await here.dial(numericId, pin)).toMatchObject({ status: 200 });
    const { password } = await import('#test/setup/tenant.ts');
    await here.tenant.call('reauthenticate', { token, body: { password } });
    expect(await set(token, '8520')).toMatchObject({ status: 204 });
    expect(await here.dial(numericId, '8520')).toMatchObject({ status: 200 });
    expect(await here.dial(numericId, pin)).toMatchObject({ status: 401 });
  });

  it.each(['123', '123456789', '1234', '8765', '4444', '121212', '12a4', ''])('is not %s', async (given) => {
    const { token } = await here.agent();
    const { status, body } = await set(token, given);
    expect([status, body.errors[0].pointer]).toEqual([422, '/body/pin']);
  });

  it('is not the numeric ID', async () => {
    const { user } = await here.agent();
    await here.people.change(user.id, { numericId: '6071' });
    const token = await aSession(here.tenant, user);
    for (const given of ['6071', '06071']) {
      expect(await set(token, given)).toMatchObject({ status: 422, body: { rule: 'S3-5', because: 'numericId' } });
    }
  });

  it('is for who is in queues', async () => {
    const office = await here.agent({ userType: 'back-office' });
    expect(await set(office.token, '4093')).toMatchObject({ status: 409, body: { code: 'wrong_type' } });
    expect(await here.tenant.call('remove-my-pin', { token: office.token })).toMatchObject({ status: 409 });
  });

  it('is taken away by its owner or by an administrator who reaches them, and by nobody else', async () => {
    const [one, two] = [await withPin(), await withPin()];
    expect(await here.tenant.call('remove-my-pin', { token: one.token })).toMatchObject({ status: 204 });
    expect([await hasPin(one.token), await hasPin(two.token)]).toEqual([false, true]);
    const params = { userId: two.user.id };
    const weak = await here.people.person(['users:change'], { rights });
    expect(await here.tenant.call('remove-pin', { token: weak.token, params })).toMatchObject({ status: 404 });
    const root = { userId: here.people.root.user.id };
    const admin = await here.people.person(['users:change']);
    const outranked = await here.tenant.call('remove-pin', { token: admin.token, params: root });
    expect(outranked).toMatchObject({ status: 403, body: { code: 'outranked' } });
    expect(await here.tenant.call('remove-pin', { token: here.root, params })).toMatchObject({ status: 204 });
    expect(await hasPin(two.token)).toBe(false);
    expect(await here.dial(two.numericId, pin)).toMatchObject({ status: 401 });
    expect(await entriesAbout(here.tenant, two.user.id, 'telephone-pin.removed')).toHaveLength(1);
  });

  it('C14 goes with a deleted user, sealed, and comes back with them', async () => {
    const { user, numericId } = await withPin();
    await remove(here.tenant, here.root, user.id);
    await finishJobs(here.tenant);
    expect(await here.tenant.read(userKeys.pin(user.id))).toBeUndefined();
    const params = { userId: user.id };
    const restored = await here.tenant.call('restore-deleted-user', { token: here.root, params, body: {} });
    expect(restored).toMatchObject({ status: 200 });
    expect(await here.dial(numericId, pin)).toMatchObject({ status: 200 });
  });
});
