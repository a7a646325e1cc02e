// Who is calling, and may they? Read from the store at each request, so that every revocation holds on the next one (K11).

import type { Operation } from '#contract/operation.ts';
import { type Permission, permissionCatalogue, permissions } from '#contract/permissions.ts';
import { Problem } from '#contract/problems.ts';
import type { Deps } from '#domain/deps.ts';
import { byToken } from '#domain/sessions/sessions.ts';
import type { User } from '#domain/users/user.ts';
import type { Event, SignedInCaller } from './visit.ts';

/** @throws Problem `not_signed_in` */
export async function authenticate(deps: Deps, event: Event): Promise<SignedInCaller> {
  const [, token] = /^Bearer ([\w.-]+)$/i.exec(event.headers.authorization ?? '') ?? [];
  const found = token && (await byToken(deps, token));
  if (!found) {
    throw new Problem('not_signed_in', {
      detail: token
        ? 'The session was ended or has expired; sign in again'
        : 'Send the session token of POST /v1/sign-in as Authorization: Bearer …',
    });
  }
  return { ...found, permissions: new Set(permissionsOf(found.user)) };
}

export function permissionsOf(user: User): Permission[] {
  return user.superUser ? permissions : [];
}

/** @throws Problem `not_permitted` that says which permission is missing and who can grant it */
export function authorize(operation: Operation, caller: SignedInCaller): void {
  const needed = operation.caller;
  if (needed === 'self') return;
  if (needed !== 'public' && needed !== 'portal' && caller.permissions.has(needed)) return;
  throw new Problem('not_permitted', {
    detail:
      needed in permissionCatalogue
        ? `This needs the permission ${needed} (${permissionCatalogue[needed as Permission]}); ask an administrator to grant it`
        : 'This is not open to you',
  });
}
