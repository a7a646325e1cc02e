// Editing an access, rights, a role or the catalogue may change what thousands of users take. Such an edit is prepared by a job
// (moving-users.ts): first everybody takes the seats that they will need, then it is in force, then what is needed no more is freed.
// So nobody works without a seat, and none is sold twice, at any moment; and where seats run out, nothing has changed.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import type { Permission } from '#contract/permissions.ts';
import { Problem, type ProblemCode, type ProblemFacts } from '#contract/problems.ts';
import type { Condition } from '#table/condition.ts';
import { editionKey, licensingKey, seatsKey } from '#table/keys.ts';
import { type Item, put, update, type Write } from '#table/write.ts';
import { asked } from '../audit/audit.ts';
import { DefinitionsMoved } from '../definitions/moved.ts';
import type { Deps } from '../deps.ts';
import { permissionsOfRole } from '../grants/effective.ts';
import { begin, type Job } from '../jobs/jobs.ts';
import type { Access, Rights, Role } from '../records/record.ts';
import * as records from '../records/records.ts';
import { type Rules, withWanted } from './consumption.ts';
import { countedIn, idsOf, type Licensing, licensingItem, type Wanted } from './licensing.ts';
import { sameEdition } from './seats.ts';

export type DefiningRecord = Access | Rights | Role;

export const movingFacts = once(() =>
  z.object({
    /** The record, or the catalogue, as it was. */
    before: z.custom<Wanted>(),
    /** What the audit says of the request. */
    told: z.object({ event: z.string(), actor: z.string(), ...asked() }),
    /** Seats are taken whether there are any or not: the operator’s own choice. */
    force: z.boolean(),
    /** What it goes through the users for; each time from the first one on. */
    phase: z.enum(['taking', 'settling']),
    /** In which partition of the list of users it is, and where. */
    partition: z.number(),
    from: z.record(z.string(), z.unknown()).optional(),
    /** Whether anybody was moved, or met in motion, since the first partition: then it begins there once more. */
    isMoved: z.boolean(),
    /** As the edit came out (licensing.ts). */
    applied: z.literal(true).optional(),
    refusal: z.object({ code: z.custom<ProblemCode>(), facts: z.custom<ProblemFacts>() }).optional(),
  }),
);

export type MovingFacts = z.output<ReturnType<typeof movingFacts>>;

/** May anybody take other licenses by it, by what is in force or by what is being prepared? */
export function bearsOnLicenses(rules: Rules, before: DefiningRecord, after: DefiningRecord): boolean {
  const { underway } = rules.licensing;
  if (isBearing(rules, before, after)) return true;
  return underway !== undefined && isBearing(withWanted(rules, underway.wanted), before, after);
}

function isBearing(rules: Rules, before: DefiningRecord, after: DefiningRecord): boolean {
  return JSON.stringify(featuresOf(rules, before)) !== JSON.stringify(featuresOf(withWanted(rules, after), after));
}

/** What of a record the rules look at. */
function featuresOf({ licensing, roles }: Rules, record: DefiningRecord): unknown {
  const { licenses, rules } = licensing.catalogue;
  if (record.type === 'rights') {
    const known = licenses.flatMap(({ channel }) => (channel ? [channel] : []));
    return record.queues === 'all' ? 'all' : known.filter((channel) => record.channels[channel] !== undefined);
  }
  const held: ReadonlySet<Permission> =
    record.type === 'access'
      ? new Set(record.permissions)
      : permissionsOfRole(record.id, new Map(roles).set(record.id, record));
  return rules.flatMap((rule) => (rule.by === 'permission' && held.has(rule.permission) ? [rule.permission] : []));
}

/** Does anybody have it, by themselves or by a role that includes it? */
export function isUsed({ roles }: Rules, { type, id, usedBy }: DefiningRecord): boolean {
  return usedBy > 0 || (type === 'role' && [...roles.values()].some(({ includes }) => includes.includes(id)));
}

/**
 * Writes of an edit that bears on licenses, of a record that nobody has: it is in force at once.
 * @throws at commit DefinitionsMoved, when somebody has it by now; Problem `licenses_moving`
 */
