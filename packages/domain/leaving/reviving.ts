// Bringing a deleted user back whole (C14): with the same id, everything that they were and had, and everything that they prove who
// they are by. Sessions stay dead. Their numbers and their mobile number may be somebody else's by now; then others are given.
//
// The parts of the copy return first, and nobody sees them: without the user's own item they are nothing. That item, and the end of
// the copy, come in the last transaction. Whatever breaks off before it can be repeated, or is cleared away when the time is over.

import { Problem } from '#contract/problems.ts';
import { deletedKey, jobKey } from '#table/keys.ts';
import { check, type Item, put, remove, update, type Write } from '#table/write.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import type { Viewer } from '../grants/sight.ts';
import { advance } from '../jobs/jobs.ts';
import { reseated } from '../licenses/seating.ts';
import * as numbers from '../numbers/numbers.ts';
import { isLive, readItem } from '../tokens/token.ts';
import { detailsCreation, readDetails } from '../users/details.ts';
import { changed } from '../users/edits.ts';
import { checkChangesOfType, checkStaysReachable } from '../users/field-rules.ts';
import { callsLead } from '../users/forwarding.ts';
import type { Person } from '../users/person.ts';
import { checkNumbersDiffer } from '../users/telephony-rules.ts';
import { readUser, type User } from '../users/user.ts';
import * as users from '../users/users.ts';
import { clearUser } from './clearing.ts';
import { type Part, partsOf } from './copies.ts';
import { COUNTS_ALONE, COUNTS_AT_ONCE, type Count, counting, countsOf } from './counts.ts';
import { type Deleted, notFound, requireDeleted } from './deleted.ts';
import { standing } from './references.ts';

/** What is to be otherwise than before; null: none. */
export interface Wishes {
  numericId?: string | null | undefined;
  extension?: string | null | undefined;
  virtualExtension?: string | null | undefined;
  forwarding?: null | undefined;
  target?: null | undefined;
  mobile?: string | null | undefined;
  access?: string | undefined;
  rights?: string | undefined;
  leaveOutMissing: boolean;
}

export interface Revival {
  person: Person;
  /** API tokens that work from now on. */
  tokensWorking: number;
  writes: Write[];
}

/**
 * @throws Problem `deleted_user_not_found`, `prerequisites_missing`, `invalid_input`, `forwarding_loop`; at commit `number_taken`,
 * `mobile_taken`, `license_exhausted`
 */
export async function revival(
  deps: Deps,
  userId: string,
  wishes: Wishes,
  caller: Viewer & { definitions: Definitions },
): Promise<Revival> {
  const { definitions } = caller;
  const asFound = await requireDeleted(deps, userId);
  await completeCopy(deps, asFound.jobId);
  const [core, ...parts] = await partsOf(deps, userId);
  // Restored, or over, since the copy was looked for.
  if (!core) throw notFound(userId);
  checkWishedNumbers(wishes, definitions);
  const person = await standing(deps, wished(deps, personIn(core), wishes), wishes.leaveOutMissing);
  const { details } = person;
  const user = await reseated(deps, undefined, { ...person.user, seats: undefined }, definitions);
  // Where their calls went is as it was, also where nobody is any more; but in a circle nobody comes back.
  const calls = await callsLead(deps, caller, undefined, user, { mayLeadNowhere: true });
  const counts = countsOf(person);
  const deleted = await countedAhead(deps, asFound, counts.slice(COUNTS_AT_ONCE));
  for (const { items } of parts) {
    await deps.table.transact([stillDeleted(deleted), ...items.map((item) => put(item))]);
  }
  const now = deps.now();
  return {
    person: { user, details },
    tokensWorking: tokensIn(parts).filter((token) => isLive(token, user, now)).length,
    writes: [
      remove(deletedKey(userId), { if: ['=', 'revision', deleted.revision], otherwise: overtaken(userId) }),
      ...[core, ...parts].flatMap(({ keys }) => keys.map((key) => remove(key))),
      ...users.revival(user),
      ...detailsCreation(userId, details),
      ...numbers.moves(undefined, user, now, rulesFor(definitions)),
      ...calls,
      ...counting(counts.slice(0, COUNTS_AT_ONCE), 1),
    ],
  };
}

