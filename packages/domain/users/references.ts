// What a user refers to (access, rights, roles, user group, groups, skills, tags, devices, the queue that is their target), what of it
// must exist (S0-5), and the counts of who has what.

import type { Permission } from '#contract/permissions.ts';
import { Problem } from '#contract/problems.ts';
import { queueOfCalls } from '#contract/telephony.ts';
import type { HeldKind } from '#table/keys.ts';
import type { Write } from '#table/write.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { permissionsOfRole } from '../grants/effective.ts';
import { checkPermissions, checkRights, type Granter } from '../grants/limits.ts';
import { type Access, defaultUserGroup, isQueueId, type Queue, type Rights } from '../records/record.ts';
import * as records from '../records/records.ts';
import type { User } from './user.ts';

export type Referring = Partial<
  Pick<User, 'access' | 'rights' | 'roles' | 'userGroup' | 'groups' | 'skills' | 'tags' | 'devices' | 'queued'>
> & { /** null: a request that takes it away. */ target?: string | null | undefined };

interface Reference {
  kind: HeldKind;
  id: string;
  pointer: string;
}

/**
 * Reads what is newly referred to.
 * @param at pointer to a part of it in the request
 * @throws Problem `prerequisites_missing` with the whole list, `grants_too_much`
 */
export async function checkReferences(
  deps: Deps,
  granter: Granter,
  wanted: Omit<Referring, 'queued'>,
  definitions: Definitions,
  at: (path: string) => string = (path) => `/body/${path}`,
): Promise<void> {
  const references: Reference[] = [
    ...(wanted.access ? [{ kind: 'access' as const, id: wanted.access, pointer: at('access') }] : []),
    ...(wanted.rights ? [{ kind: 'rights' as const, id: wanted.rights, pointer: at('rights') }] : []),
    ...(wanted.roles ?? []).map((id, n) => ({ kind: 'role' as const, id, pointer: at(`roles/${n}`) })),
    ...(wanted.userGroup ? [{ kind: 'user-group' as const, id: wanted.userGroup, pointer: at('userGroup') }] : []),
    ...(wanted.groups ?? []).map((id, n) => ({ kind: 'group' as const, id, pointer: at(`groups/${n}`) })),
    ...(wanted.skills ?? []).map(({ skill: id }, n) => {
      return { kind: 'skill' as const, id, pointer: at(`skills/${n}/skill`) };
    }),
    ...(wanted.tags ?? []).map((id, n) => ({ kind: 'tag' as const, id, pointer: at(`tags/${n}`) })),
    ...(wanted.devices ?? []).map(({ device: id }, n) => {
      return { kind: 'device' as const, id, pointer: at(`devices/${n}/device`) };
    }),
    ...(wanted.target && isQueueId(wanted.target)
      ? [{ kind: 'queue' as const, id: wanted.target, pointer: at('target') }]
      : []),
  ];
  const found = await records.byIds(deps, references);
  const absent = references.filter((_reference, n) => found[n] === undefined);
  if (absent.length > 0) throw records.missing(absent);
  // Fresh reads where there are some: what is granted must not be five seconds old.
  const roles = new Map(definitions.roles);
  for (const record of found) if (record?.type === 'role') roles.set(record.id, record);
  for (const [n, { kind, id, pointer }] of references.entries()) {
    if (kind === 'access') checkPermissions(granter, (found[n] as Access).permissions, pointer);
    if (kind === 'role') checkPermissions(granter, permissionsOfRole(id, roles) as Set<Permission>, pointer);
    if (kind === 'rights') checkRights(granter, found[n] as Rights, pointer);
    if (kind === 'queue') checkTakesCalls(found[n] as Queue, pointer);
  }
}

/** @throws Problem `invalid_input` (S0-43) */
function checkTakesCalls({ name, channel }: Queue, pointer: string): void {
  if (channel === queueOfCalls) return;
  const detail = `names ${name}, a queue of ${channel}, to which no call can go; choose one of ${queueOfCalls}`;
  throw new Problem('invalid_input', {
    detail: `${pointer} ${detail}`,
    errors: [{ pointer, detail }],
    rule: 'S0-43',
    because: channel,
    remedy: `Choose a queue of ${queueOfCalls}: GET /v1/queues`,
  });
}

/** Moves the counts from what the user referred to before to what they refer to after. */
export function usageWrites(before: Referring | undefined, after: Referring): Write[] {
  return usageMoves(before, after).map(({ kind, id, by }) => records.usage(kind, id, by));
}

export interface UsageMove {
  kind: HeldKind;
  id: string;
  by: 1 | -1;
}

export function usageMoves(before: Referring | undefined, after: Referring): UsageMove[] {
  const had = referencesOf(before ?? {});
  const has = referencesOf(after);
  return [
    ...[...has].filter(([id]) => !had.has(id)).map(([id, kind]) => ({ kind, id, by: 1 as const })),
    ...[...had].filter(([id]) => !has.has(id)).map(([id, kind]) => ({ kind, id, by: -1 as const })),
  ];
}

/** A transaction holds a hundred writes, and what else a change of a user brings needs room beside the counts. */
const RELATIONS_MAX = 60;

/** @throws Problem `invalid_input` for more than fit into one transaction, all together or changed at once */
export function checkRelations(before: Referring | undefined, after: Referring): void {
  const [had, has] = [referencesOf(before ?? {}).size, referencesOf(after).size];
  // Who has more already may still have fewer.
  if (has > RELATIONS_MAX && has > had) throw tooMany(has, 'in all', 'Leave some of them out');
  checkMoves(before, after);
}

/** @param beside what else the change looks at. @throws Problem `invalid_input` for more than fit into one transaction */
export function checkMoves(before: Referring | undefined, after: Referring, beside = 0): void {
  const moves = usageMoves(before, after).length;
  if (moves + beside <= RELATIONS_MAX) return;
  throw tooMany(moves, 'at once', 'Change some of them now, and the others after that');
}

function tooMany(count: number, when: string, remedy: string): Problem {
  const detail = `${count} groups, skills, tags, roles and other records ${when} are too many: ${RELATIONS_MAX} is the most`;
  return new Problem('invalid_input', { detail, errors: [{ pointer: '/body', detail }], because: count, remedy });
}

/** Each record once, also when it is both held and queued. */
export function referencesOf({
  access,
  rights,
  roles,
  userGroup = defaultUserGroup,
  groups,
  skills,
  tags,
  devices,
  target,
  queued,
}: Referring): Map<string, HeldKind> {
  const found = new Map<string, HeldKind>();
  for (const id of [access, queued?.access]) if (id) found.set(id, 'access');
  for (const id of [rights, queued?.rights]) if (id) found.set(id, 'rights');
  for (const id of roles ?? []) found.set(id, 'role');
  // The default one is never deleted: nobody needs to know how many are in it.
  if (userGroup !== defaultUserGroup) found.set(userGroup, 'user-group');
  for (const id of groups ?? []) found.set(id, 'group');
  for (const { skill } of skills ?? []) found.set(skill, 'skill');
  for (const id of tags ?? []) found.set(id, 'tag');
  for (const { device } of devices ?? []) found.set(device, 'device');
  if (target && isQueueId(target)) found.set(target, 'queue');
  return found;
}
