import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { AVATAR_PIXELS, avatarOf, PIXELS_MAX } from '#pictures/avatar.ts';
import { photo, photoWithPlace, png, svg } from '#test/setup/images.ts';

const edge = { width: AVATAR_PIXELS, height: AVATAR_PIXELS };

async function made(file: Uint8Array) {
  const avatar = await avatarOf(file);
  if ('refused' in avatar) throw new Error(`It was refused: ${avatar.refused}`);
  return { ...avatar, metadata: await sharp(avatar.bytes).metadata() };
}

const refusal = async (file: Uint8Array) => {
  const avatar = await avatarOf(file);
  return 'refused' in avatar ? avatar.refused : 'accepted';
};

describe('S1-16 an uploaded picture becomes a small square', () => {
  it.each(['jpeg', 'png', 'gif'] as const)('from a %s', async (kind) => {
    const { metadata, bytes } = await made(await photo()[kind]().toBuffer());
    expect(metadata).toMatchObject(edge);
    expect(bytes.length).toBeLessThan(200_000);
  });

  it.each([
    [1, 1],
    [3000, 40],
  ])('from one of %i × %i pixels', async (width, height) => {
    expect((await made(png(width, height))).metadata).toMatchObject(edge);
  });

  it('as PNG where something is transparent, as JPEG else', async () => {
    const clear = sharp({ create: { width: 90, height: 90, channels: 4, background: '#ff000080' } });
    expect((await made(await clear.png().toBuffer())).type).toBe('image/png');
    expect((await made(await clear.gif().toBuffer())).metadata.format).toMatch(/png|jpeg/);
    expect(await made(await photo().png().toBuffer())).toMatchObject({
      type: 'image/jpeg',
      metadata: { format: 'jpeg' },
    });
  });

  it('which fits the item that keeps it, even when nothing in it can be made smaller', async () => {
    const raw = { width: 256, height: 256, channels: 4 } as const;
    const noise = Buffer.from(Array.from({ length: 256 * 256 * 4 }, (_, n) => (n * 2_654_435_761) >>> 24));
    const worst = await made(await sharp(noise, { raw }).png().toBuffer());
    expect(worst.bytes.length).toBeLessThan(300_000);
  });

  it('from many small pictures at once', async () => {
    const files = await Promise.all(Array.from({ length: 8 }, () => photo(300, 200).jpeg().toBuffer()));
    for (const { metadata } of await Promise.all(files.map(made))) expect(metadata).toMatchObject(edge);
  });
});

describe('K7 nothing of the file itself is kept', () => {
  it('no place, no camera, no note of how it was held', async () => {
    const file = await photoWithPlace();
    expect(file.includes('Camera of Jana')).toBe(true);
    expect((await sharp(file).metadata()).orientation).toBe(6);
    const { metadata, bytes } = await made(file);
    expect([metadata.exif, metadata.xmp, metadata.iptc, metadata.orientation]).toEqual([]);
    expect(Buffer.from(bytes).includes('Camera of Jana')).toBe(false);
  });

  it('and the picture stands as the camera was held', async () => {
    // White above, black below, taken by a camera that lay on its left side: shown, white is on the right.
    const pixels = Buffer.alloc(100 * 100 * 3).fill(255, 0, 100 * 50 * 3);
    const raw = { width: 100, height: 100, channels: 3 } as const;
    const { bytes } = await made(await sharp(pixels, { raw }).withMetadata({ orientation: 6 }).jpeg().toBuffer());
    const shown = await sharp(bytes).raw().toBuffer();
    const redAt = (x: number) => shown[(128 * AVATAR_PIXELS + x) * 3] as number;
    expect(redAt(20)).toBeLessThan(20);
    expect(redAt(236)).toBeGreaterThan(235);
  });

  it('nothing that a camera, or somebody else, wrote behind a JPEG', async () => {
    const file = Buffer.concat([await photo().jpeg().toBuffer(), Buffer.from('<?php system($_GET[0]); ?>')]);
    expect(Buffer.from((await made(file)).bytes).includes('<?php')).toBe(false);
  });

  it('no comment of a JPEG', async () => {
    const text = '<script>alert(1)</script>';
    const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, text.length + 2]), Buffer.from(text)]);
    const file = await photo().jpeg().toBuffer();
    const withComment = Buffer.concat([file.subarray(0, 2), comment, file.subarray(2)]);
    expect(Buffer.from((await made(withComment)).bytes).includes('<script>')).toBe(false);
  });
});