/** The job is left nothing to do, whether the stream has brought it to its end or not. */
async function completeCopy(deps: Deps, jobId: string): Promise<void> {
  while ((await deps.table.get(jobKey(jobId)))?.state === 'running') {
    await advance(deps, jobId, { 'clear-user': clearUser });
  }
}

function personIn({ items }: Part): Person {
  const of = (type: string): Item | undefined => items.find((item) => item.type === type);
  const beside = { signature: of('signature'), telephony: of('telephony') };
  return { user: readUser(of('user') as Item), details: readDetails(of('details'), beside) };
}

/** The next version, under which no session, challenge or reset of before counts. @throws Problem `invalid_input` */
function wished(deps: Deps, { user, details }: Person, { leaveOutMissing: _leave, ...wishes }: Wishes): Person {
  checkChangesOfType(user.userType, wishes);
  const given = Object.entries(wishes).filter(([, value]) => value !== undefined);
  const values = Object.fromEntries(given.map(([field, value]) => [field, value ?? undefined])) as Partial<User>;
  const after = changed(user, deps.now(), { ...values, epoch: user.epoch + 1 });
  checkStaysReachable(user, after);
  checkNumbersDiffer(after);
  return { user: after, details };
}

/** @throws Problem `invalid_input` for another number than before that the tenant keeps back */
function checkWishedNumbers({ numericId, extension, virtualExtension }: Wishes, { settings }: Definitions): void {
  if (numericId) numbers.checkNotReserved('numeric-ids', 'numericId', numericId, settings);
  if (extension) numbers.checkNotReserved('extensions', 'extension', extension, settings);
  if (virtualExtension) numbers.checkNotReserved('extensions', 'virtualExtension', virtualExtension, settings);
}

/** What they had before is theirs again even where the tenant keeps such numbers back by now. */
function rulesFor({ settings: { numberQuarantineDays } }: Definitions) {
  return { numberQuarantineDays, reservedNumericIds: [], reservedExtensions: [] };
}

/** Counts that do not fit into the last transaction; those of an attempt that broke off are taken back first. */
async function countedAhead(deps: Deps, asFound: Deleted, wanted: readonly Count[]): Promise<Deleted> {
  let deleted = asFound;
  while (deleted.counted?.length) {
    const some = deleted.counted.slice(0, COUNTS_ALONE);
    deleted = await noting(deps, deleted, deleted.counted.slice(COUNTS_ALONE), counting(some, -1));
  }
  for (let at = 0; at < wanted.length; at += COUNTS_ALONE) {
    const some = wanted.slice(at, at + COUNTS_ALONE);
    deleted = await noting(deps, deleted, [...(deleted.counted ?? []), ...some], counting(some, 1));
  }
  return deleted;
}

async function noting(deps: Deps, deleted: Deleted, counted: Count[], writes: Write[]): Promise<Deleted> {
  const after = { counted, revision: deleted.revision + 1 };
  const note = update(
    deletedKey(deleted.userId),
    { set: after },
    { if: ['=', 'revision', deleted.revision], otherwise: overtaken(deleted.userId) },
  );
  await deps.table.transact([note, ...writes]);
  return { ...deleted, ...after };
}

function stillDeleted({ userId, revision }: Deleted): Write {
  return check(deletedKey(userId), ['=', 'revision', revision], overtaken(userId));
}

const overtaken = (userId: string) => (found: Item | undefined) =>
  found
    ? new Problem('try_again', { detail: 'Somebody else is restoring this user', retryAfterSeconds: 1 })
    : notFound(userId);

const tokensIn = (parts: readonly Part[]) =>
  parts.flatMap(({ items }) => items.filter(({ type }) => type === 'token').map(readItem));
