// Where pictures are kept. Each begun upload takes the place of the one before: the newest wins, whichever ends first.

import type { Image } from '#contract/operation.ts';
import { type PictureRefusal, pictureRefusals } from '#contract/picture.ts';
import { Problem } from '#contract/problems.ts';
import { userKeys } from '#table/keys.ts';
import { check, present, remove, update, type Write } from '#table/write.ts';
import { entry } from '../audit/audit.ts';
import type { Deps } from '../deps.ts';
import type { User } from '../users/user.ts';
import { type Picture, readPicture, shownImage } from './picture.ts';
import { UPLOAD_MS, type Upload } from './uploads.ts';

/** Of whom anything is shown or accepted at all; whoever left has no other state (I5). */
const HERE: readonly User['state'][] = ['active', 'invited'];

export async function find(deps: Deps, userId: string): Promise<Picture | undefined> {
  return readPicture(await deps.table.get(userKeys.picture(userId)));
}

/** The image of a user as it is shown to who may see it. @throws Problem `picture_not_found`, also for the deactivated (S0-54) */
export async function requireImage(deps: Deps, user: User): Promise<Image> {
  if (!HERE.includes(user.state)) throw notFound(`The picture of a user who is ${user.state} is shown to nobody`);
  const picture = await find(deps, user.id);
  if (!picture?.image) throw notFound(whyNone(picture));
  return shownImage(picture.image);
}

export function notFound(detail: string): Problem {
  return new Problem('picture_not_found', { detail });
}

function whyNone(picture: Picture | undefined): string {
  if (picture?.upload) return 'A picture was begun to be uploaded, and has not come or is still being checked';
  if (picture?.refusal) return `The uploaded picture was refused: ${pictureRefusals[picture.refusal.reason]}`;
  return 'No picture was uploaded';
}

/** An upload may come from now on; one that was begun before comes too late. The picture that there is stays until then. */
export function begun(
  deps: Pick<Deps, 'now'>,
  { userId, id }: Upload,
  by: string,
): { expiresAt: number; write: Write } {
  const expiresAt = deps.now() + UPLOAD_MS;
  const set = { type: 'picture', v: 1, upload: { id, by, expiresAt } };
  return { expiresAt, write: update(userKeys.picture(userId), { set, remove: ['refusal'] }) };
}

/** Who began the upload, while it is the one that is waited for. */
export async function awaitedFrom(deps: Deps, { userId, id }: Upload): Promise<string | undefined> {
  const picture = await find(deps, userId);
  return picture?.upload?.id === id ? picture.upload.by : undefined;
}

/** The upload is the picture from now on, unless it has become pointless. */
export async function accept(deps: Deps, upload: Upload, by: string, image: Omit<Image, 'tag'>): Promise<void> {
  const set = { image: { id: upload.id, type: image.type, bytes: image.bytes, at: deps.now() } };
  await settle(deps, upload, { set, remove: ['upload', 'refusal'] }, [
    check(userKeys.user(upload.userId), ['or', ...HERE.map((state) => ['=', 'state', state] as const)], pointless),
    entry(deps, {
      event: 'picture.changed',
      actor: by,
      subject: { type: 'user', id: upload.userId },
      after: { picture: upload.id },
    }),
  ]);
}

/** The upload is no picture; what there was before stays. */
export async function refuse(deps: Deps, upload: Upload, reason: PictureRefusal): Promise<void> {
  const set = { refusal: { id: upload.id, reason, at: deps.now() } };
  await settle(deps, upload, { set, remove: ['upload'] }, []);
  deps.log({ level: 'info', event: 'picture_refused', user: upload.userId, reason });
}

/** An upload is used up by what becomes of it, once: told a second time, or overtaken by a newer one, it changes nothing. */
async function settle(
  deps: Deps,
  { userId, id }: Upload,
  changes: { set: Record<string, unknown>; remove: readonly string[] },
  others: Write[],
): Promise<void> {
  const isAwaited = { if: ['=', 'upload.id', id] as const, otherwise: pointless };
  try {
    await deps.table.transact([update(userKeys.picture(userId), changes, isAwaited), ...others]);
  } catch (error) {
    if (!(error instanceof Pointless)) throw error;
  }
}

const pointless = () => new Pointless();

/** Not for callers: a newer upload was begun, the picture was removed, or the user is gone. */
class Pointless extends Error {
  override readonly name = 'Pointless';
}

/** Takes the picture away, whether it is there or not. An upload under way then finds nothing that waits for it. */
export function removal(userId: string): Write[] {
  return [remove(userKeys.picture(userId))];
}

/** @throws at commit Problem `picture_not_found` */
export function removalOnce(userId: string): Write {
  return remove(userKeys.picture(userId), { if: present, otherwise: () => notFound('There is none to remove') });
}
