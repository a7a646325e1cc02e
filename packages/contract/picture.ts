// What is asked of a picture, and what is told of one.

import * as z from 'zod';
import { instant } from './fields.ts';
import { once } from './once.ts';

/** 20.00 MB (S1-16). */
export const pictureBytesMax = 20 * 1024 * 1024;

/** Why an upload did not become the picture. */
export const pictureRefusals = {
  not_an_image: 'It is no JPEG, PNG or GIF, whatever its name says',
  damaged: 'It is incomplete or damaged, or holds something beside the image; save it anew and try again',
  too_many_pixels: 'It has more than 64 million pixels; make it smaller and try again',
} as const;

export type PictureRefusal = keyof typeof pictureRefusals;

const uploadId = once(() =>
  z.string().meta({ description: 'Tells one upload from the next', example: 'upl_0123456789abcdef01234567' }),
);

export const pictureUpload = once(() =>
  z
    .object({
      uploadId: uploadId(),
      url: z.string().meta({ description: 'Where the form is to be sent, by POST as multipart/form-data' }),
      fields: z
        .record(z.string(), z.string())
        .meta({ description: 'Fields of the form, all of them; the image comes last, as the field `file`' }),
      bytesMax: z.int().meta({ description: 'A larger file is refused by the store' }),
      expiresAt: instant(),
    })
    .meta({ id: 'PictureUpload' }),
);

export const pictureStatus = once(() =>
  z
    .object({
      picture: z.object({ uploadId: uploadId(), changedAt: instant() }).optional().meta({
        description: 'The picture that is shown',
      }),
      awaited: z.object({ uploadId: uploadId(), expiresAt: instant() }).optional().meta({
        description: 'The upload that was begun last, while it has not come or is being checked',
      }),
      refused: z
        .object({
          uploadId: uploadId(),
          reason: z.enum(Object.keys(pictureRefusals) as [PictureRefusal, ...PictureRefusal[]]),
          detail: z.string(),
          at: instant(),
        })
        .optional()
        .meta({ description: 'The last upload, where it was refused; the picture before it is still shown' }),
    })
    .meta({ id: 'PictureStatus' }),
);
