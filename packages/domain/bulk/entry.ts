// One user in a bulk edit: what the plan means for them, in the words of the API and as it will be written.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import type { HeldKind } from '#table/keys.ts';
import type { Write } from '#table/write.ts';
import type { NoticeName } from '../notices/notice.ts';

const differences = once(() =>
  z.record(z.string(), z.object({ before: z.unknown().optional(), after: z.unknown().optional() })),
);

const refusal = once(() => z.object({ code: z.string(), detail: z.string(), pointer: z.string().optional() }));

export type Refusal = z.output<ReturnType<typeof refusal>>;

/** Everything that the commit writes for the user beside the next version. */
const toWrite = once(() =>
  z.object({
    set: z.record(z.string(), z.unknown()),
    remove: z.array(z.string()),
    /** Writes of other items, which the user's version guards. */
    besides: z.array(z.custom<Write>()),
    /** Records that the user has from then on, or no longer. */
    uses: z.array(z.object({ kind: z.custom<HeldKind>(), id: z.string(), by: z.union([z.literal(1), z.literal(-1)]) })),
    /** Seats that the user takes or frees; absent where nothing is changed that decides about them. */
    seats: z.array(z.tuple([z.string(), z.union([z.literal(1), z.literal(-1)])])).optional(),
    /** Joins or leaves the active SuperUsers. */
    roll: z.union([z.literal(1), z.literal(-1)]).optional(),
    /** A move, which takes place only while logged off from queues (S3-12). */
    whileLoggedOff: z.literal(true).optional(),
    /** What the user is told. */
    tells: z.array(
      z.object({
        template: z.custom<NoticeName>(),
        data: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
    ),
    /** What had waited for the sign-out, and who had queued it. */
    applied: z
      .object({
        by: z.string(),
        before: z.record(z.string(), z.unknown()),
        after: z.record(z.string(), z.unknown()),
      })
      .optional(),
  }),
);

export type ToWrite = z.output<ReturnType<typeof toWrite>>;

export const entry = once(() =>
  z.object({
    id: z.string(),
    /** Absent for who is out of sight. */
    title: z.string().optional(),
    result: z.enum(['planned', 'unchanged', 'refused']),
    /** The version that it was planned for. */
    version: z.number().optional(),
    changes: differences().optional(),
    endsSessions: z.literal(true).optional(),
    signsOut: z.literal(true).optional(),
    warnings: z.array(z.string()).optional(),
    refusal: refusal().optional(),
    write: toWrite().optional(),
  }),
);

export type Entry = z.output<ReturnType<typeof entry>>;

/** Of a user who will be changed. */
export type PlannedEntry = Entry & Required<Pick<Entry, 'version' | 'changes' | 'write'>>;

export function isPlanned(entry: Entry): entry is PlannedEntry {
  return entry.result === 'planned';
}

export function refusedEntry(id: string, title: string | undefined, problem: Problem): Entry {
  return { id, ...(title !== undefined && { title }), result: 'refused', refusal: refusalOf(problem) };
}

/** A refusal of one user's change in the words of the request for many. */
export function refusalOf({ code, message, facts: { errors = [] } }: Problem): Refusal {
  const detail = errors.reduce((text, { pointer }) => text.replaceAll(pointer, inBulk(pointer)), message);
  const [first] = errors;
  return { code, detail, ...(first && { pointer: inBulk(first.pointer) }) };
}

/** The same for a check that is made for all of them at once. */
export function pointing<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof Problem) || !error.facts.errors) throw error;
    const errors = error.facts.errors.map((each) => ({ ...each, pointer: inBulk(each.pointer) }));
    throw new Problem(error.code, { ...error.facts, detail: refusalOf(error).detail, errors });
  }
}

const OWN_POINTER = /^\/body\/(changes|userGroup|(groups|tags|skills)\/add)(\/|$)/;

/** Pointers into the request of one user become those into the request for many. */
function inBulk(pointer: string): string {
  if (OWN_POINTER.test(pointer)) return pointer;
  return pointer.replace(/^\/body\//, '/body/changes/').replace(/^\/query\//, '/body/users/filter/');
}

/** Members of the transaction that changes the user, beside counts of records. */
export function itemsOf({ besides, whileLoggedOff, tells, applied }: ToWrite): number {
  return 1 + besides.length + tells.length + [whileLoggedOff, applied].filter(Boolean).length;
}
