// Beginning an upload: the form that the file is sent with, and the record that waits for it.

import { pictureBytesMax } from '#contract/picture.ts';
import type { Deps } from '#domain/deps.ts';
import { begun } from '#domain/pictures/pictures.ts';
import { newUpload, objectKey, UPLOAD_MS } from '#domain/pictures/uploads.ts';
import { uploadForm } from './bucket.ts';

export async function beginUpload(deps: Deps, userId: string, by: string) {
  const upload = newUpload(deps, userId);
  const { expiresAt, write } = begun(deps, upload, by);
  const form = await uploadForm(objectKey(upload), { bytesMax: pictureBytesMax, seconds: UPLOAD_MS / 1000 });
  const answer = {
    uploadId: upload.id,
    ...form,
    bytesMax: pictureBytesMax,
    expiresAt: new Date(expiresAt).toISOString(),
  };
  return { write, answer };
}
