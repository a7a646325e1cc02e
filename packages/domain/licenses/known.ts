// The licenses that matter at a moment: those of the catalogue, and, while the operator's edit of it goes through the users, those
// that come and those that leave and are still held.

import type { License } from '#contract/license-catalogue.ts';
import { Problem } from '#contract/problems.ts';
import { jobKey } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import type { Licensing } from './licensing.ts';
import { movingFacts } from './redefining.ts';
import { allSeats, type Seats } from './seats.ts';

export interface KnownLicense extends License {
  status: 'in-catalogue' | 'coming' | 'leaving';
}

/** One read more while the catalogue is being edited, and else none. */
export async function knownLicenses(deps: Deps, { catalogue, underway }: Licensing): Promise<KnownLicense[]> {
  const known = catalogue.licenses.map((license): KnownLicense => ({ ...license, status: 'in-catalogue' }));
  if (underway?.wanted.type !== 'catalogue') return known;
  const others = (licenses: readonly License[]) => licenses.filter(({ id }) => !known.some((each) => each.id === id));
  if (underway.phase === 'taking' || !underway.applied) {
    return [
      ...known,
      ...others(underway.wanted.catalogue.licenses).map((each) => ({ ...each, status: 'coming' as const })),
    ];
  }
  const job = await deps.table.get(jobKey(underway.jobId));
  const before = job && movingFacts().parse(job.facts).before;
  const former = before?.type === 'catalogue' ? others(before.catalogue.licenses) : [];
  return [...known, ...former.map((each) => ({ ...each, status: 'leaving' as const }))];
}

/** With their seats; one that leaves is there as long as somebody holds one. One read unit a license. */
export async function licensesWithSeats(
  deps: Deps,
  licensing: Licensing,
): Promise<(KnownLicense & { seats: Seats })[]> {
  const known = await knownLicenses(deps, licensing);
  const seats = new Map((await allSeats(deps, { licenses: known, rules: [] })).map((each) => [each.license, each]));
  return known.flatMap((license) => {
    const own = seats.get(license.id);
    return own && (license.status !== 'leaving' || own.used > 0) ? [{ ...license, seats: own }] : [];
  });
}

/** @throws Problem `license_not_found` */
export function requireKnown<L extends License>(known: readonly L[], id: string, pointer: string): L {
  const found = known.find((license) => license.id === id);
  if (found) return found;
  const ids = known.map((license) => license.id).join(', ');
  const detail = `There is no license ${id}; the catalogue has ${ids || 'none'}`;
  throw new Problem('license_not_found', {
    detail,
    errors: [{ pointer, detail }],
    because: id,
    remedy: 'Use one of the catalogue (GET /v1/licenses)',
  });
}

/** The licenses that matter, the one that a list is narrowed to among them. @throws Problem `license_not_found` */
export async function checkAsked(
  deps: Deps,
  licensing: Licensing,
  license: string | undefined,
): Promise<KnownLicense[]> {
  const known = await knownLicenses(deps, licensing);
  if (license !== undefined) requireKnown(known, license, '/query/license');
  return known;
}

/** Of seats what is shown to whoever may see them. */
export function shownSeats({ owned, used, free }: Seats) {
  return { owned, used, free, overCommitted: Math.max(0, -free) };
}
