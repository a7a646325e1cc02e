import { pictureBytesMax } from '#contract/picture.ts';
import { fetchUpload, removeUpload, uploadForm } from '#pictures/bucket.ts';
import { type Form, sendForm, startPictureStore } from '#test/setup/picture-store.ts';

const key = 'uploads/usr_1/upl_1';
let now: number;
let store: Awaited<ReturnType<typeof startPictureStore>>;
let form: Form;

beforeAll(async () => {
  store = await startPictureStore({ now: () => now });
});
beforeEach(async () => {
  now = Date.now();
  form = await uploadForm(key, { bytesMax: pictureBytesMax, seconds: 600 });
});
afterEach(async () => {
  store.created.length = 0;
  await removeUpload(key);
});
afterAll(() => store.stop());

/** The form with another policy, not signed anew. */
function withPolicy(change: (policy: { conditions: unknown[]; expiration: string }) => void): Form {
  const policy = JSON.parse(Buffer.from(form.fields.Policy as string, 'base64').toString());
  change(policy);
  return { ...form, fields: { ...form.fields, Policy: Buffer.from(JSON.stringify(policy)).toString('base64') } };
}

describe('K7 the store of uploads', () => {
  it('takes a file by a signed form, tells of it, hands it out whole, and removes it', async () => {
    const file = Buffer.from([...Array(1000).keys()].map((n) => n % 256));
    expect(await sendForm(form, file)).toEqual({ status: 204 });
    expect(store.created).toEqual([key]);
    expect(Buffer.from(await fetchUpload(key, 1000))).toEqual(file);
    await expect(fetchUpload(key, 999)).rejects.toThrow('1000 bytes');
    await removeUpload(key);
    await removeUpload(key);
    await expect(fetchUpload(key, 1000)).rejects.toThrow();
    expect(store.store.keys()).toEqual([]);
  });

  it('S1-16 takes 20 MB, and not a byte more, nor an empty file', async () => {
    expect(await sendForm(form, Buffer.alloc(pictureBytesMax))).toEqual({ status: 204 });
    expect(await sendForm(form, Buffer.alloc(pictureBytesMax + 1))).toEqual({ status: 400, code: 'EntityTooLarge' });
    expect(await sendForm(form, Buffer.alloc(0))).toEqual({ status: 400, code: 'EntityTooSmall' });
    expect(store.created).toHaveLength(1);
  });

  it('does not even read what is far larger than any form', async () => {
    const answer = await sendForm(form, Buffer.alloc(33 * 1024 * 1024)).catch((error: Error) => error);
    // The connection may be cut before the answer is read.
    expect(answer instanceof Error || answer.code === 'EntityTooLarge').toBe(true);
    expect(store.created).toEqual([]);
  });

  it('refuses a form that has expired, to the second', async () => {
    now += 598_000;
    expect(await sendForm(form, Buffer.from('x'))).toEqual({ status: 204 });
    now += 3000;
    expect(await sendForm(form, Buffer.from('x'))).toEqual({ status: 403, code: 'AccessDenied' });
  });

  it.each<[string, () => Form | Promise<Form>]>([
    ['another key', () => ({ ...form, fields: { ...form.fields, key: 'uploads/usr_2/upl_1' } })],
    ['another key that climbs out', () => ({ ...form, fields: { ...form.fields, key: '../../etc/passwd' } })],
    ['a field that it does not name', () => ({ ...form, fields: { ...form.fields, acl: 'public-read' } })],
    ['another date', () => ({ ...form, fields: { ...form.fields, 'X-Amz-Date': '20200101T000000Z' } })],
    ['a policy without limits', () => withPolicy(({ conditions }) => conditions.shift())],
    [
      'a policy that never ends',
      () =>
        withPolicy((policy) => {
          policy.expiration = '2999-01-01T00:00:00Z';
        }),
    ],
    ['no policy', () => ({ ...form, fields: { key } })],
    ['a made-up signature', () => ({ ...form, fields: { ...form.fields, 'X-Amz-Signature': 'a'.repeat(64) } })],
    [
      'the credential of somebody else',
      () => ({ ...form, fields: { ...form.fields, 'X-Amz-Credential': 'else/20261122/eu-central-1/s3/aws4_request' } }),
    ],
  ])('refuses a form with %s', async (_, changed) => {
    expect(await sendForm(await changed(), Buffer.from('x'))).toMatchObject({ status: 403 });
    expect(store.created).toEqual([]);
    expect(store.store.keys()).toEqual([]);
  });

  it('refuses what is no form, or a form without a file', async () => {
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(form.url, { method: 'POST', body: '{}', headers })).status).toBe(400);
    const empty = new FormData();
    for (const [name, value] of Object.entries(form.fields)) empty.append(name, value);
    expect((await fetch(form.url, { method: 'POST', body: empty })).status).toBe(400);
  });

  it('hands nothing to who does not sign for it', async () => {
    await sendForm(form, Buffer.from('x'));
    for (const method of ['GET', 'DELETE', 'PUT']) {
      expect([method, (await fetch(`${form.url}/${key}`, { method })).status]).toEqual([method, 403]);
    }
    const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=test/x, SignedHeaders=host, Signature=0' };
    expect((await fetch(`${form.url}/${key}`, { headers })).status).toBe(403);
    expect(Buffer.from(await fetchUpload(key, 1)).toString()).toBe('x');
  });
});
