// Where accesses, rights, roles, user groups, groups, skills, tags, queues, devices, trunks and caller IDs are kept. Names are unique
// within a kind, and nothing is deleted that a user has, or that another record names.

import { Problem } from '#contract/problems.ts';
import type { Condition } from '#table/condition.ts';
import { type RecordKind, recordKey, recordPartition, recordPrefix } from '#table/keys.ts';
import { absent, type Item, present, put, remove, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { movingClaims, releasingClaims, takingClaims } from './claims.ts';
import { idPrefix, type KnownRecord, type KnownRecords, namesOf, type Queue, recordSchemas, shown } from './record.ts';

const READ_AT_ONCE = 100;

/** Shorter than a user's id, since users carry several. */
function newRecordId(deps: Deps, kind: RecordKind): string {
  return `${idPrefix[kind]}_${deps.randomBytes(6).toString('hex')}`;
}

export async function byIds<Kind extends RecordKind>(
  deps: Deps,
  wanted: readonly { kind: Kind; id: string }[],
): Promise<(KnownRecords[Kind] | undefined)[]> {
  // The table refuses a read that names a key twice.
  const keys = [...new Map(wanted.map(({ kind, id }) => [id, { id, key: recordKey(kind, id) }])).values()];
  const found = new Map<string, Item | undefined>();
  for (let n = 0; n < keys.length; n += READ_AT_ONCE) {
    const some = keys.slice(n, n + READ_AT_ONCE);
    const items = await deps.table.batchGet(some.map(({ key }) => key));
    for (const [at, { id }] of some.entries()) found.set(id, items[at]);
  }
  return wanted.map(({ kind, id }) => {
    const item = found.get(id);
    return item && (recordSchemas[kind]().parse(item) as KnownRecords[Kind]);
  });
}

/** All of a kind, by name. */
export async function all<Kind extends RecordKind>(deps: Deps, kind: Kind): Promise<KnownRecords[Kind][]> {
  const found: KnownRecords[Kind][] = [];
  const read = { partition: recordPartition(kind), beginsWith: recordPrefix(kind), consistent: true };
  for await (const item of deps.table.all(read)) {
    found.push(recordSchemas[kind]().parse(item) as KnownRecords[Kind]);
  }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

type DefinitionKind = 'access' | 'rights' | 'role' | 'user-group';

const EACH_MAX = 200;
const LISTED_MAX = 500;

/** All definitions are read at once, so there must not be too many. @throws Problem `too_many_records` */
export function checkRoom({ size }: Pick<ReadonlyMap<string, unknown>, 'size'>, max = EACH_MAX): void {
  if (size < max) return;
  throw new Problem('too_many_records', {
    detail: `There are ${size}, and ${max} is the most; delete one that nobody has`,
    because: size,
    remedy: 'Delete one that nobody has',
  });
}

/** The same for what is no definition, but is listed whole. @throws Problem `too_many_records` */
export async function checkRoomAmong(deps: Deps, kind: Exclude<RecordKind, DefinitionKind>): Promise<void> {
  checkRoom(new Set(await all(deps, kind)), LISTED_MAX);
}

/** @throws Problem `record_not_found` */
export async function require<Kind extends RecordKind>(
  deps: Deps,
  kind: Kind,
  id: string,
): Promise<KnownRecords[Kind]> {
  const [found] = await byIds(deps, [{ kind, id }]);
  if (!found) throw notFound(kind, id);
  return found;
}

/** What every new record has. */
export function fresh(deps: Deps, kind: RecordKind) {
  return { v: 1 as const, id: newRecordId(deps, kind), version: 1, usedBy: 0, updatedAt: deps.now() };
}

/** The next version of a record with an administrator's changes; null takes a value away. */
export function edited<R extends KnownRecord>(
  deps: Deps,
  before: R,
  changes: { [Field in keyof R]?: R[Field] | null | undefined },
): R {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const values = Object.fromEntries(given.map(([field, value]) => [field, value ?? undefined]));
  return { ...before, ...values, version: before.version + 1, updatedAt: deps.now() };
}

/** @throws at commit `name_taken`, `prefix_taken` */
export function creation(record: KnownRecord): Write[] {
  return [put(stored(record), { if: absent }), ...takingClaims(record), ...namingWrites(undefined, record)];
}

/** @throws at commit `version_stale`, `record_not_found`, `name_taken`, `prefix_taken` */
export function change(before: KnownRecord, after: KnownRecord): Write[] {
  // Field by field: the counts of what has and names it move beside it, in transactions of their own.
  const { usedBy: _usedBy, namedBy: _namedBy, id: _id, type: _type, v: _v, ...fields } = { namedBy: 0, ...after };
  const values = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const gone = Object.keys(before).filter((field) => after[field as keyof KnownRecord] === undefined);
  const write = update(
    recordKey(before.type, before.id),
    { set: values, ...(gone.length > 0 && { remove: gone }) },
    {
      if: ['=', 'version', before.version],
      otherwise: (found) => (found ? stale(before.type, found) : notFound(before.type, before.id)),
    },
  );
  return [write, ...movingClaims(before, after), ...namingWrites(before, after)];
}

/** @throws at commit `version_stale`, `record_not_found`, `record_in_use` */
export function deletion(record: KnownRecord): Write[] {
  const { type: kind, id, version } = record;
  return [
    remove(recordKey(kind, id), {
      if: ['and', ['=', 'version', version], ['=', 'usedBy', 0], none('namedBy'), none('inPersonalProfiles')],
      otherwise: (found) => {
        if (!found) return notFound(kind, id);
        return found.version === version ? refusedFor(recordSchemas[kind]().parse(found), found) : stale(kind, found);
      },
    }),
    ...releasingClaims(record),
    ...namesOf(record).map((named) => count(named.kind, named.id, { namedBy: -1 })),
  ];
}

const none = (count: string): Condition => ['or', ['absent', count], ['=', count, 0]];

function refusedFor(record: KnownRecord, { namedBy = 0, inPersonalProfiles = 0 }: Item): Problem {
  if (record.usedBy > 0) return inUse(record, []);
  if (record.type === 'queue') return namedByRights(record, namedBy as number, []);
  const because = { namedBy, inPersonalProfiles };
  return new Problem('record_in_use', {
    detail:
      namedBy === 0
        ? `Personal profiles of ${inPersonalProfiles === 1 ? 'one user' : `${inPersonalProfiles} users`} name ${record.name}; take it out of them first`
        : `${namedBy} other records name ${record.name}; take it out of them first`,
    rule: 'S0-5',
    because,
    remedy: 'Take it out of what names it first',
  });
}

/** @param names of the rights, as far as whoever asks may know them */
export function namedByRights({ id, name }: Pick<Queue, 'id' | 'name'>, count: number, names: string[]): Problem {
  const which = names.length > 0 ? `: ${names.join(', ')}${count > names.length ? ', …' : ''}` : '';
  return new Problem('record_in_use', {
    detail: `Rights name ${name}, ${count} in all${which}; take ${id} out of them first`,
    rule: 'S0-5',
    because: count,
    remedy: 'Take it out of the rights that name it',
  });
}

/** Counts by how many other records one is named, so that it is not deleted under them. */
function namingWrites(before: KnownRecord | undefined, after: KnownRecord): Write[] {
  return namingMoves(before, after).map(({ kind, id, by }) => count(kind, id, { namedBy: by }));
}

/** What an edit names anew, and what it names no more. */
export function namingMoves(before: KnownRecord | undefined, after: KnownRecord) {
  const had = before ? namesOf(before) : [];
  const has = namesOf(after);
  const differing = (some: typeof has, others: typeof has, by: 1 | -1) =>
    some.filter(({ id }) => !others.some((other) => other.id === id)).map((named) => ({ ...named, by }));
  return [...differing(has, had, 1), ...differing(had, has, -1)];
}

/** So many more or fewer users have it. @throws at commit `prerequisites_missing`, when it was deleted meanwhile */
export function usage(kind: RecordKind, id: string, by: number): Write {
  // A user has a queue as where calls go; rights name queues in a list.
  return count(kind, id, { usedBy: by }, kind === 'queue' ? '/body/target' : undefined);
}

/** One more or one fewer user names it in personal profiles. @throws at commit `prerequisites_missing` */
export function personalUse(kind: RecordKind, id: string, by: 1 | -1): Write {
  return count(kind, id, { inPersonalProfiles: by });
}

/** Both at once: a transaction takes one write of an item. @throws at commit `prerequisites_missing` */
export function uses(kind: RecordKind, id: string, by: { usedBy: number; inPersonalProfiles: number }): Write {
  return count(kind, id, by);
}

/** @param pointer where the request names it, if that is not where it usually does */
function count(kind: RecordKind, id: string, increase: Record<string, number>, pointer?: string): Write {
  const named = { kind, id, ...(pointer !== undefined && { pointer }) };
  return update(recordKey(kind, id), { increase }, { if: present, otherwise: () => missing([named]) });
}

/** Everything that a request refers to and that does not exist, in one refusal (S0-5). */
export function missing(references: readonly { kind: RecordKind; id: string; pointer?: string }[]): Problem {
  const errors = references.map(({ kind, id, pointer = `/body/${fieldOf[kind]}` }) => ({
    pointer,
    detail: `there is no ${kind} ${id}; create it first, or choose one of GET /v1/${plural[kind]}`,
  }));
  return new Problem('prerequisites_missing', {
    detail: errors.map((error) => `${error.pointer}: ${error.detail}`).join('; '),
    errors,
    rule: 'S0-5',
    because: references.map(({ id }) => id),
    remedy: 'Create what is missing first',
  });
}

/** @param titles of the users, as far as whoever asks sees them */
export function inUse(record: KnownRecord, titles: string[]): Problem {
  const who = titles.length > 0 ? `: ${titles.join(', ')}${record.usedBy > titles.length ? ', …' : ''}` : '';
  if (record.type === 'queue') return targetOf(record, who);
  return new Problem('record_in_use', {
    detail: `${record.usedBy} users have ${record.name}${who}; give them another first (GET /v1/${plural[record.type]}/${record.id}/users)`,
    rule: 'S0-5',
    because: record.usedBy,
    remedy: 'Give these users another one',
  });
}

function targetOf({ name, usedBy }: Queue, who: string): Problem {
  return new Problem('record_in_use', {
    detail: `${name} is the target of ${usedBy === 1 ? 'one user' : `${usedBy} users`}, where calls go that they do not answer${who}; give them another target first`,
    rule: 'S0-43',
    because: usedBy,
    remedy: 'Give these users another target, or none',
  });
}

export function stale(kind: RecordKind, found: Item | KnownRecord): Problem {
  const version = found.version as number;
  return new Problem('version_stale', {
    detail: `The ${kind} has version ${version} now; read it, decide again, and send If-Match: "${version}"`,
    because: version,
    extra: { current: shown(recordSchemas[kind]().parse(found)) },
  });
}

/** Where a request names it. */
const fieldOf = {
  access: 'access',
  rights: 'rights',
  role: 'roles',
  'user-group': 'userGroup',
  group: 'groups',
  skill: 'skills',
  tag: 'tags',
  device: 'devices',
  queue: 'queues',
  trunk: 'trunk',
  'caller-ids': 'callerIds',
} as const;

const plural = {
  access: 'accesses',
  rights: 'rights',
  role: 'roles',
  'user-group': 'user-groups',
  group: 'groups',
  skill: 'skills',
  tag: 'tags',
  device: 'devices',
  queue: 'queues',
  trunk: 'trunks',
  'caller-ids': 'caller-ids',
} as const;

function notFound(kind: RecordKind, id: string): Problem {
  return new Problem('record_not_found', { detail: `There is no ${kind} with the id ${id}` });
}

function stored(record: KnownRecord): Item {
  return { ...record, ...recordKey(record.type, record.id) };
}
