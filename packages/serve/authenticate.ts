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
/** RFC 7617: a user name, which says nothing here, and behind the first colon the token. */
const BASIC = /^Basic +([A-Za-z0-9+/]{1,1024}={0,2})$/i;
const NAME_AND_TOKEN = /^[^:]*:([\x21-\x7e]{1,512})$/;

/**
 * Session or API token and user are read at this request; definitions beside them, when the known ones are five seconds old.
 * @param operation what is called, for the token's last use, and for whether Basic is open there
 * @throws Problem `not_signed_in`, `network_not_allowed`
 */
export async function authenticate(
  deps: Deps,
  event: Event,
  origin: Origin,
  operation: Pick<Operation, 'id' | 'basic' | 'duringCall'>,
): Promise<SignedInCaller> {
  const given = credentialIn(event, operation);
  const [found, asKnown] = given ? await Promise.all([proven(deps, given, operation), definitions.current(deps)]) : [];
  if (!found || !asKnown) {
    throw new Problem('not_signed_in', {
      // One text for all that is wrong: it must not tell a disabled token from one that never was.
      detail: given
        ? 'No session and no API token is good with this value: it may have ended, expired or been disabled; sign in again, or use another'
        : `Send the session token of POST /v1/sign-in, or an API token, as Authorization: Bearer …${operation.basic ? '; or an API token as the password of Basic' : ''}`,
    });
  }
  const { user, session, token } = found;
  const known = await definitions.knowing(deps, asKnown, user);
  checkNetworkOf(user, origin.address, known);
  if (token) {
    // After the network: a stolen token is not kept alive from where it is not accepted.
    await recordUse(deps, token, { network: origin.network, operation: operation.id });
    return { ...bearerOf(token, user, known), token, definitions: known };
  }
  return { ...granterOf(user, known), ...(session && { session }), definitions: known };
}

/** What is sent as Authorization: Bearer …, if anything that could be good is. */
export function bearerIn(event: Event): string | undefined {
  return BEARER.exec(event.headers.authorization ?? '')?.[1];
}

interface Credential {
  value: string;
  /** Sent by Basic: a browser repeats that unasked, so that no session is taken from there. */
  isBasic?: true;
}

function credentialIn(event: Event, { basic }: Pick<Operation, 'basic'>): Credential | undefined {
  const bearer = bearerIn(event);
  if (bearer !== undefined) return { value: bearer };
  const [, encoded] = (basic && BASIC.exec(event.headers.authorization ?? '')) || [];
  const [, value] = NAME_AND_TOKEN.exec(Buffer.from(encoded ?? '', 'base64').toString('latin1')) ?? [];
  return value === undefined ? undefined : { value, isBasic: true };
}

/** A value says itself what it is: a session's begins with rses_, any other may be an API token's. */
async function proven(
  deps: Deps,
  { value, isBasic }: Credential,
  { duringCall }: Pick<Operation, 'duringCall'>,
): Promise<{ user: User; session?: Session; token?: ApiToken } | undefined> {
  if (!value.startsWith('rses_')) return byValue(deps, value);
  return isBasic ? undefined : byToken(deps, value, { duringCall: duringCall === true });
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
