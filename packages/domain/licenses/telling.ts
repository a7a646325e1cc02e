// The kind of job that tells administrators of licenses by mail: whoever has access to Licensing, is admitted, and has an address.
// It goes through the list of users; a turn's mails commit with its progress, so each gets one.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { userKeys } from '#table/keys.ts';
import type { Item, Write } from '#table/write.ts';
import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { permissionsOf } from '../grants/effective.ts';
import type { Job, Turn } from '../jobs/jobs.ts';
import { notice } from '../notices/notice.ts';
import { isAdmitted, readListed, readUser } from '../users/user.ts';

/** Rows that are read at once. */
const ROWS = 500;
/** A mail each, and the job's progress. */
const MAILS_MAX = 80;
/** How long a turn begins another page. */
const TURN_MS = 15_000;

/** Nobody else can have access to anything. */
const partitions = userKeys.listPartitions('agents');

const tellingFacts = once(() =>
  z.object({
    template: z.enum(['seats-running-out', 'seats-unused']),
    license: z.string(),
    data: z.record(z.string(), z.number()),
    /** In which partition of the list of users it is, and where. */
    partition: z.number().default(0),
    from: z.record(z.string(), z.unknown()).optional(),
  }),
);

type TellingFacts = z.output<ReturnType<typeof tellingFacts>>;
export type Told = Pick<TellingFacts, 'template' | 'license' | 'data'>;

export async function tellAdministrators(deps: Deps, job: Job): Promise<Turn> {
  let facts = tellingFacts().parse(job.facts);
  const known = await definitions.current(deps);
  const until = Date.now() + TURN_MS;
  do {
    const partition = partitions[facts.partition];
    if (partition === undefined) return { writes: [], done: 0, isLast: true, facts };
    const { items, next } = await deps.table.query({ index: 'users', partition, limit: ROWS, from: facts.from });
    const found = items.filter((item) => mayRead(item, known));
    const some = found.slice(0, MAILS_MAX);
    const writes = await mailsTo(deps, some, facts, known);
    const isCut = found.length > some.length;
    facts = {
      ...facts,
      ...(isCut
        ? { from: placeOf(some.at(-1) as Item) }
        : { from: next, partition: next ? facts.partition : facts.partition + 1 }),
    };
    if (writes.length > 0) return { writes, done: writes.length, isLast: false, facts };
  } while (Date.now() < until);
  return { writes: [], done: 0, isLast: false, facts };
}

function mayRead(item: Item, known: definitions.Definitions): boolean {
  const row = readListed(item);
  return row.state === 'active' && row.authEmail !== undefined && permissionsOf(row, known).has('licenses:read');
}

/** The rows may be a moment old; who is written to is judged by their own items. */
async function mailsTo(
  deps: Deps,
  rows: readonly Item[],
  { template, license, data }: Told,
  known: definitions.Definitions,
): Promise<Write[]> {
  if (rows.length === 0) return [];
  const users = (await deps.table.batchGet(rows.map(({ pk, sk }) => ({ pk, sk }))))
    .filter((item) => item !== undefined)
    .map(readUser)
    .filter((user) => isAdmitted(user, deps.now()) && user.authEmail !== undefined && !user.authEmailTrouble)
    .filter((user) => permissionsOf(user, known).has('licenses:read'));
  const name = known.licensing.catalogue.licenses.find(({ id }) => id === license)?.name ?? license;
  const mails = users.map((user) =>
    notice(deps, user, template, { ...data, license: name }, { authEmail: user.authEmail }),
  );
  return (await Promise.all(mails)).flat();
}

/** Where a read of the list goes on behind this row. */
function placeOf({ pk, sk, lpk, lsk }: Item): Record<string, unknown> {
  return { pk, sk, lpk, lsk };
}
