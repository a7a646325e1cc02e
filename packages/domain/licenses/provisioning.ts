// What the tenant file says of licenses, brought to a tenant: at the first deploy all of it, later what the operator has changed in
// the file. Seats that were set by the operation since stay as they are, until the file says another number than before.

import { isDeepStrictEqual } from 'node:util';
import type { License } from '#contract/license-catalogue.ts';
import type { TenantFile } from '#contract/tenant-file.ts';
import { editionKey, licensingKey, seatsKey, settingsKey } from '#table/keys.ts';
import { absent, put, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { type Licensing, licensingItem, unlicensed, type Wanted } from './licensing.ts';
import { ownedSince, owning } from './owning.ts';
import { beginMoving } from './redefining.ts';
import { type Seats, seatsItem } from './seats.ts';

export const FIRST_EDITION = 1;

/** Of a tenant that has none yet. */
export function licensingCreation({ catalogue, owned }: TenantFile['licenses'], now: number): Write[] {
  const licensing: Licensing = { edition: FIRST_EDITION, catalogue };
  return [
    put({ ...licensingKey, type: 'licensing', v: 1, ...licensing }, { if: absent }),
    put({ ...editionKey, type: 'edition', v: 1, edition: FIRST_EDITION }),
    ...catalogue.licenses.flatMap(({ id }) => seatsCreation(id, owned[id], FIRST_EDITION, now)),
  ];
}

export function seatsCreation(
  license: string,
  owned: TenantFile['licenses']['owned'][string] | undefined,
  edition: number,
  now: number,
): Write[] {
  const { seats = 0, price } = owned ?? {};
  const item: Seats = {
    type: 'seats',
    v: 1,
    license,
    owned: seats,
    used: 0,
    free: seats,
    edition,
    moves: 0,
    version: 1,
    ...(price && { price }),
    ownedByFile: seats,
    ...(price && { priceByFile: price }),
    updatedAt: now,
  };
  return [
    put({ ...item, ...seatsKey(license) }, { if: absent }),
    ownedSince(license, { owned: seats, by: 'system', version: item.version }, now),
  ];
}

/** At each deploy. Repeating it does no harm. @throws Problem `licenses_moving`, when an edit is still being prepared: deploy again */
export async function provisionLicenses(deps: Deps, file: TenantFile['licenses']): Promise<void> {
  const found = await deps.table.get(licensingKey);
  if (!found) return firstTime(deps, file);
  const licensing = licensingItem().parse(found);
  await ownAsFileSays(deps, file);
  const wanted: Wanted = { type: 'catalogue', catalogue: file.catalogue };
  if (isDeepStrictEqual(licensing.catalogue, file.catalogue)) return;
  // Being prepared since the last deploy.
  if (isDeepStrictEqual(licensing.underway?.wanted, wanted)) return;
  const known = new Set(licensing.catalogue.licenses.map(({ id }) => id));
  const added = file.catalogue.licenses.filter(({ id }) => !known.has(id));
  const before: Wanted = { type: 'catalogue', catalogue: licensing.catalogue };
  await deps.table.transact([
    ...beginMoving(deps, licensing, wanted, { before, told, force: true }).writes,
    ...(await missingSeats(deps, added, file, licensing.edition + 1)),
  ]);
  deps.log({ level: 'info', event: 'licenses_moving' });
}

const told = { event: 'licenses.catalogue-changed', actor: 'system' };

/** Users of an older version hold no seats yet: they take them whether there are so many or not, since they work already. */
async function firstTime(deps: Deps, file: TenantFile['licenses']): Promise<void> {
  const none: Licensing = { ...unlicensed, edition: FIRST_EDITION };
  const isNew = !(await deps.table.get(settingsKey));
  if (isNew) return deps.table.transact(licensingCreation(file, deps.now()));
  const wanted: Wanted = { type: 'catalogue', catalogue: file.catalogue };
  const before: Wanted = { type: 'catalogue', catalogue: none.catalogue };
  await deps.table.transact([put({ ...licensingKey, type: 'licensing', v: 1, ...none }, { if: absent })]);
  await deps.table.transact([
    ...beginMoving(deps, none, wanted, { before, told, force: true }).writes,
    ...(await missingSeats(deps, file.catalogue.licenses, file, FIRST_EDITION + 1)),
  ]);
}

/** Of a license that was in an older catalogue the seats are there still. */
async function missingSeats(
  deps: Deps,
  licenses: readonly License[],
  { owned }: TenantFile['licenses'],
  edition: number,
): Promise<Write[]> {
  if (licenses.length === 0) return [];
  const found = await deps.table.batchGet(licenses.map(({ id }) => seatsKey(id)));
  return licenses.flatMap(({ id }, n) =>
    found[n] ? update(seatsKey(id), { set: { edition } }) : seatsCreation(id, owned[id], edition, deps.now()),
  );
}

/** What the operator writes into the file counts when they write it; until then what they have set by the operation. */
async function ownAsFileSays(deps: Deps, { owned }: TenantFile['licenses']): Promise<void> {
  const ids = Object.keys(owned);
  if (ids.length === 0) return;
  const found = await deps.table.batchGet(ids.map(seatsKey));
  for (const item of found) {
    if (!item) continue;
    const seats = seatsItem().parse(item);
    const { seats: count, price } = owned[seats.license] as NonNullable<(typeof owned)[string]>;
    if (seats.ownedByFile === count && isDeepStrictEqual(seats.priceByFile, price)) continue;
    await deps.table.transact(owning(deps, seats, { owned: count, price, byFile: true, force: true }));
  }
}
