import type { OperationId } from '#contract/operations.ts';
import type { User } from '#domain/users/user.ts';
import { claimKey, deletedKey, deletedPartsPartition, userKeys } from '#table/keys.ts';
import { Table } from '#table/table.ts';
import { type Item, put } from '#table/write.ts';
import { entriesAbout, ifMatch } from '#test/functions/users/people.ts';
import { aPlatform, type Platform } from '#test/functions/work/a-platform.ts';
import { finishJobs, impact, remove as removeIn } from '#test/setup/leaving.ts';
import { aTenant, password } from '#test/setup/tenant.ts';

const DAY = 86_400;

let here: Platform;
let count = 0;
beforeAll(async () => {
  here = await aPlatform();
});

const remove = (userId: string, at = here) => removeIn(at.tenant, at.root, userId);
const restore = (userId: string, body: object = {}, at = here) =>
  at.tenant.call('restore-deleted-user', { token: at.root, params: { userId }, body });
const made = async (id: OperationId, body: object, at = here): Promise<string> => {
  const answer = await at.tenant.call(id, { token: at.root, body: { name: `Record ${++count}`, ...body } });
  if (answer.status !== 201) throw new Error(`${id} answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.id;
};

/** Deletes a record at its first version. */
const dropped = (id: OperationId, params: Record<string, string>) =>
  here.tenant.call(id, { token: here.root, params, headers: ifMatch(1) });

/** The process dies instead of writing its nth transaction from now on, and all after it. */
async function killedAt<T>(nth: number, run: () => Promise<T>): Promise<T> {
  const { transact } = Table.prototype;
  let left = nth;
  Table.prototype.transact = async function (writes) {
    if (--left <= 0) throw new Error('killed');
    return transact.call(this, writes);
  };
  try {
    return await run();
  } finally {
    Table.prototype.transact = transact;
  }
}

/** Somebody with all that a user can have. */
async function aWholeUser(at = here) {
  const { tenant, root: token } = at;
  const [group, skill, other, tag, userGroup] = [
    await made('create-group', {}, at),
    await made('create-skill', {}, at),
    await made('create-skill', {}, at),
    await made('create-tag', {}, at),
    await made('create-user-group', {}, at),
  ];
  const number = String(300 + ++count);
  const answer = await tenant.call('create-user', {
    token,
    body: {
      title: `Jana Nováková ${number}`,
      emoji: '🌻',
      login: `jana-${number}`,
      type: 'contact-center',
      authEmail: `jana-${number}@example.com`,
      mobile: `+420601000${number}`,
      secondFactor: 'authenticator-optional',
      access: 'acc_agent',
      rights: 'rgt_own',
      roles: ['rol_auditor'],
      numericId: number,
      extension: number,
      recording: 'after-bridged',
      alias: 'Jana',
      description: 'Notes',
      steeringKeyWords: ['invoices'],
      calDavToken: 'a-secret-of-a-calendar',
      wrapUpSeconds: 60,
      userGroup,
      groups: [group],
      skills: [{ skill, level: 7 }],
      tags: [tag],
    },
  });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  const params = { userId: answer.body.id as string };
  const link = (await tenant.mails()).findLast(({ to }) => to === answer.body.authEmail)?.data.link as string;
  const accepted = await tenant.call('accept-invite', { body: { token: link.split('#')[1], password } });
  expect(accepted.status).toBeLessThan(300);
  const apiToken = await tenant.call('create-token', {
    token,
    params,
    body: { title: 'CRM integration', extendWithUse: true },
  });
  const sha256 = `${count}`.padStart(64, 'a');
  await tenant.call('import-token', { token, params, body: { title: 'Old', sha256 } });
  const profile = {
    name: 'Mornings',
    skills: [
      { skill, level: 3 },
      { skill: other, level: 1 },
    ],
  };
  expect(await tenant.call('create-personal-profile', { token, params, body: profile })).toMatchObject({ status: 201 });
  const { version } = await at.people.now(params.userId);
  const headers = { 'if-match': `"${version}"` };
  const signature = { signature: '<p>Kind regards</p>' };
  expect((await tenant.call('set-user-signature', { token, params, headers, body: signature })).status).toBeLessThan(
    300,
  );
  const bytes = Uint8Array.from({ length: 1000 }, (_, n) => n % 256);
  const picture = { type: 'picture', v: 1, image: { id: 'upl_1', type: 'image/png', bytes, at: 1 } };
  const codes = { type: 'recovery-codes', v: 1, fingerprints: new Set(['k.one', 'k.two']), madeAt: 1 };
  const authenticator = { type: 'authenticator', v: 1, key: 'sealed', lastStep: 1, setUpAt: 1 };
  const keys = userKeys;
  for (const [key, item] of [
    [keys.picture(params.userId), picture],
    [keys.recoveryCodes(params.userId), codes],
    [keys.authenticator(params.userId), authenticator],
  ] as const) {
    await tenant.deps.table.write(put({ ...key, ...item }));
  }
  return {
    id: params.userId,
    login: answer.body.login as string,
    apiToken: apiToken.body.value,
    records: { group, skill, other, tag, userGroup },
    number,
    sha256,
  };
}

/** All of a user: what operations show, and every item but those that end with a session. */
async function exportOf(userId: string, at = here) {
  const { tenant, root: token } = at;
  const params = { userId };
  const shown = await Promise.all(
    (
      ['get-user', 'list-tokens', 'get-user-permissions', 'get-effective-settings', 'list-profiles-of-user'] as const
    ).map(async (id) => (await tenant.call(id, { token, params })).body),
  );
  const items = await tenant.allOf([userKeys.partition(userId)]);
  const claims = await Promise.all(
    [`jana-${shown[0].numericId}`, shown[0].authEmail].map((name) => tenant.read(claimKey('sign-in-name', name))),
  );
  const passing = ['session', 'limit', 'reset', 'work'];
  return { shown, claims, items: items.filter(({ type }) => !passing.includes(type as string)).map(comparable) };
}

/** The version moves on, so that nobody saves what they read before; the epoch, so that sessions stay dead. */
function comparable({ version: _v, epoch: _e, updatedAt: _u, writeId: _w, ...item }: Item) {
  return item.type === 'user' ? item : { ...item, version: _v };
}

const timeless = (text: unknown) =>
  JSON.parse(JSON.stringify(text, (name, value) => (['version', 'updatedAt'].includes(name) ? undefined : value)));

describe('S0-55 C14 deleting', () => {
  it('takes the user from every list, search and answer at once', async () => {
    const { id, apiToken, login } = await aWholeUser();
    const session = (await here.tenant.call('sign-in', { body: { login, password } })).body.next;
    expect(await remove(id)).toMatchObject({
      status: 200,
      body: { receipt: { tokensStopped: 2 }, restorableUntil: '2026-04-01T08:00:00.000Z' },
    });
    const params = { userId: id };
    for (const operation of ['get-user', 'list-tokens', 'get-user-permissions', 'get-removal-impact'] as const) {
      expect(await here.tenant.call(operation, { token: here.root, params })).toMatchObject({ status: 404 });
    }
    const listed = await here.tenant.call('list-users', { token: here.root });
    expect(listed.body.users.map((user: User) => user.id)).not.toContain(id);
    expect(await here.tenant.call('get-me', { token: apiToken })).toMatchObject({ status: 401 });
    expect(await here.tenant.call('sign-in', { body: { login, password } })).toMatchObject({
      status: 401,
      body: { code: 'invalid_credentials' },
    });
    expect(session.step).toBe('authenticator-code');
    const answer = { challenge: session.challenge, code: '123456' };
    expect(await here.tenant.call('verify-code', { body: answer })).toMatchObject({ status: 401 });
    await here.tenant.call('request-password-reset', { body: { login } });
    expect((await here.tenant.mails()).filter(({ template }) => template === 'password-reset')).toEqual([]);
    expect(await remove(id)).toMatchObject({ status: 404, body: { code: 'user_not_found' } });
  });

  it('leaves nothing in clear that tells who they were, once the cleaning up is done', async () => {
    const { id, login } = await aWholeUser();
    await here.activity(`of-${id}`, id);
    await remove(id);
    await finishJobs(here.tenant);
    expect(await here.tenant.allOf([userKeys.partition(id)])).toEqual([]);
    const copy = await here.tenant.allOf([deletedPartsPartition(id)]);
    expect(copy.length).toBeGreaterThan(1);
    const record = await here.tenant.read(deletedKey(id));
    expect(JSON.stringify([copy, record])).not.toMatch(new RegExp(`Jana|${login}|CRM integration|regards|argon2`));
    expect(await here.tenant.read({ pk: `WORK#activity#of-${id}`, sk: 'WORK' })).toBeUndefined();
  });

  it('gives back what others may have: records that nobody else has can be deleted, numbers rest, a mobile number is free', async () => {
    const { id, records, number } = await aWholeUser();
    const drop = (groupId: string) => dropped('delete-group', { groupId });
    expect(await drop(records.group)).toMatchObject({ status: 409, body: { code: 'record_in_use' } });
    await remove(id);
    await finishJobs(here.tenant);
    expect(await drop(records.group)).toMatchObject({ status: 204 });
    const user = await here.tenant.aUser();
    expect(await here.people.change(user.id, { numericId: number })).toMatchObject({
      status: 409,
      body: { code: 'number_taken', detail: expect.stringContaining('rests until') },
    });
    expect(await here.people.change(user.id, { mobile: `+420601000${number}` })).toMatchObject({ status: 200 });
  });

  it('K9 keeps the login and the address taken while the user can be restored, and frees them with the purge', async () => {
    const at = await aPlatform();
    const { id, login } = await aWholeUser(at);
    await remove(id, at);
    const again = async () => {
      const { token } = await at.tenant.aSuperUser();
      const body = {
        title: 'Other',
        login,
        type: 'passive',
        authEmail: `${login}@example.com`,
        access: 'acc_agent',
        rights: 'rgt_own',
      };
      return at.tenant.call('create-user', { token, body });
    };
    expect(await again()).toMatchObject({ status: 409, body: { code: 'login_taken' } });
    at.tenant.advance(30 * DAY - 1);
    await at.tenant.react('expire-tokens', {});
    expect(await again()).toMatchObject({ status: 409, body: { code: 'login_taken' } });
    at.tenant.advance(1);
    await at.tenant.react('expire-tokens', {});
    expect(await again()).toMatchObject({ status: 201 });
  });

  it('C14 is for good where the settings keep nothing: names, tokens and items are gone', async () => {
    const at = await aPlatform({ deletedDays: 0 });
    const { id, login, sha256 } = await aWholeUser(at);
    const answer = await remove(id, at);
    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty('restorableUntil');
    await finishJobs(at.tenant);
    expect(await restore(id, {}, at)).toMatchObject({ status: 404, body: { code: 'deleted_user_not_found' } });
    expect(await at.tenant.allOf([userKeys.partition(id), deletedPartsPartition(id), 'DELETED'])).toEqual([]);
    expect(await at.tenant.read(claimKey('sign-in-name', login))).toBeUndefined();
    expect(await at.tenant.read(claimKey('token', sha256))).toBeUndefined();
  });

  it('the last active SuperUser is not deleted, and somebody who holds more is not either', async () => {
    const alone = await aTenant();
    const { user, token } = await alone.aSuperUser();
    const answer = await alone.call('delete-user', { token, params: { userId: user.id } });
    expect(answer).toMatchObject({ status: 409, body: { code: 'last_superuser' } });
    expect(await removeIn(alone, token, user.id)).toMatchObject({ status: 409, body: { code: 'last_superuser' } });
    const few = await here.people.person(['users:read', 'users:deactivate', 'users:delete']);
    const boss = await here.tenant.aUser({ superUser: true });
    expect(await removeIn(here.tenant, few.token, boss.id)).toMatchObject({ status: 403, body: { code: 'outranked' } });
  });

  it('of two at once exactly one happens; with a change at the same moment as well', async () => {
    for (let round = 0; round < 10; round++) {
      const user = await here.tenant.aUser();
      const [first, second, change] = await Promise.all([
        remove(user.id),
        remove(user.id),
        here.tenant.call('change-user', {
          token: here.root,
          params: { userId: user.id },
          headers: { 'if-match': '"1"' },
          body: { title: 'Changed' },
        }),
      ]);
      const gone = [first.status, second.status].filter((status) => status === 200).length;
      expect(gone).toBe(change.status === 200 && gone === 0 ? 0 : 1);
      expect([200, 404, 412]).toContain(change.status);
      expect(await entriesAbout(here.tenant, user.id, 'user.deleted')).toHaveLength(gone);
    }
  });

  it('killed before its one transaction it has done nothing; killed after it, the cleaning up goes on where it was', async () => {
    const { id } = await aWholeUser();
    const before = await exportOf(id);
    const { preview } = await impact(here.tenant, here.root, id);
    const request = { token: here.root, params: { userId: id }, query: { preview: preview.delete } };
    expect(await killedAt(1, () => here.tenant.call('delete-user', request))).toMatchObject({ status: 500 });
    expect(await exportOf(id)).toEqual(before);
    expect(await here.tenant.read(deletedKey(id))).toBeUndefined();
    expect(await here.tenant.call('delete-user', request)).toMatchObject({ status: 200 });
    for (let round = 1; round < 5; round++) await killedAt(round, () => finishJobs(here.tenant, 3));
    await finishJobs(here.tenant);
    expect(await here.tenant.allOf([userKeys.partition(id)])).toEqual([]);
    expect((await restore(id)).status).toBe(200);
    expect((await exportOf(id)).items).toEqual(before.items);
  });
});

