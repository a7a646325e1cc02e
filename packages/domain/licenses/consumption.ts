// Which licenses a user takes, and why: a function of type, access, rights, roles and recording, by the rules of the catalogue, and
// of nothing else (S0-12…S0-14, S0-36).

import type { LicenseRule } from '#contract/license-catalogue.ts';
import type { Permission } from '#contract/permissions.ts';
import type { UserTypeName } from '#contract/user-types.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { withIncluded } from '../grants/effective.ts';
import type { Rights } from '../records/record.ts';
import type { User } from '../users/user.ts';
import type { Wanted } from './licensing.ts';

/** What of a user decides. */
export type Taker = Pick<User, 'userType' | 'state' | 'access' | 'rights' | 'roles' | 'recording' | 'queued'>;
/** What of the definitions decides. */
export type Rules = Pick<Definitions, 'licensing' | 'accesses' | 'rights' | 'roles'>;

/** What of the user a license follows from, by ids. */
export type Cause = {
  /** It waits for the user's sign-out (C2), and needs its seat already. */
  isQueued?: true;
} & (
  | { field: 'type'; type: UserTypeName }
  /** Absent `queue`: all of them. */
  | { field: 'rights'; rights: string; queue?: string | undefined; queues?: number | undefined }
  /** No queue at all: it is the one core license that the type needs. */
  | { field: 'type'; type: UserTypeName; isMinimum: true }
  | { field: 'access' | 'roles'; record: string; permission: Permission }
  | { field: 'recording' }
);

export type Consumption = Map<string, Cause[]>;

/** As things stand: deactivated users take none; what is queued counts already. */
export function consumptionOf(user: Taker, rules: Rules): Consumption {
  const taken: Consumption = new Map();
  if (user.state === 'deactivated') return taken;
  collect(taken, user, rules);
  if (user.queued && (user.queued.access ?? user.queued.rights) !== undefined) {
    const { access = user.access, rights = user.rights } = user.queued;
    collect(taken, { ...user, access, rights }, rules, true);
  }
  return taken;
}

/** What the user needs seats of: while a definition is being changed, those of before and of after. */
export function neededBy(user: Taker, rules: Rules): Set<string> {
  const { underway } = rules.licensing;
  const now = consumptionOf(user, rules).keys();
  if (underway?.phase !== 'taking') return new Set(now);
  return new Set([...now, ...consumptionOf(user, withWanted(rules, underway.wanted)).keys()]);
}

/** The definitions as they will be. */
export function withWanted(rules: Rules, wanted: Wanted): Rules {
  const { licensing, accesses, rights, roles } = rules;
  if (wanted.type === 'catalogue') return { ...rules, licensing: { ...licensing, catalogue: wanted.catalogue } };
  if (wanted.type === 'access') return { ...rules, accesses: new Map(accesses).set(wanted.id, wanted) };
  if (wanted.type === 'rights') return { ...rules, rights: new Map(rights).set(wanted.id, wanted) };
  return { ...rules, roles: new Map(roles).set(wanted.id, wanted) };
}

function collect(taken: Consumption, user: Taker, rules: Rules, isQueued = false): void {
  for (const rule of rules.licensing.catalogue.rules) {
    if (!rule.types.includes(user.userType)) continue;
    for (const [license, causes] of byRule(rule, user, rules)) {
      const known = taken.get(license);
      // What was there before needs no second explanation by what waits.
      if (isQueued && known) continue;
      const given = causes.map((cause) => (isQueued ? { ...cause, isQueued } : cause) as Cause);
      taken.set(license, [...(known ?? []), ...given]);
    }
  }
}

function byRule(rule: LicenseRule, user: Taker, rules: Rules): [license: string, causes: Cause[]][] {
  switch (rule.by) {
    case 'type':
      return [[rule.license, [{ field: 'type', type: user.userType }]]];
    case 'recording': {
      const isRecorded = user.recording !== undefined && user.recording !== 'off';
      return isRecorded ? [[rule.license, [{ field: 'recording' }]]] : [];
    }
    case 'permission': {
      const causes = holding(rule.permission, user, rules);
      return causes.length > 0 ? [[rule.license, causes]] : [];
    }
    case 'queues':
      return byQueues(rule.otherwise, user, rules);
    case 'never':
      return [];
  }
}

function byQueues(otherwise: string | undefined, user: Taker, rules: Rules): [license: string, causes: Cause[]][] {
  const rights = user.rights === undefined ? undefined : rules.rights.get(user.rights);
  const taken = rules.licensing.catalogue.licenses.flatMap(({ id, channel }): [string, Cause[]][] => {
    const cause = channel && rights && queueCause(rights, channel);
    return cause ? [[id, [cause]]] : [];
  });
  if (taken.length > 0 || otherwise === undefined) return taken;
  return [[otherwise, [{ field: 'type', type: user.userType, isMinimum: true }]]];
}

function queueCause(
  { id, queues, channels }: Rights,
  channel: keyof NonNullable<Rights['channels']>,
): Cause | undefined {
  if (queues === 'all') return { field: 'rights', rights: id };
  const found = channels?.[channel];
  return found && { field: 'rights', rights: id, queue: found.queue, queues: found.count };
}

/** By access or role; being a SuperUser is no module that anybody works in. */
function holding(permission: Permission, user: Taker, { accesses, roles }: Rules): Cause[] {
  const access = user.access === undefined ? undefined : accesses.get(user.access);
  return [
    ...(access?.permissions.includes(permission) ? [{ field: 'access' as const, record: access.id, permission }] : []),
    ...(user.roles ?? [])
      .filter((id) => withIncluded(id, roles).some((role) => role.permissions.includes(permission)))
      .map((record) => ({ field: 'roles' as const, record, permission })),
  ];
}
