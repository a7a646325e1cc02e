// What a bulk edit means, or meant, for each user, as whoever asks may see it now.

import type { Permission } from '#contract/permissions.ts';
import { userKeys } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import { isInSight, type Viewer } from '../grants/sight.ts';
import { maySeeField } from '../users/open-fields.ts';
import { readUser, type User } from '../users/user.ts';
import { readChunk } from './chunk.ts';
import { type Entry, isPlanned } from './entry.ts';
import type { Plan } from './plan.ts';
import { type Result, readResult, refusalIn } from './result.ts';

/** Where a page ended: before this entry of this chunk. */
export interface Place {
  chunk: number;
  at: number;
}

type Outcome = 'planned' | 'changed' | 'unchanged' | 'refused';

interface Asked {
  limit: number;
  result: Outcome | undefined;
}

interface Asking extends Viewer {
  permissions: ReadonlySet<Permission>;
}

/** Chunks that one page looks into at most; where few match it may hold fewer than the limit, and still have a next one. */
const CHUNKS_A_PAGE = 25;

export async function outcomes(deps: Deps, viewer: Asking, plan: Plan, { limit, result }: Asked, from?: Place) {
  const users: ReturnType<typeof shownOutcome>[] = [];
  let place: Place = from ?? { chunk: 0, at: 0 };
  for (let chunks = 0; place.chunk < plan.chunks && chunks < CHUNKS_A_PAGE && users.length < limit; chunks++) {
    const { chunk: n, at }: Place = place;
    const [entries = [], became] = await read(deps, plan, n);
    const wanted = [...entries.entries()].filter(
      ([index, entry]) => index >= at && (result === undefined || outcomeOf(entry, became) === result),
    );
    const page = wanted.slice(0, limit - users.length);
    const inSight = await seen(
      deps,
      viewer,
      page.map(([, entry]) => entry),
    );
    users.push(...inSight.map((entry) => shownOutcome(viewer, entry, became)));
    const [last] = page.at(-1) ?? [];
    place = page.length < wanted.length && last !== undefined ? { chunk: n, at: last + 1 } : { chunk: n + 1, at: 0 };
  }
  return { users, ...(place.chunk < plan.chunks && { next: place }) };
}

function read(deps: Deps, { id }: Plan, n: number): Promise<[Entry[] | undefined, Result | undefined]> {
  return Promise.all([readChunk(deps, id, n), readResult(deps, id, n)]);
}

/** Who was in sight when it was planned may not be any more. Whoever never was has nothing to show but the id that was given. */
async function seen(deps: Deps, viewer: Asking, entries: readonly Entry[]): Promise<Entry[]> {
  if (viewer.user.superUser || viewer.rights?.users === 'all') return [...entries];
  const known = entries.filter(({ title }) => title !== undefined);
  if (known.length === 0) return [...entries];
  const items = await deps.table.batchGet(
    known.map(({ id }) => userKeys.user(id)),
    { consistent: false },
  );
  const visible = new Set(
    items
      .filter((item) => item !== undefined)
      .map(readUser)
      .filter((user) => isInSight(viewer, user))
      .map(({ id }) => id),
  );
  return entries.filter(({ id, title }) => title === undefined || visible.has(id));
}

function outcomeOf(entry: Entry, became: Result | undefined): Outcome {
  if (!isPlanned(entry) || !became) return entry.result;
  return refusalIn(became, entry.id) ? 'refused' : 'changed';
}

function shownOutcome(viewer: Asking, entry: Entry, became: Result | undefined) {
  const refusal = entry.refusal ?? (isPlanned(entry) && became ? refusalIn(became, entry.id) : undefined);
  const licenses = licensesOf(entry);
  const all = { ...entry.changes, ...(licenses && { licenses }) };
  const changes = Object.entries(all).filter(([field]) => maySeeField(viewer, field));
  return {
    userId: entry.id,
    title: entry.title,
    result: outcomeOf(entry, became),
    ...(entry.changes && { changes: Object.fromEntries(changes) }),
    ...(entry.endsSessions && { signsOut: entry.signsOut ?? false }),
    problem: refusal,
    warnings: entry.warnings,
  };
}

/** Licenses that the user takes, before and after; undefined where they stay the same. */
function licensesOf({ write }: Entry): { before: string[]; after: string[] } | undefined {
  const { seats: moves = [], set } = write ?? {};
  if (moves.length === 0) return undefined;
  const after = Object.keys((set?.seats as User['seats'])?.held ?? {});
  const [taken, freed] = ([1, -1] as const).map((wanted) =>
    moves.filter(([, by]) => by === wanted).map(([license]) => license),
  ) as [string[], string[]];
  return { before: [...after.filter((license) => !taken.includes(license)), ...freed].sort(), after: after.sort() };
}
