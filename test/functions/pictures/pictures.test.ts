import { webcrypto } from 'node:crypto';
import sharp from 'sharp';
import { pictureBytesMax } from '#contract/picture.ts';
import { reseated } from '#domain/licenses/seating.ts';
import * as pictures from '#domain/pictures/pictures.ts';
import { objectKey, uploadOf } from '#domain/pictures/uploads.ts';
import { changed } from '#domain/users/edits.ts';
import type { User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { userKeys } from '#table/keys.ts';
import { photo, photoWithPlace, svg } from '#test/setup/images.ts';
import { type Form, sendForm, startPictureStore } from '#test/setup/picture-store.ts';
import { agentGrants, aTenant, type Called, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let store: Awaited<ReturnType<typeof startPictureStore>>;
let admin: { user: User; token: string };
let aPicture: Buffer;

beforeAll(async () => {
  store = await startPictureStore();
  tenant = await aTenant({ webchatPictures: true });
  admin = await tenant.aSuperUser();
  aPicture = await photo(300, 200).jpeg().toBuffer();
});
afterAll(() => store.stop());

async function anAgent(values: Partial<User> = {}) {
  const user = await tenant.aUser({ ...agentGrants, ...values });
  return { user, token: await tenant.signIn(user.login), params: { userId: user.id } };
}

/** What S3 tells of an upload. */
const told = ({ uploadId }: { uploadId: string }, { id }: User) => ({
  detail: { object: { key: objectKey({ userId: id, id: uploadId }) } },
});

async function begin(token: string): Promise<Form & { uploadId: string }> {
  const answer = await tenant.call('change-my-picture', { token });
  expect(answer.status).toBe(202);
  return answer.body;
}

/** Uploads and processes a picture of the user; the status after it. */
async function upload({ user, token }: { user: User; token: string }, file: Uint8Array = aPicture) {
  const begun = await begin(token);
  expect(await sendForm(begun, file)).toEqual({ status: 204 });
  await tenant.react('process-picture', told(begun, user));
  return (await tenant.call('get-my-picture-status', { token })).body;
}

async function deactivate(user: User) {
  const before = await users.require(tenant.deps, user.id);
  const gone = changed(before, tenant.deps.now(), { state: 'deactivated', epoch: before.epoch + 1 });
  const after = await reseated(tenant.deps, before, gone);
  await tenant.deps.table.transact(users.change(before, after));
}

const answerOf = ({ status, body }: Called) => (status < 300 ? status : `${status} ${body.code}`);

describe('S1-16 K7 one’s own picture', () => {
  it('is begun, uploaded past the API, checked, and shown small; the upload is gone', async () => {
    const agent = await anAgent();
    expect(answerOf(await tenant.call('get-my-picture', agent))).toBe('404 picture_not_found');
    const begun = await begin(agent.token);
    expect(begun).toMatchObject({ bytesMax: pictureBytesMax, expiresAt: expect.any(String) });
    const awaited = { uploadId: begun.uploadId, expiresAt: expect.any(String) };
    expect((await tenant.call('get-my-picture-status', agent)).body).toEqual({ awaited });
    expect((await tenant.call('get-my-picture', agent)).body.detail).toContain('still being checked');

    await sendForm(begun, aPicture);
    await tenant.react('process-picture', told(begun, agent.user));
    expect(store.store.keys()).toEqual([]);
    expect((await tenant.call('get-my-picture-status', agent)).body).toEqual({
      picture: { uploadId: begun.uploadId, changedAt: expect.any(String) },
    });
    const { status, headers, body } = await tenant.call('get-my-picture', agent);
    expect({ status, headers }).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'image/jpeg',
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-cache',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        etag: `"${begun.uploadId}"`,
      },
    });
    expect(await sharp(body).metadata()).toMatchObject({ format: 'jpeg', width: 256, height: 256 });
  });

  it('is not sent again to who has it', async () => {
    const agent = await anAgent();
    await upload(agent);
    const { etag } = (await tenant.call('get-my-picture', agent)).headers;
    const again = (known: string) => tenant.call('get-my-picture', { ...agent, headers: { 'if-none-match': known } });
    expect(await again(`"other", ${etag}`)).toMatchObject({ status: 304, body: null, headers: { etag } });
    expect((await again('"other"')).status).toBe(200);
    await upload(agent);
    expect((await again(etag as string)).status).toBe(200);
  });

  it('has lost the place where it was taken', async () => {
    const agent = await anAgent();
    await upload(agent, await photoWithPlace());
    const { body } = await tenant.call('get-my-picture', agent);
    expect((await sharp(body).metadata()).exif).toBeUndefined();
    expect(body.includes('Camera of Jana')).toBe(false);
  });

  it('is refused with the reason when it is none; the one before stays', async () => {
    const agent = await anAgent();
    const before = await upload(agent);
    const { picture, refused, awaited } = await upload(agent, svg);
    expect(picture).toEqual(before.picture);
    expect(awaited).toBeUndefined();
    expect(refused).toMatchObject({ reason: 'not_an_image', detail: expect.stringContaining('no JPEG, PNG or GIF') });
    expect(store.store.keys()).toEqual([]);
    expect((await tenant.call('get-my-picture', agent)).status).toBe(200);
    expect((await upload(agent, aPicture.subarray(0, 2000))).refused.reason).toBe('damaged');
    // The next attempt starts clean.
    await begin(agent.token);
    expect((await tenant.call('get-my-picture-status', agent)).body.refused).toBeUndefined();
  });

  it('of more than 20 MB is refused by the store itself', async () => {
    const { token } = await anAgent();
    const begun = await begin(token);
    expect(await sendForm(begun, Buffer.alloc(pictureBytesMax + 1))).toEqual({ status: 400, code: 'EntityTooLarge' });
  });

  it('is removed with what is on its way to become it', async () => {
    const agent = await anAgent();
    await upload(agent);
    const begun = await begin(agent.token);
    await sendForm(begun, aPicture);
    expect((await tenant.call('remove-my-picture', agent)).status).toBe(204);
    await tenant.react('process-picture', told(begun, agent.user));
    expect(answerOf(await tenant.call('get-my-picture', agent))).toBe('404 picture_not_found');
    expect((await tenant.call('get-my-picture-status', agent)).body).toEqual({});
    expect(store.store.keys()).toEqual([]);
    expect(answerOf(await tenant.call('remove-my-picture', agent))).toBe('404 picture_not_found');
  });

  it('is not awaited any more when nothing came', async () => {
    const agent = await anAgent();
    await begin(agent.token);
    tenant.advance(13 * 60);
    expect((await tenant.call('get-my-picture-status', agent)).body).toEqual({});
  });

  it('is written into the audit: begun, changed, removed, each by whom', async () => {
    const agent = await anAgent();
    await upload(agent);
    await upload(agent, svg);
    await tenant.call('remove-my-picture', agent);
    const entries = (await tenant.audit()).filter(
      ({ subject, event }) => (subject as { id: string }).id === agent.user.id && String(event).startsWith('picture.'),
    );
    expect(entries.map(({ event }) => event).sort()).toEqual([
      'picture.changed',
      'picture.removed',
      'picture.upload-begun',
      'picture.upload-begun',
    ]);
    for (const { actor } of entries) expect(actor).toBe(agent.user.id);
  });
});

