// What a bulk edit was asked to do: kept beside its plan, so that whoever works on it reads the same.

import * as z from 'zod';
import type { bulk } from '#contract/bulk.ts';
import { once } from '#contract/once.ts';
import { bulkKeys } from '#table/keys.ts';
import { put, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { checkMayAsk, type Filter } from '../directory/filter.ts';
import { checkSuperUser } from '../grants/limits.ts';
import { checkSecondFactor } from '../users/field-rules.ts';
import { checkReferences } from '../users/references.ts';
import { type Actor, asker } from './actor.ts';
import { checkLeadsToNoExtension } from './calls.ts';
import { pointing } from './entry.ts';
import { type Plan, ttlOf } from './plan.ts';

export type Body = z.output<(typeof bulk)['plan-bulk-edit']['body']>;

const requestItem = once(() =>
  z.object({
    type: z.literal('bulk-request'),
    v: z.literal(1),
    /** Twelve bytes a user. */
    ids: z.instanceof(Uint8Array).optional(),
    filter: z.custom<Filter>().optional(),
    undo: z.string().optional(),
    changes: z.custom<NonNullable<Body['changes']>>().optional(),
    groups: z.custom<NonNullable<Body['groups']>>().optional(),
    tags: z.custom<NonNullable<Body['tags']>>().optional(),
    skills: z.custom<NonNullable<Body['skills']>>().optional(),
    userGroup: z.string().optional(),
    asker: asker(),
    /** Where the request came from: nobody shuts themselves out by it. */
    address: z.string(),
  }),
);

export type Request = z.output<ReturnType<typeof requestItem>>;

export function creation(plan: Plan, { users, ...wanted }: Body, by: Pick<Request, 'asker' | 'address'>): Write {
  const request: Request = {
    type: 'bulk-request',
    v: 1,
    ...wanted,
    ...(users?.ids && { ids: packed(users.ids) }),
    ...(users?.filter && { filter: users.filter }),
    ...by,
  };
  return put({ ...request, ...bulkKeys.request(plan.id), ttl: ttlOf(plan) });
}

export async function ofPlan(deps: Deps, planId: string): Promise<Request> {
  return requestItem().parse(await deps.table.get(bulkKeys.request(planId)));
}

/**
 * What no user could be given is refused at once, not ten thousand times.
 * @throws Problem `prerequisites_missing`, `grants_too_much`, `invalid_input`
 */
export async function checkGrantable(deps: Deps, actor: Actor, body: Body): Promise<void> {
  const { changes = {}, groups, tags, skills, userGroup } = body;
  pointing(() => {
    if (changes.superUser) checkSuperUser(actor, true);
    checkLeadsToNoExtension(changes);
    if (changes.secondFactor) checkSecondFactor(changes.secondFactor, actor.definitions.settings);
  });
  const wanted = {
    ...(changes.access && { access: changes.access }),
    ...(changes.rights && { rights: changes.rights }),
    ...(changes.roles && { roles: changes.roles }),
    ...(userGroup && { userGroup }),
    groups: groups?.add ?? changes.groups ?? [],
    tags: tags?.add ?? changes.tags ?? [],
    skills: skills?.add ?? changes.skills ?? [],
    devices: changes.devices ?? [],
    target: changes.target,
  };
  await checkReferences(deps, actor, wanted, actor.definitions, (path) => {
    const [field = ''] = path.split('/');
    if (field === 'userGroup') return `/body/${path}`;
    const isAdded = { groups, tags, skills }[field] !== undefined;
    return isAdded ? `/body/${path.replace(field, `${field}/add`)}` : `/body/changes/${path}`;
  });
}

/** Who does not see a column must not learn of it by a filter either. @throws Problem `not_permitted` */
export function checkMayMean({ permissions }: Actor, { users }: Body): void {
  const { filter } = users ?? {};
  if (filter) pointing(() => checkMayAsk(permissions, filter, 'title'));
}

const ID_BYTES = 12;

function packed(ids: readonly string[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(ids.map((id) => id.slice('usr_'.length)).join(''), 'hex'));
}

/** So many of the ids, from the n-th on. */
export function idsOf(packedIds: Uint8Array, from: number, count: number): string[] {
  const part = Buffer.from(packedIds)
    .subarray(from * ID_BYTES, (from + count) * ID_BYTES)
    .toString('hex');
  return (part.match(new RegExp(`.{${ID_BYTES * 2}}`, 'g')) ?? []).map((id) => `usr_${id}`);
}
