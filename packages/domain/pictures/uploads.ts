// Uploads on their way to become a picture: what the object is called that somebody may send, and until when.

import { type Deps, newId } from '../deps.ts';

/** Names an upload and who it is for. What the object is called says both, so nothing else has to be believed. */
export interface Upload {
  userId: string;
  id: string;
}

/** How long an upload may be begun; what has begun by then may end later. */
export const UPLOAD_MS = 10 * 60_000;

export function newUpload(deps: Pick<Deps, 'randomBytes'>, userId: string): Upload {
  return { userId, id: newId(deps, 'upl') };
}

/** Everything that is uploaded stands below this: grants and the notification are about it alone. */
export const uploadsPrefix = 'uploads/';

export const objectKey = ({ userId, id }: Upload) => `${uploadsPrefix}${userId}/${id}`;

/** What an object's key says, or undefined for a key that is none of ours. */
export function uploadOf(key: string): Upload | undefined {
  const [, userId, id] = /^uploads\/(usr_[0-9a-f]{24})\/(upl_[0-9a-f]{24})$/.exec(key) ?? [];
  return userId && id ? { userId, id } : undefined;
}