describe('C14 restoring a deleted user', () => {
  it.each([
    ['after the cleaning up', true],
    ['before it', false],
  ])('%s brings back the same id with everything: an export before and after is equal', async (_, isCleared) => {
    const { id, login, apiToken } = await aWholeUser();
    const before = await exportOf(id);
    await remove(id);
    if (isCleared) await finishJobs(here.tenant);
    expect(await restore(id)).toMatchObject({ status: 200, body: { id, state: 'active', tokensWorking: 2 } });
    const after = await exportOf(id);
    expect(after.items).toEqual(before.items);
    expect(timeless(after)).toEqual(timeless(before));
    expect(await here.tenant.call('get-me', { token: apiToken })).toMatchObject({ status: 200 });
    const { body } = await here.tenant.call('sign-in', { body: { login, password } });
    expect(body.next.step).toBe('authenticator-code');
    await finishJobs(here.tenant);
    expect((await exportOf(id)).items.length).toBeGreaterThanOrEqual(before.items.length);
    expect(await here.tenant.allOf([deletedPartsPartition(id)])).toEqual([]);
  });

  it('leaves sessions of before dead, and a deactivated user deactivated', async () => {
    const user = await here.tenant.aUser();
    const session = await here.tenant.signIn(user.login);
    await remove(user.id);
    await restore(user.id);
    expect(await here.tenant.call('get-me', { token: session })).toMatchObject({ status: 401 });
    const off = await here.tenant.aUser({ state: 'deactivated' });
    await remove(off.id);
    expect(await restore(off.id)).toMatchObject({ status: 200, body: { state: 'deactivated' } });
  });

  it('puts the records’ counts back, those of personal profiles as well', async () => {
    const { id, records } = await aWholeUser();
    const countOf = async () => {
      const item = await here.tenant.read({ pk: 'RECORDS#skill', sk: `SKILL#${records.skill}` });
      return [item?.usedBy, item?.inPersonalProfiles];
    };
    expect(await countOf()).toEqual([1, 1]);
    await remove(id);
    expect(await countOf()).toEqual([0, 0]);
    await restore(id);
    expect(await countOf()).toEqual([1, 1]);
  });

  it('does so for more records than one transaction holds', async () => {
    const at = await aPlatform();
    const user = await at.tenant.aUser();
    const skills: string[] = [];
    for (let n = 0; n < 110; n++) skills.push(await made('create-skill', {}, at));
    const profiles = [{ id: 'prf_000000000001', name: 'All', skills: skills.map((skill) => ({ skill, level: 1 })) }];
    await at.tenant.deps.table.write(put({ ...userKeys.details(user.id), type: 'details', v: 1, profiles }));
    const counts = async (by?: number) => {
      const items = await at.tenant.allOf(['RECORDS#skill']);
      if (by !== undefined) {
        for (const { writeId: _, ...item } of items)
          await at.tenant.deps.table.write(put({ ...item, inPersonalProfiles: by } as Item));
      }
      return new Set(items.map(({ inPersonalProfiles }) => inPersonalProfiles));
    };
    await counts(1);
    expect((await remove(user.id, at)).status).toBe(200);
    await finishJobs(at.tenant);
    expect(await counts()).toEqual(new Set([0]));
    expect(await restore(user.id, {}, at)).toMatchObject({ status: 200 });
    expect(await counts()).toEqual(new Set([1]));
  });

  it('proposes the next free number where theirs is somebody else’s, and takes it, another or none', async () => {
    const at = await aPlatform({ numberQuarantineDays: 0 });
    const { id, number } = await aWholeUser(at);
    await remove(id, at);
    const other = await at.tenant.aUser();
    expect(await at.people.change(other.id, { numericId: number, extension: number })).toMatchObject({ status: 200 });
    const next = String(Number(number) + 1);
    const refused = await restore(id, {}, at);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'number_taken', proposal: { numericId: next, extension: next } },
    });
    expect(await at.tenant.read(userKeys.user(id))).toBeUndefined();
    expect(await restore(id, { ...refused.body.proposal, extension: null }, at)).toMatchObject({
      status: 200,
      body: { numericId: next, extension: 'dynamic' },
    });
  });

  it('is refused where the mobile number is somebody else’s, and takes another', async () => {
    const { id, number } = await aWholeUser();
    await remove(id);
    const other = await here.tenant.aUser();
    await here.people.change(other.id, { mobile: `+420601000${number}` });
    expect(await restore(id)).toMatchObject({ status: 409, body: { code: 'mobile_taken' } });
    expect(await restore(id, { mobile: `+420602000${number}` })).toMatchObject({
      status: 200,
      body: { mobile: `+420602000${number}` },
    });
  });

  it('names what was deleted meanwhile, and comes without it when that is said', async () => {
    const { id, records } = await aWholeUser();
    await remove(id);
    await finishJobs(here.tenant);
    const answers = [
      await dropped('delete-group', { groupId: records.group }),
      await dropped('delete-skill', { skillId: records.skill }),
      await dropped('delete-user-group', { userGroupId: records.userGroup }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
    const refused = await restore(id);
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'prerequisites_missing', remedy: expect.stringContaining('leaveOutMissing') },
    });
    expect([...refused.body.because].sort()).toEqual([records.group, records.skill, records.userGroup].sort());
    expect(await restore(id, { leaveOutMissing: true })).toMatchObject({
      status: 200,
      body: { groups: [], skills: [], tags: [records.tag], userGroup: 'ugr_default' },
    });
    const { body } = await here.tenant.call('list-profiles-of-user', { token: here.root, params: { userId: id } });
    expect(body.personal).toMatchObject([{ name: 'Mornings', skills: [{ skill: records.other, level: 1 }] }]);
  });

  it('needs another access where theirs is gone: nobody of the type is without', async () => {
    const access = await here.people.access('users:read');
    const user = await here.tenant.aUser({ access, rights: 'rgt_own' });
    await remove(user.id);
    expect(await dropped('delete-access', { accessId: access })).toMatchObject({ status: 204 });
    expect(await restore(user.id, { leaveOutMissing: true })).toMatchObject({
      status: 422,
      body: { code: 'prerequisites_missing', errors: [{ pointer: '/body/access' }] },
    });
    expect(await restore(user.id, { access: 'acc_nobody' })).toMatchObject({ status: 422 });
    expect(await restore(user.id, { access: 'acc_agent' })).toMatchObject({
      status: 200,
      body: { access: 'acc_agent' },
    });
  });

  it('happens once for ten at once, and with a deletion among them somebody is there or gone, never both', async () => {
    for (let round = 0; round < 2; round++) {
      const { id } = await aWholeUser();
      await remove(id);
      const answers = await Promise.all(Array.from({ length: 10 }, () => restore(id)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      for (const { status } of answers) expect([200, 404, 503]).toContain(status);
      const [gone, back] = await Promise.all([remove(id), restore(id)]);
      expect(gone.status).toBe(200);
      const [item, copy] = [await here.tenant.read(userKeys.user(id)), await here.tenant.read(deletedKey(id))];
      expect([item !== undefined, copy !== undefined]).toEqual(back.status === 200 ? [true, false] : [false, true]);
    }
  });

  it('killed at any of its transactions it can be repeated: until the last one nobody is there, then all of them', async () => {
    const { id } = await aWholeUser();
    const before = await exportOf(id);
    await remove(id);
    let kills = 0;
    for (; kills < 20; kills++) {
      const { status } = await killedAt(kills + 1, () => restore(id));
      if (status === 200) break;
      expect(status).toBe(500);
      expect(await here.tenant.read(userKeys.user(id))).toBeUndefined();
      expect(await here.tenant.call('get-user', { token: here.root, params: { userId: id } })).toMatchObject({
        status: 404,
      });
    }
    // The copy's completion, the return of its parts, and the last transaction.
    expect(kills).toBeGreaterThan(2);
    expect((await exportOf(id)).items).toEqual(before.items);
  });

  it('is undisturbed by the cleaning up that goes on beside it', async () => {
    for (let round = 0; round < 2; round++) {
      const { id } = await aWholeUser();
      const before = await exportOf(id);
      await remove(id);
      const [back] = await Promise.all([restore(id), finishJobs(here.tenant)]);
      expect(back.status).toBe(200);
      await finishJobs(here.tenant);
      expect((await exportOf(id)).items).toEqual(before.items);
    }
  });

  it('is over when the days are: the copy, tokens’ claims and all are gone', async () => {
    const at = await aPlatform();
    const { id, sha256 } = await aWholeUser(at);
    await remove(id, at);
    await finishJobs(at.tenant);
    at.tenant.advance(30 * DAY);
    const { token } = await at.tenant.aSuperUser();
    const again = () => at.tenant.call('restore-deleted-user', { token, params: { userId: id }, body: {} });
    expect(await again()).toMatchObject({ status: 404, body: { code: 'deleted_user_not_found' } });
    expect(await at.tenant.read(claimKey('token', sha256))).toBeDefined();
    expect(await at.tenant.react('expire-tokens', {})).toMatchObject({ purged: 1 });
    expect(await at.tenant.react('expire-tokens', {})).toMatchObject({ purged: 0 });
    await finishJobs(at.tenant);
    expect(await again()).toMatchObject({ status: 404 });
    expect(await at.tenant.allOf([userKeys.partition(id), deletedPartsPartition(id), 'DELETED'])).toEqual([]);
    expect(await at.tenant.read(claimKey('token', sha256))).toBeUndefined();
    expect(await entriesAbout(at.tenant, id, 'user.purged')).toHaveLength(1);
  });
});

