// Why somebody takes a license, in words and as data (S0-15): the causes of a consumption, by the names of what they follow from.

import type * as z from 'zod';
import type { licenseCause } from '#contract/license-cause.ts';
import type { Deps } from '../deps.ts';
import * as records from '../records/records.ts';
import { type Cause, type Consumption, consumptionOf, type Rules, type Taker, withWanted } from './consumption.ts';

export type ToldCause = z.output<ReturnType<typeof licenseCause>>;

/** License → why; of what is being prepared only what is not taken anyway. */
export type Causes = Map<string, (Cause & { isComing?: true })[]>;

/** By the definitions in force, and by an edit of them that is being prepared: its seats are taken before it is in force. */
export function causesOf(user: Taker, rules: Rules): Causes {
  const causes: Causes = consumptionOf(user, rules);
  const { underway } = rules.licensing;
  if (underway?.phase !== 'taking') return causes;
  const coming: Consumption = consumptionOf(user, withWanted(rules, underway.wanted));
  for (const [license, why] of coming) {
    if (!causes.has(license))
      causes.set(
        license,
        why.map((cause) => ({ ...cause, isComing: true })),
      );
  }
  return causes;
}

/** Names of the queues that these causes name; rights are definitions, and their names are at hand. */
export async function queueNames(deps: Deps, causes: Iterable<Causes>): Promise<Map<string, string>> {
  const named = Array.from(causes, (each) => [...each.values()].flat()).flat();
  const ids = [...new Set(named.flatMap((cause) => (cause.field === 'rights' && cause.queue ? [cause.queue] : [])))];
  if (ids.length === 0) return new Map();
  const found = await records.byIds(
    deps,
    ids.map((id) => ({ kind: 'queue' as const, id })),
  );
  return new Map(found.filter((queue) => queue !== undefined).map(({ id, name }) => [id, name]));
}

type Names = Pick<Rules, 'accesses' | 'rights' | 'roles'>;

export function told(cause: Cause & { isComing?: true }, names: Names, queues: ReadonlyMap<string, string>): ToldCause {
  const { isQueued, isComing } = cause;
  const when = [
    ...(isQueued ? ['from their next sign-out on'] : []),
    ...(isComing ? ['as soon as it is in force'] : []),
  ];
  return {
    field: cause.field,
    text: [inWords(cause, names, queues), ...when].join(', '),
    ...(isQueued && { queued: isQueued }),
    ...(isComing && { coming: isComing }),
    ids: asData(cause),
  };
}

function inWords(cause: Cause, { accesses, rights, roles }: Names, queues: ReadonlyMap<string, string>): string {
  switch (cause.field) {
    case 'type':
      return 'isMinimum' in cause
        ? `type ${cause.type} takes one channel at least, and the rights include no queue`
        : `type ${cause.type}`;
    case 'rights': {
      const name = rights.get(cause.rights)?.name ?? cause.rights;
      if (cause.queue === undefined) return `rights ${name} include all queues`;
      const others = (cause.queues ?? 1) - 1;
      return `rights ${name} include queue ${queues.get(cause.queue) ?? cause.queue}${others > 0 ? ` and ${others} more` : ''}`;
    }
    case 'access':
      return `access ${accesses.get(cause.record)?.name ?? cause.record} holds ${cause.permission}`;
    case 'roles':
      return `role ${roles.get(cause.record)?.name ?? cause.record} holds ${cause.permission}`;
    case 'recording':
      return 'calls are recorded';
  }
}

function asData(cause: Cause): ToldCause['ids'] {
  switch (cause.field) {
    case 'type':
      return { type: cause.type };
    case 'rights':
      return {
        rights: cause.rights,
        ...(cause.queue !== undefined && { queue: cause.queue }),
        ...(cause.queues !== undefined && { queues: cause.queues }),
      };
    case 'access':
      return { access: cause.record, permission: cause.permission };
    case 'roles':
      return { role: cause.record, permission: cause.permission };
    case 'recording':
      return {};
  }
}
