// The one transaction that commits a chunk: each of its users on the version that was planned, the counts of records moved once
// for all of them, the result, and the outbox item from which their audit entries follow. Whoever cannot be changed is left out,
// and the others are tried again.

import { Problem } from '#contract/problems.ts';
import { userKeys } from '#table/keys.ts';
import { absent, type Item, put, update, type Write } from '#table/write.ts';
import { entry as auditEntry } from '../audit/audit.ts';
import { waitingEntries } from '../audit/entries.ts';
import type { Deps } from '../deps.ts';
import { stillHolds } from '../grants/limits.ts';
import * as move from '../inheritance/move.ts';
import { notice } from '../notices/notice.ts';
import * as records from '../records/records.ts';
import { readUser, type User } from '../users/user.ts';
import * as users from '../users/users.ts';
import type { Actor } from './actor.ts';
import { type PlannedEntry, type Refusal, refusalOf } from './entry.ts';
import type { Told } from './jobs.ts';
import type { Plan } from './plan.ts';
import { type Result, resultOf, storedResult } from './result.ts';
import { seatWrites, withoutSeats } from './seats.ts';

/** Which chunk of which plan, and in the name of whom. */
export interface Committing {
  plan: Plan;
  n: number;
  /** What the audit says of the request that committed. */
  told: Told;
}

/** A member of the transaction, and what it means when it fails. */
interface Member {
  write: Write;
  failed: (found: Item | undefined) => Failure;
}

/** Done by another worker before; who asked was changed; definitions were; or these users are left out. */
export type Failure = 'done' | 'actor' | 'definitions' | Record<string, Refusal>;

/**
 * Whoever is left out leaves their seat, and their place on the roll, to the others. So what fails for all of them together is
 * heard only when nothing fails that is of one user alone: else somebody would go without what stays free.
 * @returns the result, if nothing stood against it
 */
export async function attempt(
  deps: Deps,
  { plan, n, told }: Committing,
  actor: Actor,
  going: readonly PlannedEntry[],
  refused: Record<string, Refusal>,
): Promise<{ result: Result } | { failures: Failure[] }> {
  const at = deps.now();
  const result = resultOf(at, refused);
  const happened = { plan: plan.id, chunk: n, at, actor: plan.by, ...told };
  const isSelf = going.some(({ id }) => id === actor.user.id);
  const own: Member[] = [
    { write: put(storedResult(plan, n, result), { if: absent }), failed: () => 'done' },
    ...(await memberships(deps, going, at)),
    ...countMembers(going),
    ...(isSelf ? [] : stillHolds(actor).map((write) => ({ write, failed: () => 'actor' as const }))),
    ...(going.length > 0 ? [{ write: waitingEntries(deps, happened), failed: () => 'done' as const }] : []),
  ];
  const roll = rollMembers(going);
  const seats = seatWrites(going, actor.definitions.licensing.edition);
  const failed = await deps.table.attempt([...[...own, ...roll].map(({ write }) => write), ...seats]);
  if (failed.length === 0) return { result };
  const foundOf = new Map(failed.map(({ write, found }) => [write, found]));
  const failuresOf = (members: readonly Member[]) =>
    members.filter(({ write }) => foundOf.has(write)).map((member) => member.failed(foundOf.get(member.write)));
  const failures = [failuresOf(own), failuresOf(roll)].find((some) => some.length > 0);
  return { failures: failures ?? [withoutSeats(going, failed) ?? 'definitions'] };
}

/** All that is written for each user alone. */
async function memberships(deps: Deps, going: readonly PlannedEntry[], at: number): Promise<Member[]> {
  const told = await toldUsers(deps, going);
  const members = going.map(async (entry): Promise<Member[]> => {
    const { id, write } = entry;
    const user = told.get(id);
    return [
      { write: userWrite(entry, at), failed: (found) => ({ [id]: refusalOf(staleOf(id, found)) }) },
      ...write.besides.map((each) => ({ write: each, failed: () => ({ [id]: refusalOf(overtaken()) }) })),
      ...(write.whileLoggedOff ? [loggedOffMember(entry)] : []),
      ...(user ? await noticeMembers(deps, entry, user) : []),
      ...(write.applied ? [appliedMember(deps, entry)] : []),
    ];
  });
  return (await Promise.all(members)).flat();
}

/** Only what changes, on the version that was planned: so nobody need be read again. */
function userWrite({ id, version, write }: PlannedEntry, at: number): Write {
  return update(
    userKeys.user(id),
    { set: { ...write.set, ...takenAt(write, at), version: version + 1, updatedAt: at }, remove: write.remove },
    { if: ['=', 'version', version] },
  );
}

