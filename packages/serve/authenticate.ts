// Who is calling, and may they? Read from the store at each request, so that every revocation holds on the next one (K11).

import type { Operation } from '#contract/operation.ts';
import { isPermission, permissionCatalogue } from '#contract/permissions.ts';
import { Problem } from '#contract/problems.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import type { Deps } from '#domain/deps.ts';
import { permissionsOf } from '#domain/grants/effective.ts';
import { checkNetwork } from '#domain/limits/allowed-networks.ts';
import { byToken, type Origin } from '#domain/sessions/sessions.ts';
import type { Event, SignedInCaller } from './visit.ts';

/**
 * Session and user are read at this request; definitions beside them, when the known ones are five seconds old.
 * @throws Problem `not_signed_in`, `network_not_allowed`
 */
export async function authenticate(deps: Deps, event: Event, origin: Origin): Promise<SignedInCaller> {
  const [, token] = /^Bearer ([\w.-]+)$/i.exec(event.headers.authorization ?? '') ?? [];
  const [found, asKnown] = token ? await Promise.all([byToken(deps, token), definitions.current(deps)]) : [];
  if (!found || !asKnown) {
    throw new Problem('not_signed_in', {
      detail: token
        ? 'The session was ended or has expired; sign in again'
        : 'Send the session token of POST /v1/sign-in as Authorization: Bearer …',
    });
  }
  const { user } = found;
  const known = await definitions.knowing(deps, asKnown, user);
  checkNetwork(known.settings, origin.address);
  return {
    ...found,
    permissions: permissionsOf(user, known),
    rights: user.rights === undefined ? undefined : known.rights.get(user.rights),
    definitions: known,
  };
}

/** @throws Problem `not_permitted` that says which permission is missing and what would grant it */
export function authorize(operation: Operation, caller: SignedInCaller): void {
  const needed = operation.caller;
  if (needed === 'self' || (isPermission(needed) && caller.permissions.has(needed))) return;
  if (!isPermission(needed)) throw new Problem('not_permitted', { detail: 'This is not open to you' });
  const { allows } = permissionCatalogue[needed];
  throw new Problem('not_permitted', {
    detail: `This needs the permission ${needed} (${allows}), which neither your access nor a role of yours holds`,
    rule: 'S0-13',
    because: needed,
    remedy: 'Ask an administrator for an access or a role that holds it',
  });
}
