// What the tenant file says of licenses, brought to a tenant: at the first deploy all of it, later what the operator has changed in
// the file. Seats that were set by the operation since stay as they are, until the file says another number than before.

import { isDeepStrictEqual } from 'node:util';
import type { License } from '#contract/license-catalogue.ts';
import type { TenantFile } from '#contract/tenant-file.ts';
import { editionKey, licensingKey, seatsKey, settingsKey } from '#table/keys.ts';
import { absent, put, update, type Write } from '#table/write.ts';
import { entry } from '../audit/audit.ts';
import type { Deps } from '../deps.ts';
import { countedIn, type Licensing, licensingItem, unlicensed, type Wanted } from './licensing.ts';
import { ownedSince, type SaidByFile } from './owning.ts';
import { beginMoving, licensesMoving } from './redefining.ts';
import { allSeats, type Seats } from './seats.ts';
import { auditedSeats, requireSeats, retrySeatsMoved, setting } from './setting.ts';

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
  const { underway } = licensing;
  if (underway?.phase === 'taking' && underway.wanted.type === 'catalogue') {
    // Being prepared since the last deploy; another one would come into force after this.
    if (isDeepStrictEqual(underway.wanted, wanted)) return;
    throw licensesMoving(underway.jobId);
  }
  if (isDeepStrictEqual(licensing.catalogue, file.catalogue)) return;
  const known = new Set(countedIn(licensing));
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
  await deps.table.transact([
    put({ ...licensingKey, type: 'licensing', v: 1, ...none }, { if: absent }),
    put({ ...editionKey, type: 'edition', v: 1, edition: FIRST_EDITION }),
  ]);
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

/** Also of the licenses that the file says nothing of any more: none are owned. */
async function ownAsFileSays(deps: Deps, { catalogue, owned }: TenantFile['licenses']): Promise<void> {
  for (const { license } of await allSeats(deps, catalogue)) {
    const said = owned[license] ?? { seats: 0 };
    await retrySeatsMoved(async () => ownAsSaid(deps, await requireSeats(deps, license), said));
  }
}

/** What the operator writes into the file counts when they write it; what they have set by the operation stays until then. */
async function ownAsSaid(deps: Deps, before: Seats, said: SaidByFile): Promise<void> {
  const isSold = before.ownedByFile === said.seats;
  const isPriced = isDeepStrictEqual(before.priceByFile, said.price);
  if (isSold && isPriced) return;
  const wanted = { owned: isSold ? before.owned : said.seats, price: isPriced ? before.price : said.price };
  const { after, writes } = setting(deps, before, before.version, { ...wanted, byFile: said, force: true });
  const happened = { event: 'license.changed', actor: 'system', subject: { type: 'license', id: before.license } };
  const audit = entry(deps, { ...happened, before: auditedSeats(before), after: auditedSeats(after) });
  await deps.table.transact([...writes, audit]);
}
