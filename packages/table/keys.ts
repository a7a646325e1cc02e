// Every key of the table, in one place. Nothing else composes a key.
//
// Question                                     | Index | Partition                    | Sort                  | Asked by
// ---------------------------------------------|-------|------------------------------|-----------------------|------------------------------
// Who has this login or authentication email?  | base  | CLAIM#sign-in-name#<name>    | CLAIM                 | sign-in, password-resets, users
// A user, all that a sign-in needs             | base  | USER#<user>                  | begins with #         | sign-in (one read)
// A user                                       | base  | USER#<user>                  | #USER                 | every signed-in request, users
// A session                                    | base  | USER#<user>                  | SESSION#<session>     | every signed-in request
// A user's sessions                            | base  | USER#<user>                  | begins with SESSION#  | me, run-jobs
// An API token                                 | base  | USER#<user>                  | TOKEN#<token>         | every request by token
// Whose is this imported token, or number?     | base  | CLAIM#token#<hash>, CLAIM#mobile#<number> | CLAIM    | requests by token, users
// A proof that is waited for                   | base  | USER#<user>                  | PENDING#<what>        | me
// API tokens by expiry or next notice          | due   | DUE#token                    | <time>                | expire-tokens
// A sign-in under way                          | base  | USER#<user>                  | CHALLENGE#<challenge> | sign-in
// Failures of a network in the last hour       | base  | NETWORK#<network>            | LIMIT                 | sign-in
// Mails and audit entries on their way         | base  | OUTBOX#<shard>               | <time>#<id>           | deliver-outbox, expire-tokens
// What changed on a day                        | base  | AUDIT#<day>#<shard>          | <time>#<id>           | audit
// A job                                        | base  | JOB#<job>                    | JOB                   | run-jobs
// Settings, accesses, rights, roles, all at once | base  | DEFINITIONS                  | SETTINGS, ACCESS#<id>, RIGHTS#<id>, ROLE#<id> | every signed-in request, every 5 s
// The active SuperUsers                        | base  | TENANT                       | SUPERUSERS            | users
// Who has this name among accesses, …?         | base  | CLAIM#<kind>-name#<name>     | CLAIM                 | accesses, rights, roles
// The counts of a day                          | base  | SNAPSHOT                     | <day>                 | snapshot-licenses
// Was this built-in record ever made?           | base  | TENANT                       | BUILT-IN#<id>         | provision-tenant
// A POST that may be repeated                  | base  | IDEMPOTENCY#<caller>#<key>   | IDEMPOTENCY           | serve
// Users by title, active or deactivated        | list  | USERS#<shelf>                | <title>               | users
// Invites by expiry                            | due   | DUE#invite                   | <time>                | expire-tokens
// Changes that wait for a sign-out             | due   | DUE#queued                   | <time>                | expire-tokens

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export interface ListKey {
  readonly lpk: string;
  readonly lsk: string;
}

export interface DueKey {
  readonly dpk: string;
  readonly dsk: string;
}

const SHARDS = 8;

const CONTROL = /\p{Cc}/u;

/** Joins parts with `#`; a `#` or `%` inside a part is escaped, so that no value can pose as another key. */
export function key(...parts: string[]): string {
  return parts.map(escapePart).join('#');
}

function escapePart(part: string): string {
  if (CONTROL.test(part)) throw new RangeError('A key must not contain control characters');
  return part.replaceAll('%', '%25').replaceAll('#', '%23');
}

const user = (userId: string) => key('USER', userId);

/** Whose partition it is. */
export const userIdIn = (pk: string) => pk.slice(user('').length);

