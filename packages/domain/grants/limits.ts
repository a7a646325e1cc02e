// Nobody grants more than they hold, on any path, and nobody changes who holds more than themselves.

import type { Permission } from '#contract/permissions.ts';
import { Problem } from '#contract/problems.ts';
import { userKeys } from '#table/keys.ts';
import { check, type Write } from '#table/write.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Rights } from '../records/record.ts';
import type { User } from '../users/user.ts';
import { permissionsOf } from './effective.ts';
import { beyond, type Viewer } from './sight.ts';

export interface Granter extends Viewer {
  permissions: ReadonlySet<Permission>;
}

/** What a user may do and see by themselves; an API token may narrow it (`bearerOf`). */
export function granterOf(user: User, definitions: Definitions): Granter {
  const rights = user.rights === undefined ? undefined : definitions.rights.get(user.rights);
  return { user, permissions: permissionsOf(user, definitions), rights };
}

/** @throws Problem `grants_too_much` that names what the granter lacks */
export function checkPermissions(granter: Granter, wanted: Iterable<Permission>, pointer: string): void {
  const lacking = [...wanted].filter((permission) => !granter.permissions.has(permission));
  if (lacking.length > 0) throw tooMuch(pointer, lacking, `holds ${lacking.join(', ')}, which you do not`);
}

/** @throws Problem `grants_too_much` that names the content beyond the granter's own rights */
export function checkRights(granter: Granter, wanted: Rights, pointer: string): void {
  if (granter.user.superUser) return;
  const parts = beyond(granter.rights, wanted);
  if (parts.length > 0) throw tooMuch(pointer, parts, `reaches further than your own rights in ${parts.join(', ')}`);
}

/** @throws Problem `grants_too_much`: only a SuperUser makes or unmakes one (C12) */
export function checkSuperUser(granter: Granter, isWanted: boolean | undefined, is = false): void {
  if (isWanted === undefined || isWanted === is || granter.user.superUser) return;
  throw tooMuch('/body/superUser', ['superUser'], 'only a SuperUser makes or unmakes a SuperUser');
}

/**
 * Who may change others must not get hold of their accounts by it: not by a new address, not by a sign-out, not by an invite.
 * @throws Problem `outranked`
 */
export function checkReach(granter: Granter, target: User, held: Held): void {
  if (granter.user.superUser || granter.user.id === target.id) return;
  const lacking = [...held.permissions].filter((permission) => !granter.permissions.has(permission));
  const further = held.rights.flatMap((rights) => beyond(granter.rights, rights));
  if (!target.superUser && lacking.length === 0 && further.length === 0) return;
  const because = target.superUser ? 'superUser' : [...lacking, ...further];
  const words = [
    ...(target.superUser ? ['is a SuperUser'] : []),
    ...(lacking.length > 0 ? [`holds ${lacking.join(', ')}, which you do not`] : []),
    ...(further.length > 0 ? [`has rights that reach further than yours in ${further.join(', ')}`] : []),
  ];
  throw new Problem('outranked', {
    detail: `${target.title} ${words.join(' and ')}; ask somebody who holds as much`,
    rule: 'C12',
    because,
    remedy: 'Ask a SuperUser, or somebody who holds as much',
  });
}

/** What was queued for oneself by somebody else is not one's own to take back: it may be a demotion. @throws Problem `outranked` */
export function checkCancelling(granter: Granter, target: User): void {
  const { queued } = target;
  if (!queued || granter.user.superUser || granter.user.id !== target.id || queued.by === granter.user.id) return;
  throw new Problem('outranked', {
    detail: 'This was queued for you by somebody else; ask them, or a SuperUser, to take it back',
    rule: 'C12',
    because: queued.by,
    remedy: 'Ask who queued it',
  });
}

/** All that a user holds, or will hold at their next sign-out. */
export interface Held {
  permissions: ReadonlySet<Permission>;
  rights: readonly Rights[];
}

/**
 * An edit of a definition must not cost the editor a permission by oversight.
 * @throws Problem `would_lose_own_permission`
 */
export function checkOwnLoss(editor: Granter, afterwards: ReadonlySet<Permission>, force: boolean): void {
  const lost = [...editor.permissions].filter((permission) => !afterwards.has(permission));
  if (lost.length === 0 || force) return;
  throw new Problem('would_lose_own_permission', {
    detail: `By this you would lose ${lost.join(', ')} yourself; repeat with ?force=true if you mean it`,
    because: lost,
    remedy: 'Repeat with ?force=true',
  });
}

/** What the granter holds must still be so when the change commits. Nothing for a change of oneself: its own version holds that. */
export function stillHolds(granter: Granter, targetId?: string): Write[] {
  const { id, version } = granter.user;
  if (id === targetId) return [];
  return [check(userKeys.user(id), ['=', 'version', version], callerChanged)];
}

export function callerChanged(): Problem {
  return new Problem('caller_changed', {
    detail: 'Your own account was changed at this very moment; look at what you may do now, and repeat',
    rule: 'C12',
    remedy: 'Repeat the request',
  });
}

function tooMuch(pointer: string, because: unknown, detail: string): Problem {
  return new Problem('grants_too_much', {
    detail: `${pointer} ${detail}; nobody grants more than they hold`,
    errors: [{ pointer, detail }],
    rule: 'C12',
    because,
    remedy: 'Ask somebody who holds it',
  });
}