/** Seats are held from the commit on, not from when it was planned. */
function takenAt({ set, seats = [] }: PlannedEntry['write'], at: number): { seats?: User['seats'] } {
  const planned = set.seats as User['seats'];
  if (!planned) return {};
  const taken = seats.filter(([, by]) => by === 1).map(([license]) => [license, at]);
  return { seats: { ...planned, held: { ...planned.held, ...Object.fromEntries(taken) } } };
}

function staleOf(id: string, found: Item | undefined): Problem {
  if (!found) return users.notFound(id);
  const { version, title } = readUser(found);
  return new Problem('version_stale', {
    detail: `Somebody changed ${title} after this was planned (version ${version} now); plan it anew`,
    because: version,
  });
}

function overtaken(): Problem {
  return new Problem('version_stale', {
    detail: 'Something that belongs to this user was changed meanwhile; plan it anew',
  });
}

function loggedOffMember({ id, title = id }: PlannedEntry): Member {
  const write = move.stillLoggedOff({ id, title });
  const problem = (found: Item | undefined) => write.otherwise?.(found) as Problem;
  return { write, failed: (found) => ({ [id]: refusalOf(problem(found)) }) };
}

/** Who is told of it needs an address: they are read for it, on the version that was planned. */
async function toldUsers(deps: Deps, going: readonly PlannedEntry[]): Promise<Map<string, User>> {
  const told = going.filter(({ write }) => write.tells.length > 0);
  if (told.length === 0) return new Map();
  const items = await deps.table.batchGet(told.map(({ id }) => userKeys.user(id)));
  const found = items.filter((item) => item !== undefined).map(readUser);
  return new Map(found.map((user) => [user.id, user]));
}

async function noticeMembers(deps: Deps, { write }: PlannedEntry, user: User): Promise<Member[]> {
  const gone = Object.fromEntries(write.remove.map((field) => [field, undefined]));
  const after: User = { ...user, ...write.set, ...gone };
  const notices = await Promise.all(write.tells.map(({ template, data }) => notice(deps, after, template, data)));
  return notices.flat().map((each) => ({ write: each, failed: () => 'done' }));
}

function appliedMember(deps: Deps, { id, write: { applied } }: PlannedEntry): Member {
  const { by, before, after } = applied as NonNullable<PlannedEntry['write']['applied']>;
  const happened = { event: 'user.queued-change-applied', actor: by, subject: { type: 'user', id } };
  return { write: auditEntry(deps, { ...happened, before, after }), failed: () => 'done' };
}

/** Each record once, however many users get it or lose it. */
function countMembers(going: readonly PlannedEntry[]): Member[] {
  const moved = new Map<string, { write: (by: number) => Write; by: number; gaining: string[] }>();
  for (const { id: userId, write } of going) {
    for (const { kind, id, by } of write.uses) {
      const known = moved.get(id) ?? { write: (sum: number) => records.usage(kind, id, sum), by: 0, gaining: [] };
      known.by += by;
      if (by === 1) known.gaining.push(userId);
      moved.set(id, known);
    }
  }
  return [...moved.values()].map(({ write, by, gaining }) => {
    const counting = write(by);
    const problem = (found: Item | undefined) => refusalOf(counting.otherwise?.(found) as Problem);
    return {
      write: counting,
      failed: (found) => Object.fromEntries(gaining.map((userId) => [userId, problem(found)])),
    };
  });
}

/** The roll of active SuperUsers; should nobody be left on it, the last who would leave stays. */
function rollMembers(going: readonly PlannedEntry[]): Member[] {
  const idsWith = (roll: 1 | -1) => going.filter(({ write }) => write.roll === roll);
  const [joining, leaving] = [idsWith(1), idsWith(-1)];
  // A set is added to or taken from in one write, not both.
  if (joining.length > 0 && leaving.length > 0) throw new Error('A bulk edit makes SuperUsers and unmakes others');
  if (joining.length > 0) {
    return [{ write: users.joiningSuperUsers(joining.map(({ id }) => id)), failed: () => 'done' }];
  }
  const last = leaving.at(-1);
  if (!last) return [];
  const problem = users.lastSuperUser({ title: last.title ?? last.id });
  const write = users.leavingSuperUsers(
    leaving.map(({ id }) => id),
    () => problem,
  );
  return [{ write, failed: () => ({ [last.id]: refusalOf(problem) }) }];
}
