// Where accesses, rights and roles are kept. Names are unique within a kind, and nothing is deleted that a user has.

import { canonicalName } from '#contract/fields.ts';
import { Problem } from '#contract/problems.ts';
import { claimKey, definitionsPartition, type GrantKind, grantKey } from '#table/keys.ts';
import { absent, type Item, present, put, remove, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { type GrantRecord, type GrantRecords, grantSchemas, idPrefix, namesOf } from './record.ts';

/** Shorter than a user's id, since users carry several. */
function newRecordId(deps: Deps, kind: GrantKind): string {
  return `${idPrefix[kind]}_${deps.randomBytes(6).toString('hex')}`;
}

export async function byIds<Kind extends GrantKind>(
  deps: Deps,
  wanted: readonly { kind: Kind; id: string }[],
): Promise<(GrantRecords[Kind] | undefined)[]> {
  // The table refuses a read that names a key twice.
  const keys = new Map(wanted.map(({ kind, id }) => [id, grantKey(kind, id)]));
  if (keys.size === 0) return [];
  const items = await deps.table.batchGet([...keys.values()]);
  const found = new Map([...keys.keys()].map((id, n) => [id, items[n]]));
  return wanted.map(({ kind, id }) => {
    const item = found.get(id);
    return item && (grantSchemas[kind]().parse(item) as GrantRecords[Kind]);
  });
}

/** All of a kind, by name. */
export async function all<Kind extends GrantKind>(deps: Deps, kind: Kind): Promise<GrantRecords[Kind][]> {
  const found: GrantRecords[Kind][] = [];
  const beginsWith = `${kind.toUpperCase()}#`;
  for await (const item of deps.table.all({ partition: definitionsPartition, beginsWith, consistent: true })) {
    found.push(grantSchemas[kind]().parse(item) as GrantRecords[Kind]);
  }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

const EACH_MAX = 200;

/** All definitions are read at once, so there must not be too many. @throws Problem `too_many_records` */
export function checkRoom(known: ReadonlyMap<string, unknown>): void {
  if (known.size < EACH_MAX) return;
  throw new Problem('too_many_records', {
    detail: `There are ${known.size}, and ${EACH_MAX} is the most; delete one that nobody has`,
    because: known.size,
    remedy: 'Delete one that nobody has',
  });
}

/** @throws Problem `record_not_found` */
export async function require<Kind extends GrantKind>(deps: Deps, kind: Kind, id: string): Promise<GrantRecords[Kind]> {
  const [found] = await byIds(deps, [{ kind, id }]);
  if (!found) throw notFound(kind, id);
  return found;
}

/** What every new record has. */
export function fresh(deps: Deps, kind: GrantKind) {
  return { v: 1 as const, id: newRecordId(deps, kind), version: 1, usedBy: 0, updatedAt: deps.now() };
}

/** The next version of a record with an administrator's changes; null takes a value away. */
export function edited<R extends GrantRecord>(
  deps: Deps,
  before: R,
  changes: { [Field in keyof R]?: R[Field] | null | undefined },
): R {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const values = Object.fromEntries(given.map(([field, value]) => [field, value ?? undefined]));
  return { ...before, ...values, version: before.version + 1, updatedAt: deps.now() };
}

/** @throws at commit `name_taken` */
export function creation(record: GrantRecord): Write[] {
  return [put(stored(record), { if: absent }), takeName(record), ...namingWrites(undefined, record)];
}

/** @throws at commit `version_stale`, `record_not_found`, `name_taken` */
export function change(before: GrantRecord, after: GrantRecord): Write[] {
  // Field by field: the count of users moves beside it, in transactions of its own.
  const { usedBy: _usedBy, id: _id, type: _type, v: _v, ...fields } = after;
  const values = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const gone = Object.keys(before).filter((field) => after[field as keyof GrantRecord] === undefined);
  const write = update(
    grantKey(before.type, before.id),
    { set: values, ...(gone.length > 0 && { remove: gone }) },
    {
      if: ['=', 'version', before.version],
      otherwise: (found) => (found ? stale(before.type, found) : notFound(before.type, before.id)),
    },
  );
  const isRenamed = canonicalName(before.name) !== canonicalName(after.name);
  const names = isRenamed ? [releaseName(before), takeName(after)] : [];
  return [write, ...names, ...namingWrites(before, after)];
}

/** @throws at commit `version_stale`, `record_not_found`, `record_in_use` */
export function deletion(record: GrantRecord): Write[] {
  const { type: kind, id, version } = record;
  return [
    remove(grantKey(kind, id), {
      if: ['and', ['=', 'version', version], ['=', 'usedBy', 0], ['or', ['absent', 'namedBy'], ['=', 'namedBy', 0]]],
      otherwise: (found) => {
        if (!found) return notFound(kind, id);
        return found.version === version ? inUse(grantSchemas[kind]().parse(found), []) : stale(kind, found);
      },
    }),
    releaseName(record),
    ...namesOf(record).map((named) => count(kind, named, { namedBy: -1 })),
  ];
}

/** Counts by how many records of its kind one is named, so that it is not deleted under them. */
function namingWrites(before: GrantRecord | undefined, after: GrantRecord): Write[] {
  const had = before ? namesOf(before) : [];
  const has = namesOf(after);
  return [
    ...has.filter((id) => !had.includes(id)).map((id) => count(after.type, id, { namedBy: 1 })),
    ...had.filter((id) => !has.includes(id)).map((id) => count(after.type, id, { namedBy: -1 })),
  ];
}

/** One more or one fewer user has it. @throws at commit `prerequisites_missing`, when it was deleted meanwhile */
export function usage(kind: GrantKind, id: string, by: 1 | -1): Write {
  return count(kind, id, { usedBy: by });
}

function count(kind: GrantKind, id: string, increase: Record<string, 1 | -1>): Write {
  return update(grantKey(kind, id), { increase }, { if: present, otherwise: () => missing([{ kind, id }]) });
}

/** Everything that a request refers to and that does not exist, in one refusal (S0-5). */
export function missing(references: readonly { kind: GrantKind; id: string; pointer?: string }[]): Problem {
  const errors = references.map(({ kind, id, pointer = `/body/${kind}` }) => ({
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

export function inUse(record: GrantRecord, titles: string[]): Problem {
  const who = titles.length > 0 ? `: ${titles.join(', ')}${record.usedBy > titles.length ? ', …' : ''}` : '';
  return new Problem('record_in_use', {
    detail: `${record.usedBy} users have ${record.name}${who}; give them another first (GET /v1/${plural[record.type]}/${record.id}/users)`,
    rule: 'S0-5',
    because: record.usedBy,
    remedy: 'Give these users another one',
  });
}

export function stale(kind: GrantKind, found: Item | GrantRecord): Problem {
  const version = found.version as number;
  return new Problem('version_stale', {
    detail: `The ${kind} has version ${version} now; read it, decide again, and send If-Match: "${version}"`,
    because: version,
  });
}

const plural = { access: 'accesses', rights: 'rights', role: 'roles' } as const;

function notFound(kind: GrantKind, id: string): Problem {
  return new Problem('record_not_found', { detail: `There is no ${kind} with the id ${id}` });
}

function takeName(record: GrantRecord): Write {
  const key = claimKey(`${record.type}-name`, canonicalName(record.name));
  const detail = `There is ${record.type} with the name ${record.name} already, case aside; choose another`;
  return put(
    { ...key, type: 'claim', v: 1, recordId: record.id },
    {
      if: absent,
      otherwise: () =>
        new Problem('name_taken', { detail, errors: [{ pointer: '/body/name', detail }], because: record.name }),
    },
  );
}

function releaseName(record: GrantRecord): Write {
  return remove(claimKey(`${record.type}-name`, canonicalName(record.name)), { if: ['=', 'recordId', record.id] });
}

function stored(record: GrantRecord): Item {
  return { ...record, ...grantKey(record.type, record.id) };
}
