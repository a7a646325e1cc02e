// Notices to administrators: that seats of a license run out, and that some are not used. Each is told by a job (telling.ts), whose id
// says what it tells and when, so that it is begun once however often it is found.

import { licenseKeys } from '#table/keys.ts';
import { type Item, update, type Write } from '#table/write.ts';
import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { begin } from '../jobs/jobs.ts';
import { type Seats, seatsItem } from './seats.ts';
import { snapshotsOf } from './snapshots.ts';
import type { Told } from './telling.ts';

const DAY_MS = 86_400_000;

/** Percent of the owned seats that are used, each told of when it is reached. */
const LEVELS = [80, 95, 100] as const;

/** A change of a counter, as the stream tells it. */
interface SeatsChange {
  before: Item | undefined;
  after: Item | undefined;
}

/** Begins to tell of a level that use has risen to, once a license, level and day. Also where seats were taken away. */
export async function watchSeats(deps: Deps, { before, after }: SeatsChange): Promise<void> {
  if (after === undefined) return;
  const seats = seatsItem().parse(after);
  const level = levelOf(seats);
  if (level <= levelOf(before && seatsItem().parse(before))) return;
  const day = dayOf(deps.now());
  const { license, used, owned } = seats;
  await beginOnce(deps, `job_seats-${license}-${level}-${day}`, {
    template: 'seats-running-out',
    license,
    data: { level, used, owned },
  });
}

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

function levelOf(seats: Seats | undefined): number {
  if (!seats || seats.used === 0) return 0;
  return LEVELS.findLast((level) => seats.used * 100 >= level * seats.owned) ?? 0;
}

/**
 * Begins to tell of seats that nobody has used on any of the days up to the last snapshot, once in so many days a license.
 * @param held goes into each write: the lease that it stands on
 */
export async function tellUnused(deps: Deps, lastDay: string, held: () => Write): Promise<void> {
  const { settings, licensing } = await definitions.latest(deps);
  const { unusedSeatDays: count } = settings;
  // What was true long ago, when such a day is caught up by hand, is no news.
  if (count === 0 || Date.parse(lastDay) + 2 * DAY_MS < deps.now()) return;
  const firstDay = dayOf(Date.parse(lastDay) - (count - 1) * DAY_MS);
  for (const { id: license } of licensing.catalogue.licenses) {
    const known = await snapshotsOf(deps, license, firstDay, lastDay);
    const unused = Math.min(...Array.from(known.values(), ({ owned, peak }) => owned - peak));
    if (known.size < count || unused < 1) continue;
    const last = known.get(lastDay);
    const data = { unused, owned: last?.owned ?? 0, days: count };
    await tellOnce(deps, license, { lastDay, count }, data, held);
  }
}

async function tellOnce(
  deps: Deps,
  license: string,
  { lastDay, count }: { lastDay: string; count: number },
  data: Told['data'],
  held: () => Write,
): Promise<void> {
  const due = dayOf(Date.parse(lastDay) - count * DAY_MS);
  const { write } = begin(deps, { kind: 'tell-administrators', facts: { template: 'seats-unused', license, data } });
  const mark = update(
    licenseKeys.unused(license),
    { set: { type: 'told', v: 1, day: lastDay } },
    { if: ['or', ['absent', 'day'], ['<=', 'day', due]], otherwise: () => new Known() },
  );
  await deps.table.transact([held(), mark, write]).catch(ignoreKnown);
}

async function beginOnce(deps: Deps, id: string, told: Told): Promise<void> {
  const { write } = begin(deps, { id, kind: 'tell-administrators', facts: { ...told } });
  await deps.table.transact([{ ...write, otherwise: () => new Known() }]).catch(ignoreKnown);
}

/** It was told already. */
class Known extends Error {
  override readonly name = 'Known';
}

function ignoreKnown(error: unknown): void {
  if (!(error instanceof Known)) throw error;
}