describe('K7 of several uploads the newest wins', () => {
  it('when the older one ends last', async () => {
    const agent = await anAgent();
    const [older, newer] = [await begin(agent.token), await begin(agent.token)];
    for (const each of [older, newer]) await sendForm(each, aPicture);
    await tenant.react('process-picture', told(newer, agent.user));
    await tenant.react('process-picture', told(older, agent.user));
    const { body } = await tenant.call('get-my-picture-status', agent);
    expect(body).toEqual({ picture: { uploadId: newer.uploadId, changedAt: expect.any(String) } });
    expect(store.store.keys()).toEqual([]);
  });

  it('when the newer one is begun while the older one is being decoded', async () => {
    const agent = await anAgent();
    const older = await begin(agent.token);
    const upload = { userId: agent.user.id, id: older.uploadId };
    expect(await pictures.awaitedFrom(tenant.deps, upload)).toBe(agent.user.id);
    const newer = await begin(agent.token);
    await pictures.accept(tenant.deps, upload, agent.user.id, { type: 'image/png', bytes: Buffer.from('old') });
    await pictures.refuse(tenant.deps, upload, 'damaged');
    const { body } = await tenant.call('get-my-picture-status', agent);
    expect(body).toEqual({ awaited: { uploadId: newer.uploadId, expiresAt: expect.any(String) } });
  });

  it('and a form is good for one picture: what is sent with it again changes nothing', async () => {
    const agent = await anAgent();
    const begun = await begin(agent.token);
    await sendForm(begun, aPicture);
    await tenant.react('process-picture', told(begun, agent.user));
    const before = (await tenant.call('get-my-picture', agent)).body;
    await sendForm(begun, await photo(50, 50).png().toBuffer());
    await tenant.react('process-picture', told(begun, agent.user));
    expect((await tenant.call('get-my-picture', agent)).body).toEqual(before);
    expect(store.store.keys()).toEqual([]);
  });
});