describe('K7 S1-16 what is no JPEG, PNG or GIF is refused, whatever its name says', () => {
  it.each([
    ['an SVG', svg],
    ['an SVG behind spaces', Buffer.concat([Buffer.from('   \n'), svg])],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['a PDF', Buffer.from('%PDF-1.7\n')],
    ['nothing', Buffer.alloc(0)],
    ['two bytes of a JPEG', Buffer.from([0xff, 0xd8])],
    ['a GIF of another year', Buffer.from('GIF90a\u0001\u0000\u0001\u0000')],
  ])('%s', async (_, file) => {
    expect(await refusal(file)).toBe('not_an_image');
  });

  it.each(['webp', 'tiff', 'avif'] as const)('a %s', async (kind) => {
    expect(await refusal(await photo(64, 64)[kind]().toBuffer())).toBe('not_an_image');
  });
});

describe('K7 what is two things at once, incomplete or damaged is refused', () => {
  it('a GIF that is a script as well', async () => {
    const script = Buffer.from(`GIF89a/*${'x'.repeat(40)}*/=1;alert(document.cookie)`);
    expect(await refusal(script)).toBe('damaged');
    const gif = await photo(40, 30).gif().toBuffer();
    expect(await refusal(gif)).toBe('accepted');
    expect(await refusal(Buffer.concat([gif, Buffer.from('*/=1;alert(1)')]))).toBe('damaged');
  });

  it('a PNG with an archive behind it', async () => {
    expect(await refusal(Buffer.concat([png(9, 9), Buffer.from('PK\u0003\u0004')]))).toBe('damaged');
  });

  it.each(['jpeg', 'png', 'gif'] as const)('a %s that ends too early, wherever', async (kind) => {
    const whole = await photo(200, 150)[kind]().toBuffer();
    for (const part of [0.1, 0.5, 0.9]) {
      expect([part, await refusal(whole.subarray(0, Math.floor(whole.length * part)))]).toEqual([part, 'damaged']);
    }
  });

  it('a PNG whose pixels are not what it says', async () => {
    expect(await refusal(png(50, 50, Buffer.from('no deflate')))).toBe('damaged');
    expect(await refusal(png(50, 50, deflateSync(Buffer.alloc(10))))).toBe('damaged');
    expect(await refusal(png(0, 0))).toBe('damaged');
  });

  it('a magic number and nothing else', async () => {
    for (const start of [[0xff, 0xd8, 0xff, 0xd9], [...Buffer.from('GIF89a;')], [...png(2, 2).subarray(0, 8)]]) {
      expect(await refusal(Buffer.from(start))).toBe('damaged');
    }
  });

  it('any single byte changed leads to a picture or a refusal, never to an error', async () => {
    const whole = await photo(32, 32).png().toBuffer();
    for (let at = 0; at < 120; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] as number) ^ 0x55;
      expect(typeof (await refusal(changed))).toBe('string');
    }
  });
});

describe('K7 a picture that is small as a file and huge when decoded is refused by its header', () => {
  it.each([
    [60_000, 60_000],
    [8001, 8000],
    [2_147_483_647, 1],
  ])('a PNG that says %i × %i', async (width, height) => {
    const startedAt = performance.now();
    expect(['too_many_pixels', 'damaged']).toContain(await refusal(png(width, height, deflateSync(Buffer.alloc(64)))));
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  it('by the product: one pixel more than 64 million', async () => {
    expect(PIXELS_MAX).toBe(64_000_000);
    expect(await refusal(png(8001, 8000, deflateSync(Buffer.alloc(64))))).toBe('too_many_pixels');
  });

  it('a GIF whose frame is 65,535 × 65,535', async () => {
    const gif = Buffer.from(await photo(40, 30).gif().toBuffer());
    const frame = gif.indexOf(Buffer.from([0x2c, 0, 0, 0, 0, 40, 0, 30, 0]));
    for (const at of [6, 8, frame + 5, frame + 7]) gif.writeUInt16LE(65_535, at);
    expect(await refusal(gif)).toBe('too_many_pixels');
  });

  it('but one of 48 million pixels, as telephones take them, is none', async () => {
    expect(await refusal(png(8000, 6000))).toBe('accepted');
  });
});