export const userKeys = {
  partition: user,
  user: (userId: string): Key => ({ pk: user(userId), sk: '#USER' }),
  password: (userId: string): Key => ({ pk: user(userId), sk: '#PASSWORD' }),
  reset: (userId: string): Key => ({ pk: user(userId), sk: '#RESET' }),
  /** The authenticator: its sealed key and the last step that was accepted. */
  authenticator: (userId: string): Key => ({ pk: user(userId), sk: '#AUTHENTICATOR' }),
  recoveryCodes: (userId: string): Key => ({ pk: user(userId), sk: '#RECOVERY' }),
  /** An authenticator key or a contact that waits for its proof. */
  pending: (userId: string, what: 'authenticator' | 'contact'): Key => ({ pk: user(userId), sk: key('PENDING', what) }),
  /** Devices and networks that the user has signed in from. */
  devices: (userId: string): Key => ({ pk: user(userId), sk: '#DEVICES' }),
  /** What parallel sign-ins of one user queue up at, where their sessions are limited. */
  sessionTurn: (userId: string): Key => ({ pk: user(userId), sk: '#SESSION-TURN' }),
  token: (userId: string, tokenId: string): Key => ({ pk: user(userId), sk: key('TOKEN', tokenId) }),
  tokensPrefix: 'TOKEN#',
  limit: (userId: string, kind: string): Key => ({ pk: user(userId), sk: `#LIMIT#${escapePart(kind)}` }),
  /** Prefix of what one read at sign-in gets: user, password, authenticator, devices, limits. */
  credentialsPrefix: '#',
  session: (userId: string, sessionId: string): Key => ({ pk: user(userId), sk: key('SESSION', sessionId) }),
  sessionsPrefix: 'SESSION#',
  challenge: (userId: string, challengeId: string): Key => ({ pk: user(userId), sk: key('CHALLENGE', challengeId) }),
  // Index keys need not be unique: the id is not repeated in them.
  list: (shelf: 'present' | 'deactivated', sortTitle: string): ListKey => ({
    lpk: key('USERS', shelf),
    lsk: key(sortTitle),
  }),
  listPartition: (shelf: 'present' | 'deactivated') => key('USERS', shelf),
  due: (what: DueKind, at: number): DueKey => ({ dpk: duePartition(what), dsk: time(at) }),
};

export type DueKind = 'invite' | 'queued' | 'token';
export const duePartition = (what: DueKind) => key('DUE', what);
/** The last instant that is due. */
export const dueUntil = (now: number) => time(now);

export const claimKey = (space: 'sign-in-name' | 'mobile' | 'token' | `${GrantKind}-name`, value: string): Key => ({
  pk: key('CLAIM', space, value),
  sk: 'CLAIM',
});
export const networkLimitKey = (network: string): Key => ({ pk: key('NETWORK', network), sk: 'LIMIT' });
export const jobKey = (jobId: string): Key => ({ pk: key('JOB', jobId), sk: 'JOB' });
export const snapshotKey = (day: string): Key => ({ pk: 'SNAPSHOT', sk: day });
export const idempotencyKey = (callerId: string, operation: string, given: string): Key => ({
  pk: key('IDEMPOTENCY', callerId, operation, given),
  sk: 'IDEMPOTENCY',
});
export const definitionsPartition = 'DEFINITIONS';
export const settingsKey: Key = { pk: definitionsPartition, sk: 'SETTINGS' };
export type GrantKind = 'access' | 'rights' | 'role';
export const grantKey = (kind: GrantKind, id: string): Key => ({
  pk: definitionsPartition,
  sk: key(kind.toUpperCase(), id),
});
export const builtInKey = (id: string): Key => ({ pk: 'TENANT', sk: key('BUILT-IN', id) });
export const superUsersKey: Key = { pk: 'TENANT', sk: 'SUPERUSERS' };

export const outboxKey = (at: number, id: string): Key => ({ pk: key('OUTBOX', shard(id)), sk: key(time(at), id) });
export const outboxPartitions = Array.from({ length: SHARDS }, (_, n) => key('OUTBOX', String(n)));

/** Sharded by what the entry is about, so that a bulk edit spreads its writes. */
export const auditKey = (at: number, subjectId: string, entryId: string): Key => ({
  pk: key('AUDIT', time(at).slice(0, 10), shard(subjectId)),
  sk: key(time(at), entryId),
});
/** Where the entries about one subject stand on that day. */
export const auditShardOf = (day: string, subjectId: string) => key('AUDIT', day, shard(subjectId));
export const auditPartitions = (day: string) => Array.from({ length: SHARDS }, (_, n) => key('AUDIT', day, String(n)));

function time(at: number): string {
  return new Date(at).toISOString();
}

function shard(id: string): string {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) as number)) >>> 0;
  return String(sum % SHARDS);
}
