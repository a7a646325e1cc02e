// The kind of job that plans a bulk edit: finds the users, judges each, and says who would be signed out. What a turn plans is
// written with the job's progress, in one transaction: a turn that is repeated plans nobody twice.

import { Problem } from '#contract/problems.ts';
import { superUsersKey, userKeys } from '#table/keys.ts';
import type { Item } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import type { Job, Turn } from '../jobs/jobs.ts';
import { allSeats, type Seats, usedUp } from '../licenses/seats.ts';
import * as sessions from '../sessions/sessions.ts';
import { readDetails, touchesDetails } from '../users/details.ts';
import type { Person } from '../users/person.ts';
import { checkReferences, type UsageMove } from '../users/references.ts';
import { touchesTelephony } from '../users/telephony.ts';
import { readUser } from '../users/user.ts';
import * as users from '../users/users.ts';
import { type Actor, actorNow, checkStillHeld } from './actor.ts';
import { chunkWrite, countsOf, Packer } from './chunk.ts';
import { type Entry, isPlanned, refusedEntry } from './entry.ts';
import { planningFacts } from './jobs.ts';
import { entryOf, type Meant } from './judge.ts';
import { PORTION, type Portion, portion } from './meant.ts';
import * as plans from './plan.ts';
import type { Position } from './position.ts';
import { ofPlan, type Request } from './request.ts';

/** Of one turn: few enough for the function's memory, and for one transaction of at most 100 members and 4 MB. */
const TURN_USERS = 1500;
const TURN_CHUNKS = 97;
const TURN_BYTES = 2_000_000;
/** Sessions are asked for of so many users at a time. */
const AT_ONCE = 16;

export async function planBulkEdit(deps: Deps, job: Job): Promise<Turn> {
  const { planId, leaving, free, position: begun } = planningFacts().parse(job.facts);
  const plan = await plans.byId(deps, planId);
  // Forgotten by the table meanwhile.
  if (!plan) return { writes: [], done: 0, isLast: true };
  const request = await ofPlan(deps, planId);
  const [actor, roll] = await Promise.all([actorOf(deps, request), rollOf(deps)]);
  // Of the beginning: what others do meanwhile the commit finds out.
  const seats = free ? undefined : await seatsAtHand(deps, actor);
  const planning = new Planning(deps, request, actor, roll, { leaving, free: free ?? freeOf(seats) });
  const packer = new Packer();
  let at: Position | undefined = begun;
  let isLast = false;
  // Each user of a portion may need a chunk of their own.
  const hasRoom = () => packer.chunks.length + PORTION < TURN_CHUNKS && packer.bytes < TURN_BYTES;
  for (let count = 0; !isLast && count < TURN_USERS && hasRoom(); ) {
    const found = await planning.portion(at);
    const entries = await planning.entriesOf(found);
    for (const entry of entries) packer.add(entry);
    count += entries.length;
    at = found.position;
    isLast = at === undefined;
  }
  packer.close();
  const counts = countsOf(packer.chunks.flat());
  return {
    writes: [
      ...packer.chunks.map((chunk, n) => chunkWrite(plan, plan.chunks + n, chunk)),
      plans.progress(planId, counts, { chunks: packer.chunks.length, isLast, moves: planning.moves, seats }),
    ],
    done: counts.users,
    isLast,
    facts: { planId, leaving: planning.leaving, free: planning.free, ...(at && { position: at }) },
  };
}

/** Undefined when they may not any more: then nobody is planned. */
async function actorOf(deps: Deps, { asker }: Request): Promise<Actor | Problem> {
  try {
    const actor = await actorNow(deps, asker);
    checkStillHeld(actor, asker);
    return actor;
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'caller_changed')) throw error;
    return error;
  }
}

async function rollOf(deps: Deps): Promise<number> {
  const roll = await deps.table.get(superUsersKey);
  return (roll?.ids as Set<string> | undefined)?.size ?? 0;
}

async function seatsAtHand(deps: Deps, actor: Actor | Problem): Promise<Seats[]> {
  return actor instanceof Problem ? [] : allSeats(deps, actor.definitions.licensing.catalogue);
}

function freeOf(seats: readonly Seats[] = []): Record<string, number> {
  return Object.fromEntries(seats.map(({ license, free }) => [license, free]));
}

/** One turn's work on the users that it comes to. */
class Planning {
  readonly #deps: Deps;
  readonly #request: Request;
  readonly #actor: Actor | Problem;
  readonly #roll: number;
  /** What became of asking for a record: the same for all users who would get it. */
  readonly #references = new Map<string, Promise<Problem | undefined>>();
  /** Active SuperUsers who would be none any more. */
  leaving: number;
  /** Seats that are left, by license. */
  readonly free: Record<string, number>;
  /** How many seats this turn's users take or free. */
  readonly moves: Record<string, number> = {};

  constructor(
    deps: Deps,
    request: Request,
    actor: Actor | Problem,
    roll: number,
    { leaving, free }: { leaving: number; free: Record<string, number> },
  ) {
    this.#deps = deps;
    this.#request = request;
    this.#actor = actor;
    this.#roll = roll;
    this.leaving = leaving;
    this.free = { ...free };
  }