export function editUnused(licensing: Licensing, before: DefiningRecord, after: DefiningRecord): Write[] {
  const [write, ...others] = records.change(before, after) as [Write, ...Write[]];
  const unnamed: Condition[] = before.type === 'role' ? [['or', ['absent', 'namedBy'], ['=', 'namedBy', 0]]] : [];
  const unused: Write = {
    ...write,
    if: ['and', ['=', 'version', before.version], ['=', 'usedBy', 0], ...unnamed],
    otherwise: (found) =>
      found?.version === before.version ? new DefinitionsMoved() : (write.otherwise?.(found) as Error),
  };
  // Whoever is going through the users would not hear of it.
  const edition = nextEdition({ ...licensing, underway: undefined }, { set: { last: lastOf(after) } });
  return [unused, ...others, ...edition];
}

/** Writes of an edit that bears on no license, by the edition by which that was judged. @throws at commit DefinitionsMoved */
export function editInert({ edition }: Licensing, before: DefiningRecord, after: DefiningRecord): Write[] {
  return [...records.change(before, after), ...(edition > 0 ? [sameEdition(edition)] : [])];
}

export function lastOf({ id, version }: DefiningRecord): Licensing['last'] {
  return { id, version };
}

/** The next edition, in which every license that is held is counted from then on. @throws at commit Problem `licenses_moving` */
export function nextEdition(
  licensing: Licensing,
  changes: { set?: Record<string, unknown>; remove?: string[] },
): Write[] {
  const { edition, underway } = licensing;
  const asKnown = underway ? (['=', 'underway.jobId', underway.jobId] as const) : (['absent', 'underway'] as const);
  return [
    update(
      licensingKey,
      { set: { ...changes.set, edition: edition + 1 }, ...(changes.remove && { remove: changes.remove }) },
      { if: ['and', ['=', 'edition', edition], asKnown], otherwise: movedOrMoving },
    ),
    put({ ...editionKey, type: 'edition', v: 1, edition: edition + 1 }),
    ...countedIn(licensing).map((id) => update(seatsKey(id), { set: { edition: edition + 1 } })),
  ];
}

function movedOrMoving(found: Item | undefined): Error {
  const { underway } = licensingItem().parse(found);
  return underway ? licensesMoving(underway.jobId) : new DefinitionsMoved();
}

export function licensesMoving(jobId: string): Problem {
  return new Problem('licenses_moving', {
    detail: 'Another edit that changes what users take is being prepared; there is one at a time',
    because: jobId,
    remedy: `Wait until it is done (GET /v1/jobs/${jobId}), and repeat`,
  });
}

interface Beginning {
  before: Wanted;
  told: MovingFacts['told'];
  force?: boolean;
  /** Of licenses that are not counted yet: their counters, in the next edition. */
  newSeats?: Write[];
}

/**
 * The job that brings it about, and the writes that set it going: from then on whoever is changed needs the seats of both.
 * @throws at commit Problem `licenses_moving`, DefinitionsMoved
 */
export function beginMoving(
  deps: Deps,
  licensing: Licensing,
  wanted: Wanted,
  { before, told, force = false, newSeats = [] }: Beginning,
): { jobId: string; writes: Write[] } {
  const facts: MovingFacts = { before, told, force, phase: 'taking', partition: 0, isMoved: false };
  const total = before.type === 'catalogue' ? undefined : before.usedBy;
  const job = begin(deps, {
    kind: 'move-licenses',
    facts,
    startedBy: told.actor,
    isOpen: true,
    ...(total !== undefined && { total }),
  });
  const underway = { jobId: job.id, phase: 'taking', wanted };
  const counted = wanted.type === 'catalogue' && {
    counted: [...new Set([...countedIn(licensing), ...idsOf(wanted.catalogue)])],
  };
  // There is one at a time, also where another one is known of.
  const edition = nextEdition({ ...licensing, underway: undefined }, { set: { underway, ...counted } });
  return { jobId: job.id, writes: [job.write, ...edition, ...newSeats] };
}

/** How the job stands, for who waits for it. @throws Problem that it was given up for */
export function outcomeOf(job: Pick<Job, 'facts' | 'state'>): 'applied' | 'preparing' {
  const { applied, refusal } = movingFacts().parse(job.facts);
  if (refusal) throw new Problem(refusal.code, refusal.facts);
  return applied ? 'applied' : 'preparing';
}