describe('G8 process-picture may be told more than once', () => {
  it('one after the other, or at once: one picture, one entry in the audit', async () => {
    const agent = await anAgent();
    const begun = await begin(agent.token);
    await sendForm(begun, aPicture);
    const event = told(begun, agent.user);
    // Of two at once, one may find the file taken already: then it is told again, and finds nothing to do.
    await Promise.allSettled(Array.from({ length: 5 }, () => tenant.react('process-picture', event)));
    await tenant.react('process-picture', event);
    expect((await tenant.call('get-my-picture', agent)).status).toBe(200);
    const entries = (await tenant.audit()).filter(
      ({ subject, event }) => (subject as { id: string }).id === agent.user.id && event === 'picture.changed',
    );
    expect(entries).toHaveLength(1);
  });

  it('fails while the file cannot be fetched, so that it is told again; the upload is still awaited', async () => {
    const agent = await anAgent();
    const begun = await begin(agent.token);
    const event = told(begun, agent.user);
    await expect(tenant.react('process-picture', event)).rejects.toThrow();
    expect((await tenant.call('get-my-picture-status', agent)).body.awaited.uploadId).toBe(begun.uploadId);
    await sendForm(begun, aPicture);
    await tenant.react('process-picture', event);
    expect((await tenant.call('get-my-picture', agent)).status).toBe(200);
  });

  it('takes no key for an upload that is none', async () => {
    const random = Buffer.from(webcrypto.getRandomValues(new Uint8Array(12))).toString('hex');
    expect(uploadOf(`uploads/usr_${random}/upl_${random}`)).toEqual({ userId: `usr_${random}`, id: `upl_${random}` });
    for (const key of ['', 'uploads/', `uploads/usr_${random}`, `uploads/usr_${random}/../x`, `x/usr_${random}/y`]) {
      expect(uploadOf(key)).toBeUndefined();
      await expect(tenant.react('process-picture', { detail: { object: { key } } })).rejects.toThrow('No upload');
    }
  });
});

describe('S0-54 I5 who is deactivated', () => {
  it('has no picture for anybody, however it was asked for before', async () => {
    const agent = await anAgent();
    await upload(agent);
    const asAdmin = { token: admin.token, params: agent.params };
    expect((await tenant.call('get-user-picture', asAdmin)).status).toBe(200);
    await deactivate(agent.user);
    expect(answerOf(await tenant.call('get-my-picture', agent))).toBe('401 not_signed_in');
    expect(answerOf(await tenant.call('get-user-picture', asAdmin))).toBe('404 picture_not_found');
    expect(answerOf(await tenant.call('change-user-picture', asAdmin))).toBe('409 already_deactivated');
    // It may still be taken away.
    expect((await tenant.call('remove-user-picture', asAdmin)).status).toBe(204);
  });

  it('gets none by an upload that was begun before', async () => {
    const agent = await anAgent();
    const begun = await begin(agent.token);
    await sendForm(begun, aPicture);
    await deactivate(agent.user);
    await tenant.react('process-picture', told(begun, agent.user));
    expect((await pictures.find(tenant.deps, agent.user.id))?.image).toBeUndefined();
    expect(store.store.keys()).toEqual([]);
  });

  it('nor does who is gone: nothing is left of the picture, and nothing comes back', async () => {
    const agent = await anAgent();
    await upload(agent);
    const begun = await begin(agent.token);
    await sendForm(begun, aPicture);
    await tenant.deps.table.transact(pictures.removal(agent.user.id));
    await tenant.react('process-picture', told(begun, agent.user));
    expect(await tenant.read(userKeys.picture(agent.user.id))).toBeUndefined();
    expect(store.store.keys()).toEqual([]);
  });
});

