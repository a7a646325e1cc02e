// Makes the picture out of what was uploaded, or says why not, and removes the upload. It may be told more than once, and late:
// only the upload that is waited for changes anything, and only once.

import * as z from 'zod';
import { pictureBytesMax } from '#contract/picture.ts';
import * as pictures from '#domain/pictures/pictures.ts';
import { uploadOf } from '#domain/pictures/uploads.ts';
import { avatarOf } from '#pictures/avatar.ts';
import { fetchUpload, removeUpload } from '#pictures/bucket.ts';
import { react } from '#serve/react.ts';

/** S3's "Object Created" as EventBridge hands it over. */
const created = z.object({ detail: z.object({ object: z.object({ key: z.string() }) }) });

export const handler = react('process-picture', async (deps, event: unknown) => {
  const { key } = created.parse(event).detail.object;
  const upload = uploadOf(key);
  if (!upload) throw new Error(`No upload has the key ${key}`);
  const by = await pictures.awaitedFrom(deps, upload);
  if (by !== undefined) {
    const made = await avatarOf(await fetchUpload(key, pictureBytesMax));
    if ('refused' in made) await pictures.refuse(deps, upload, made.refused);
    else await pictures.accept(deps, upload, by, made);
  }
  // Last: whatever fails before is tried again.
  await removeUpload(key);
});