describe('C14 deleted users', () => {
  it('are listed to SuperUsers, page by page, with who deleted them and until when they can be restored', async () => {
    const at = await aPlatform();
    const gone: string[] = [];
    for (let n = 0; n < 3; n++) {
      const user = await at.tenant.aUser({ title: `Gone ${n}` });
      await remove(user.id, at);
      gone.push(user.id);
    }
    const list = (query?: Record<string, string>, token = at.root) =>
      at.tenant.call('list-deleted-users', { token, ...(query && { query }) });
    const { body } = await list();
    expect(body.deletedUsers.map(({ id }: { id: string }) => id).sort()).toEqual(gone.sort());
    expect(body.deletedUsers[0]).toEqual({
      id: expect.any(String),
      title: expect.stringMatching(/^Gone/),
      login: expect.stringMatching(/^agent-/),
      deletedAt: '2026-03-02T08:00:00.000Z',
      deletedBy: at.people.root.user.id,
      restorableUntil: '2026-04-01T08:00:00.000Z',
    });
    const seen: string[] = [];
    for (let query: Record<string, string> | undefined = { limit: '2' }; query; ) {
      const page: { deletedUsers: { id: string }[]; next?: string } = (await list(query)).body;
      seen.push(...page.deletedUsers.map(({ id }) => id));
      query = page.next === undefined ? undefined : { limit: '2', cursor: page.next };
    }
    expect(seen.sort()).toEqual(gone.sort());
    expect(await list({ cursor: 'made-up' })).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
  });

  it('are nobody else’s: who may delete users is refused, and told why', async () => {
    const { token } = await here.people.person(['users:read', 'users:delete', 'users:deactivate']);
    const user = await here.tenant.aUser();
    await remove(user.id);
    for (const refused of [
      await here.tenant.call('list-deleted-users', { token }),
      await here.tenant.call('restore-deleted-user', { token, params: { userId: user.id }, body: {} }),
    ]) {
      expect(refused).toMatchObject({
        status: 403,
        body: {
          code: 'not_permitted',
          rule: 'C14',
          because: 'superUser',
          detail: expect.stringContaining('SuperUsers'),
        },
      });
    }
  });

  it('are restored only as they are: unknown ids and inputs are refused', async () => {
    expect(await restore('usr_000000000000000000000000')).toMatchObject({ status: 404 });
    const user = await here.tenant.aUser({ userType: 'passive', access: 'acc_agent', rights: 'rgt_own' });
    expect(await restore(user.id)).toMatchObject({ status: 404, body: { code: 'deleted_user_not_found' } });
    await remove(user.id);
    expect(await restore(user.id, { extension: '217' })).toMatchObject({ status: 422, body: { rule: 'S0-7' } });
    expect(await restore(user.id, { numericId: 'seven' })).toMatchObject({ status: 422 });
    expect(await restore(user.id, { title: 'Other' })).toMatchObject({ status: 422 });
  });
});