describe('C24 S0-29 a picture is served', () => {
  const asks = async (token: string | undefined, { params }: { params: { userId: string } }) => ({
    admin: answerOf(await tenant.call('get-user-picture', { params, ...(token && { token }) })),
    webchat: answerOf(await tenant.call('get-webchat-picture', { params, ...(token && { token }) })),
  });
  const aTokenOf = async (user: User, scopes?: string[]): Promise<string> => {
    const body = { title: 'Webchat', ...(scopes && { scopes }) };
    const answer = await tenant.call('create-token', { token: admin.token, params: { userId: user.id }, body });
    expect(answer.status).toBe(201);
    return answer.body.value;
  };
  const made = async (operation: 'create-access' | 'create-rights', body: object): Promise<string> => {
    const answer = await tenant.call(operation, { token: admin.token, body });
    expect(answer.status).toBe(201);
    return answer.body.id;
  };

  it('to oneself, to who may change the user, and to webchat by token; to nobody else', async () => {
    const agent = await anAgent();
    await upload(agent);
    const colleague = await anAgent({ rights: 'rgt_everything' });
    const supervisor = await anAgent({ access: 'acc_supervisor', rights: 'rgt_everything' });
    const readsPictures = await made('create-access', { name: 'Webchat', permissions: ['pictures:read'] });
    const webchat = await tenant.aUser({ access: readsPictures, rights: 'rgt_everything' });
    const noPermission = '403 not_permitted';

    expect((await tenant.call('get-my-picture', agent)).status).toBe(200);
    expect(await asks(undefined, agent)).toEqual({ admin: '401 not_signed_in', webchat: '401 not_signed_in' });
    for (const { token } of [agent, colleague, supervisor]) {
      expect(await asks(token, agent)).toEqual({ admin: noPermission, webchat: noPermission });
    }
    // Whoever is signed in gets none by the way of webchat, whatever they hold.
    expect(await asks(admin.token, agent)).toEqual({ admin: 200, webchat: '403 token_needed' });
    expect(await asks(await tenant.signIn(webchat.login), agent)).toEqual({
      admin: noPermission,
      webchat: '403 token_needed',
    });
    expect(await asks(await aTokenOf(webchat), agent)).toEqual({ admin: noPermission, webchat: 200 });
    expect(await asks(await aTokenOf(admin.user, ['pictures:read']), agent)).toEqual({
      admin: noPermission,
      webchat: 200,
    });
    expect(await asks(await aTokenOf(admin.user, ['users:read']), agent)).toEqual({
      admin: noPermission,
      webchat: noPermission,
    });
  });

  it('only of users in sight', async () => {
    const agent = await anAgent({ userType: 'back-office' });
    await upload(agent);
    const some = await made('create-rights', { name: 'Some', users: { types: ['contact-center'] } });
    const changes = await made('create-access', { name: 'Changes', permissions: ['users:change', 'pictures:read'] });
    const user = await tenant.aUser({ access: changes, rights: some });
    const hidden = '404 user_not_found';
    expect(await asks(await tenant.signIn(user.login), agent)).toEqual({ admin: hidden, webchat: '403 token_needed' });
    expect(await asks(await aTokenOf(user), agent)).toEqual({ admin: hidden, webchat: hidden });
    const nobody = { params: { userId: 'usr_000000000000000000000000' } };
    expect(await asks(await aTokenOf(user), nobody)).toEqual({ admin: hidden, webchat: hidden });
  });

  it('not to webchat before the setting says so, which it does not by itself', async () => {
    const other = await aTenant();
    const superUser = await other.aSuperUser();
    const { body } = await other.call('get-settings', { token: superUser.token });
    expect(body.webchatPictures).toBe(false);
    const params = { userId: superUser.user.id };
    const token = (await other.call('create-token', { token: superUser.token, params, body: { title: 'W' } })).body
      .value;
    const asked = await other.call('get-webchat-picture', { token, params });
    expect(asked).toMatchObject({ status: 404, body: { code: 'picture_not_found' } });
    expect(asked.body.detail).toContain('webchatPictures');
  });
});

describe('S1-16 a picture of somebody else', () => {
  it('is begun, looked after and removed by who may change the user, whose name stands in the audit', async () => {
    const agent = await anAgent();
    const asAdmin = { token: admin.token, params: agent.params };
    const begun = await tenant.call('change-user-picture', asAdmin);
    expect(begun.status).toBe(202);
    await sendForm(begun.body, aPicture);
    await tenant.react('process-picture', told(begun.body, agent.user));
    expect((await tenant.call('get-user-picture-status', asAdmin)).body.picture.uploadId).toBe(begun.body.uploadId);
    expect((await tenant.call('get-user-picture', asAdmin)).headers['content-type']).toBe('image/jpeg');
    expect((await tenant.call('get-my-picture', agent)).status).toBe(200);
    const entry = (await tenant.audit()).find(
      ({ subject, event }) => (subject as { id: string }).id === agent.user.id && event === 'picture.changed',
    );
    expect(entry?.actor).toBe(admin.user.id);
    expect((await tenant.call('remove-user-picture', asAdmin)).status).toBe(204);
    expect(answerOf(await tenant.call('remove-user-picture', asAdmin))).toBe('404 picture_not_found');
  });

  it('C12 is not touched by who holds less than them', async () => {
    const changer = await tenant.call('create-access', {
      token: admin.token,
      body: { name: 'Changer', permissions: ['users:change'] },
    });
    const { user } = await anAgent({ access: changer.body.id, rights: 'rgt_everything' });
    const token = await tenant.signIn(user.login);
    const params = { userId: admin.user.id };
    expect(answerOf(await tenant.call('change-user-picture', { token, params }))).toBe('403 outranked');
    expect(answerOf(await tenant.call('remove-user-picture', { token, params }))).toBe('403 outranked');
  });

  it('K5 one’s own is changed by who is signed in, not by a token', async () => {
    const agent = await anAgent();
    const { body } = await tenant.call('create-token', {
      token: admin.token,
      params: agent.params,
      body: { title: 'T' },
    });
    for (const id of ['change-my-picture', 'remove-my-picture'] as const) {
      expect(answerOf(await tenant.call(id, { token: body.value }))).toBe('403 session_needed');
    }
  });
});
