// From a file that somebody sent to the small square that is shown: decoded and encoded anew, so that nothing of the file
// itself, its metadata, its comments, what hides in it, is ever served.

import sharp from 'sharp';
import type { Image } from '#contract/operation.ts';
import type { PictureRefusal } from '#contract/picture.ts';
import { isWhole, kindOf } from './image-header.ts';

/** Edge in pixels; on a screen of double density it fills 128. */
export const AVATAR_PIXELS = 256;
/** 64 million: more than any telephone's usual picture, and at most 780 MB while it is decoded (an interlaced PNG of 16 bits). */
export const PIXELS_MAX = 64_000_000;
const SECONDS_MAX = 30;

// Only the three decoders that are needed can be reached, whatever a file pretends to be.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadNsgifBuffer'],
});
sharp.cache(false);

/** The square, or why there is none. @throws never for what the file holds */
export async function avatarOf(file: Uint8Array): Promise<Omit<Image, 'tag'> | { refused: PictureRefusal }> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const kind = kindOf(bytes);
  if (!kind) return { refused: 'not_an_image' };
  if (!isWhole(kind, bytes)) return { refused: 'damaged' };
  try {
    // Of the header alone: nothing is decoded before the number of pixels is known.
    const { width, height, hasAlpha, format } = await opened(bytes, false).metadata();
    if (format !== kind) return { refused: 'not_an_image' };
    if (width * height > PIXELS_MAX) return { refused: 'too_many_pixels' };
    return await square(bytes, hasAlpha);
  } catch {
    // All that the decoder complains of comes of the file.
    return { refused: 'damaged' };
  }
}

async function square(bytes: Buffer, hasAlpha: boolean): Promise<Omit<Image, 'tag'>> {
  const resized = opened(bytes, PIXELS_MAX)
    .timeout({ seconds: SECONDS_MAX })
    // As the camera says it was held; the note itself goes with the rest of the metadata.
    .autoOrient()
    .resize(AVATAR_PIXELS, AVATAR_PIXELS, { fit: 'cover' })
    .toColorspace('srgb');
  if (hasAlpha) return { type: 'image/png', bytes: await resized.png({ compressionLevel: 9 }).toBuffer() };
  return { type: 'image/jpeg', bytes: await resized.jpeg({ quality: 85 }).toBuffer() };
}

/** The first picture of an animated one. A decoder's warning counts as an error: what is incomplete is refused. */
function opened(bytes: Buffer, limitInputPixels: number | false) {
  return sharp(bytes, { limitInputPixels, failOn: 'warning', sequentialRead: true });
}
