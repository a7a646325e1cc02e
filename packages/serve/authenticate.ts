// Who is calling, and may they? Read from the store at each request, so that every revocation holds on the next one (K11).

import type { Operation } from '#contract/operation.ts';
import { isPermission, type Permission, permissionCatalogue } from '#contract/permissions.ts';
import { Problem } from '#contract/problems.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import type { Deps } from '#domain/deps.ts';
import { granterOf } from '#domain/grants/limits.ts';
import { checkNetworkOf } from '#domain/limits/allowed-networks.ts';
import { byToken, type Origin, type Session } from '#domain/sessions/sessions.ts';
import type { ApiToken } from '#domain/tokens/token.ts';
import { bearerOf, byValue, recordUse } from '#domain/tokens/use.ts';
import type { User } from '#domain/users/user.ts';
import type { Event, SignedInCaller } from './visit.ts';

/** Visible ASCII: values of other systems, which may hold anything that a header can, are accepted beside ours (S0-52). */
const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i;

/**
 * Session or API token and user are read at this request; definitions beside them, when the known ones are five seconds old.
 * @param operation id of what is called, for the token's last use
 * @throws Problem `not_signed_in`, `network_not_allowed`
 */
export async function authenticate(
  deps: Deps,
  event: Event,
  origin: Origin,
  operation: string,
): Promise<SignedInCaller> {
  const value = bearerIn(event);
  const [found, asKnown] = value ? await Promise.all([proven(deps, value), definitions.current(deps)]) : [];
  if (!found || !asKnown) {
    throw new Problem('not_signed_in', {
      // One text for all that is wrong: it must not tell a disabled token from one that never was.
      detail: value
        ? 'No session and no API token is good with this value: it may have ended, expired or been disabled; sign in again, or use another'
        : 'Send the session token of POST /v1/sign-in, or an API token, as Authorization: Bearer …',
    });
  }
  const { user, session, token } = found;
  const known = await definitions.knowing(deps, asKnown, user);
  checkNetworkOf(user, origin.address, known);
  if (token) {
    // After the network: a stolen token is not kept alive from where it is not accepted.
    await recordUse(deps, token, { network: origin.network, operation });
    return { ...bearerOf(token, user, known), token, definitions: known };
  }
  return { ...granterOf(user, known), ...(session && { session }), definitions: known };
}

/** What is sent as Authorization: Bearer …, if anything that could be good is. */
export function bearerIn(event: Event): string | undefined {
  return BEARER.exec(event.headers.authorization ?? '')?.[1];
}

/** A value says itself what it is: a session's begins with rses_, any other may be an API token's. */
async function proven(
  deps: Deps,
  value: string,
): Promise<{ user: User; session?: Session; token?: ApiToken } | undefined> {
  return value.startsWith('rses_') ? byToken(deps, value) : byValue(deps, value);
}

/** @throws Problem `session_needed`, `token_needed`, `not_permitted` that says which permission is missing and what would grant it */
export function authorize(operation: Operation, caller: SignedInCaller, event: Event): void {
  if (operation.session && !caller.session) {
    throw new Problem('session_needed', {
      detail: 'This is for people who are signed in; an API token may not do it, whatever its owner may do',
      rule: 'K5',
      remedy: 'Sign in and use the session token',
    });
  }
  const needed = operation.caller;
  const isHeld = needed === 'self' || (isPermission(needed) && caller.permissions.has(needed));
  if (isHeld) {
    checkIsProgram(operation, caller);
    checkIsSuperUser(operation, caller);
    checkStaysNarrow(operation, caller, event);
    return;
  }
  if (!isPermission(needed)) throw new Problem('not_permitted', { detail: 'This is not open to you' });
  throw notHeld(caller, needed);
}

/** Where what the request is about takes another permission than the operation. @throws Problem `not_permitted` */
export function checkHolds(caller: SignedInCaller, needed: Permission): void {
  if (!caller.permissions.has(needed)) throw notHeld(caller, needed);
}

function notHeld({ token }: SignedInCaller, needed: Permission): Problem {
  const { allows } = permissionCatalogue[needed];
  const isNarrowed = token?.scopes !== undefined && !token.scopes.includes(needed);
  return new Problem('not_permitted', {
    detail: `This needs the permission ${needed} (${allows}), which ${isNarrowed ? 'this API token is not open to' : 'neither your access nor a role of yours holds'}`,
    rule: isNarrowed ? 'K5' : 'S0-13',
    because: needed,
    remedy: isNarrowed ? 'Use a token with this scope' : 'Ask an administrator for an access or a role that holds it',
  });
}

function checkIsProgram(operation: Operation, { token }: SignedInCaller): void {
  if (!operation.token || token) return;
  throw new Problem('token_needed', {
    detail: 'This is for programs; people who are signed in may not do it, whatever they hold',
    rule: 'C24',
    remedy: 'Use an API token',
  });
}

/** A token that is narrowed acts without the mark of its owner. */
function checkIsSuperUser(operation: Operation, { user }: SignedInCaller): void {
  if (!operation.superUser || user.superUser) return;
  throw new Problem('not_permitted', {
    detail: `This is for SuperUsers; ${operation.caller} alone is not enough`,
    rule: 'C14',
    because: 'superUser',
    remedy: 'Ask a SuperUser',
  });
}

/** Everybody reaches themselves; a narrowed token would get hold of all that its owner holds by it, with a new address for instance. */
function checkStaysNarrow(operation: Operation, { token, user }: SignedInCaller, event: Event): void {
  if (!token?.scopes || operation.audit === null || event.pathParameters?.userId !== user.id) return;
  throw new Problem('not_permitted', {
    detail: 'An API token that is narrowed to scopes does not change its own owner',
    rule: 'K5',
    because: token.scopes,
    remedy: 'Use the token of another user, or one without scopes',
  });
}
