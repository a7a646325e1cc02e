// What is kept of a user's picture, in one item of its own: the image itself, the upload that is waited for, and why the last
// one was refused. The image is small (a 256-pixel square), so it goes with the item: it can neither outlive it nor be missing.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import type { Image } from '#contract/operation.ts';
import { type PictureRefusal, pictureRefusals } from '#contract/picture.ts';
import type { Item } from '#table/write.ts';

export const pictureItem = once(() =>
  z.object({
    type: z.literal('picture'),
    v: z.literal(1),
    image: z
      .object({
        /** Of the upload that it was made from. */
        id: z.string(),
        type: z.enum(['image/jpeg', 'image/png']),
        bytes: z.custom<Uint8Array>((value) => ArrayBuffer.isView(value)),
        at: z.number(),
      })
      .optional(),
    /** Only this one can still become the picture. */
    upload: z.object({ id: z.string(), by: z.string(), expiresAt: z.number() }).optional(),
    refusal: z
      .object({
        id: z.string(),
        reason: z.enum(Object.keys(pictureRefusals) as [PictureRefusal, ...PictureRefusal[]]),
        at: z.number(),
      })
      .optional(),
  }),
);

export type Picture = z.output<ReturnType<typeof pictureItem>>;

export function readPicture(item: Item | undefined): Picture | undefined {
  return item && pictureItem().parse(item);
}

export function shownImage({ id, type, bytes }: NonNullable<Picture['image']>): Image {
  return { type, bytes, tag: id };
}

/** An upload that began at the last moment is still on its way for so long. */
const UNDERWAY_MS = 2 * 60_000;

export function shownStatus(picture: Picture | undefined, now: number) {
  const { image, upload, refusal } = picture ?? {};
  const isAwaited = upload && upload.expiresAt + UNDERWAY_MS > now;
  return {
    ...(image && { picture: { uploadId: image.id, changedAt: instant(image.at) } }),
    ...(isAwaited && { awaited: { uploadId: upload.id, expiresAt: instant(upload.expiresAt) } }),
    ...(refusal && {
      refused: {
        uploadId: refusal.id,
        reason: refusal.reason,
        detail: pictureRefusals[refusal.reason],
        at: instant(refusal.at),
      },
    }),
  };
}

const instant = (at: number) => new Date(at).toISOString();