  async portion(at: Position | undefined): Promise<Portion> {
    // Nobody is looked for in the name of who may not look.
    if (this.#actor instanceof Problem && !this.#request.ids) return { users: [], position: undefined };
    return portion(this.#deps, this.#actor as Actor, this.#request, at);
  }

  async entriesOf({ users: asked }: Portion): Promise<Entry[]> {
    const actor = this.#actor;
    if (actor instanceof Problem) return asked.map(({ id }) => refusedEntry(id, undefined, actor));
    const judging = { actor, now: this.#deps.now(), address: this.#request.address };
    const found = await this.#read(asked);
    const judged = found.map((meant) => ({ entry: entryOf(judging, meant), meant }));
    const waiting = [...judged.entries()];
    const entries: Entry[] = [];
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [n, { entry, meant }] = next;
        entries[n] = isPlanned(entry) ? await this.#complete(actor, entry, meant) : entry;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return entries.map((entry) => this.#withSeats(this.#withRoll(entry)));
  }

  /** A moment old perhaps: what is planned is committed only on the version that was read. */
  async #read(asked: Portion['users']): Promise<Meant[]> {
    const { changes = {}, undo, userGroup } = this.#request;
    const items = (keys: (userId: string) => { pk: string; sk: string }, isWanted: boolean) =>
      isWanted && asked.length > 0
        ? this.#deps.table.batchGet(
            asked.map(({ id }) => keys(id)),
            { consistent: false },
          )
        : Promise.resolve<(Item | undefined)[]>([]);
    const isUndo = undo !== undefined;
    const isMove = userGroup !== undefined || isUndo;
    const [userItems, detailItems, telephonyItems, workItems] = await Promise.all([
      items(userKeys.user, true),
      items(userKeys.details, touchesDetails(changes) || isMove),
      items(userKeys.telephony, touchesTelephony(changes) || isUndo),
      items(userKeys.work, isMove),
    ]);
    return asked.map(({ id, wanted }, n) => {
      const user = userItems[n];
      const details = readDetails(detailItems[n], { telephony: telephonyItems[n] });
      const person: Person | undefined = user && { user: readUser(user), details };
      return { id, person, work: workItems[n], wanted };
    });
  }

  /** What takes reading: may it be granted, and who is signed in? */
  async #complete(actor: Actor, entry: Entry, { person }: Meant): Promise<Entry> {
    const added = (entry.write?.uses ?? []).filter(({ by }) => by === 1);
    const refusals = await Promise.all(added.map((use) => this.#referring(actor, use)));
    const refusal = refusals.find((each) => each !== undefined);
    if (refusal) return refusedEntry(entry.id, entry.title, refusal);
    if (!entry.endsSessions || !person) return entry;
    const live = await sessions.live(this.#deps, person.user, { consistent: false });
    return live.length > 0 ? { ...entry, signsOut: true } : entry;
  }

  #referring(actor: Actor, { kind, id }: UsageMove): Promise<Problem | undefined> {
    const known = this.#references.get(id);
    if (known) return known;
    const asking = this.#askFor(actor, kind, id);
    this.#references.set(id, asking);
    return asking;
  }

  async #askFor(actor: Actor, kind: UsageMove['kind'], id: string): Promise<Problem | undefined> {
    const wanted = {
      access: { access: id },
      rights: { rights: id },
      role: { roles: [id] },
      'user-group': { userGroup: id },
      group: { groups: [id] },
      skill: { skills: [{ skill: id, level: 1 }] },
      tag: { tags: [id] },
      device: { devices: [{ device: id, delaySeconds: 0, ringSeconds: 1 }] },
      queue: { target: id },
    }[kind];
    try {
      await checkReferences(this.#deps, actor, wanted, actor.definitions);
      return undefined;
    } catch (error) {
      if (!(error instanceof Problem && /^(prerequisites_missing|grants_too_much|invalid_input)$/.test(error.code)))
        throw error;
      return error;
    }
  }

  /** In the order in which they are committed: who comes when no seat is left goes without. */
  #withSeats(entry: Entry): Entry {
    const moves = entry.write?.seats ?? [];
    const lacking = moves.find(([license, by]) => by === 1 && (this.free[license] ?? 0) < 1);
    if (lacking) return refusedEntry(entry.id, entry.title, usedUp(lacking[0]));
    for (const [license, by] of moves) {
      this.free[license] = (this.free[license] ?? 0) - by;
      this.moves[license] = (this.moves[license] ?? 0) + by;
    }
    return entry;
  }

  /** The last active SuperUser stays, whoever else is planned to leave (I6). */
  #withRoll(entry: Entry): Entry {
    if (entry.write?.roll !== -1) return entry;
    if (this.#roll - this.leaving > 1) {
      this.leaving++;
      return entry;
    }
    return refusedEntry(entry.id, entry.title, users.lastSuperUser({ title: entry.title ?? entry.id }));
  }
}
