import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { buildFunctions, functionsOut } from '#build/build.ts';
import { type Client, createClient, RosterError } from '#client/client.ts';
import { photoWithPlace, png, svg } from '#test/setup/images.ts';
import { sendForm } from '#test/setup/picture-store.ts';
import { firstSuperUser, type RunningTenant, runTenant } from './running-tenant.ts';

const password = 'a long walk along the river';
let folder: string;
let running: RunningTenant;
let token: string;
let client: Client;

beforeAll(async () => {
  await buildFunctions();
  folder = mkdtempSync(join(tmpdir(), 'roster-pictures-'));
  running = await runTenant(folder);
  token = await firstSuperUser(running, password);
  client = createClient({ baseUrl: running.api, token });
});
afterAll(async () => {
  await running?.kill();
  rmSync(folder, { recursive: true });
});

const uploads = () => readdirSync(join(folder, 'uploads'));

/** Looks until nothing is awaited any more. */
async function settled() {
  for (const until = Date.now() + 30_000; Date.now() < until; await wait(50)) {
    const status = await client.getMyPictureStatus();
    if (!status.awaited) return status;
  }
  throw new Error('The upload is still awaited');
}

async function upload(file: Uint8Array) {
  const begun = await client.changeMyPicture();
  expect(new URL(begun.url).origin).toBe(running.api);
  expect(await sendForm(begun, file)).toEqual({ status: 204 });
  return settled();
}

describe('S1-16 K7 a picture on a tenant of one machine', () => {
  it('goes from the form into the store, through the bundled decoder, and comes back small and bare', async () => {
    const { picture } = await upload(await photoWithPlace());
    const { type, bytes, tag } = await client.getMyPicture();
    expect({ type, tag }).toEqual({ type: 'image/jpeg', tag: picture?.uploadId });
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 256, height: 256 });
    expect(Buffer.from(bytes).includes('Camera of Jana')).toBe(false);
    const answer = await fetch(`${running.api}/v1/me/picture`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-length')).toBe(String(bytes.length));
    await until(() => uploads().length === 0);
  });

  it('is refused by the bundled decoder as by the one of this machine', async () => {
    const { user } = await client.getMe();
    const before = await client.getUserPicture({ params: { userId: user.id } });
    for (const [file, reason] of [
      [svg, 'not_an_image'],
      [await sharp(png(90, 90)).webp().toBuffer(), 'not_an_image'],
      [png(60_000, 60_000, Buffer.alloc(9)), 'too_many_pixels'],
      [png(90, 90).subarray(0, 80), 'damaged'],
      [png(90, 90, Buffer.from('no deflate')), 'damaged'],
      [Buffer.concat([png(90, 90), Buffer.from('<script>')]), 'damaged'],
    ] as const) {
      expect((await upload(file)).refused?.reason).toBe(reason);
    }
    expect(await client.getUserPicture({ params: { userId: user.id } })).toEqual(before);
  });

  it('is decoded even with 48 million pixels', async () => {
    const { picture, refused } = await upload(png(8000, 6000));
    expect({ picture: picture !== undefined, refused }).toEqual({ picture: true });
  });

  it('G8 is done with after a kill, if it had come by then', async () => {
    const begun = await client.changeMyPicture();
    await sendForm(begun, png(40, 30));
    await running.kill();
    running = await runTenant(folder);
    client = createClient({ baseUrl: running.api, token });
    expect((await settled()).picture?.uploadId).toBe(begun.uploadId);
    await until(() => uploads().length === 0);
  });

  it('is gone once it is removed', async () => {
    await client.removeMyPicture();
    const error = await client.getMyPicture().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RosterError);
    expect((error as RosterError).code).toBe('picture_not_found');
  });
});

it('lies beside one bundle alone: no other function carries a decoder', () => {
  const carrying = readdirSync(functionsOut, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /sharp/.test(file),
  );
  expect(carrying.map((file) => file.split('/')[0])).toEqual(['process-picture', 'process-picture']);
});

async function until(isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !isSo() && Date.now() < deadline; ) await wait(50);
  expect(isSo()).toBe(true);
}
