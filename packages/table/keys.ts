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
// Whose is this SIP account?                    | base  | CLAIM#sip-username#<name>    | CLAIM                 | users, connectors
// A user's picture, and the upload of the next one | base | USER#<user>                | PICTURE               | pictures, process-picture
// A proof that is waited for                   | base  | USER#<user>                  | PENDING#<what>        | me
// API tokens by expiry or next notice          | due   | DUE#token                    | <time>                | expire-tokens
// A sign-in under way                          | base  | USER#<user>                  | CHALLENGE#<challenge> | sign-in
// Failures of a network in the last hour       | base  | NETWORK#<network>            | LIMIT, LIMIT#telephone | sign-in, presence
// Mails and audit entries on their way         | base  | OUTBOX#<shard>               | <time>#<id>           | deliver-outbox, expire-tokens
// What changed on a day                        | base  | AUDIT#<day>#<shard>          | <time>#<id>           | audit
// A job                                        | base  | JOB#<job>                    | JOB                   | run-jobs
// Settings, accesses, rights, roles, user groups, all at once | base | DEFINITIONS     | SETTINGS, ACCESS#<id>, RIGHTS#<id>, ROLE#<id>, USER-GROUP#<id> | every signed-in request, every 5 s
// Licenses: their catalogue        | base  | DEFINITIONS                  | LICENSING             | every signed-in request, every 5 s
// Seats of a license                           | base  | LICENSE#<license>            | SEATS                 | users, leaving, bulk, licenses
// Is this still the edition of licenses?       | base  | LICENSE                      | EDITION               | users, bulk
// Groups, skills, tags, queues, devices, trunks, caller IDs | base | RECORDS#<kind> | <KIND>#<id>           | groups, skills, tags, queues, devices, trunks, users, profiles, rights, routing
// What only a user's detail page shows         | base  | USER#<user>                  | DETAILS, SIGNATURE    | users, me
// How a user's own calls go out                | base  | USER#<user>                  | TELEPHONY             | users, routing, connectors
// By which PIN does a user log on by telephone? | base | USER#<user>                  | PIN                   | presence, me
// Who is logged in to this device?             | base  | DEVICE#<device>              | LOG-ON                | presence, me
// Whom does a caller mean by this word?        | base  | STEERING#<initial>           | <word>#<user>         | routing
// Is a number used, by whom, until when?       | base  | NUMBERS#<kind>#<shard>       | <number>              | users, numbers
// What a user has under way                    | base  | USER#<user>                  | WORK, WORK#<what>#<id> | work, leaving, users
// Whose is this activity or campaign record?   | base  | WORK#<what>#<id>             | WORK                  | work
// Deleted users that can be restored           | base  | DELETED                      | <user>                | leaving
// All that makes a deleted user whole, sealed  | base  | DELETED#<user>               | PART#<n>#<slice>      | leaving, run-jobs
// Deleted users whose time is over             | due   | DUE#deleted                  | <time>                | expire-tokens
// Users whose active dates end                 | due   | DUE#ending                   | <time> (of USER#<user>, ENDING) | expire-tokens
// Users by the beginning of a word             | base  | WORDS#<initial>              | <word>#<title>#<user> | users
// Users by the beginnings of two words         | base  | WORDS#<initial><other initial> | <word>##<user>      | users
// Users by login, by last sign-in              | base  | ORDER#<by>#<shelf>#<shard>   | <value>#<user>        | users
// Who is in a group, has a skill, tag, role or device? Whose calls go to this extension or queue? | base | MEMBERS#<kind>#<id>#<shard> | <title>#<user> | users, groups, skills, tags, roles, devices, leaving
// Who holds a seat of a license, of any at all? | base | MEMBERS#license#<license or *>#<shard> | <title>#<user> | licenses, refusals for want of a seat
// A bulk edit: its plan, chunk by chunk        | base  | BULK#<plan>                  | PLAN, REQUEST, CHUNK#<n>, RESULT#<n> | bulk, run-jobs, deliver-outbox
// Who is signed in, logged on or has work open? | due  | DUE#present#<shard>          | <user> of work, <user>#<end> of a session | presence
// Jobs that stand still                        | due   | DUE#job                      | <time>                | expire-tokens
// The active SuperUsers                        | base  | TENANT                       | SUPERUSERS            | users
// Who has this name among accesses, …?         | base  | CLAIM#<kind>-name#<name>     | CLAIM                 | accesses, rights, roles, queues, devices, trunks
// Which caller IDs have this prefix?            | base  | CLAIM#caller-ids-prefix#<prefix> | CLAIM             | trunks
// How many seats were owned when                | base  | LICENSE#<license>            | OWNED#<time>#<version> | licenses, snapshot-licenses
// A license's use and peak on a day             | base  | LICENSE#<license>            | DAY#<day>             | licenses, snapshot-licenses
// When was it last told that seats are not used? | base | LICENSE#<license>            | UNUSED                | snapshot-licenses
// Who held a seat of a license at an instant?  | base  | LEDGER#<license>#<shard>     | <to>#<from>#<user>, open#<from>#<user> | licenses, snapshot-licenses
// When was a user deleted who held seats?       | base  | LEFT#<user>                  | <version>             | run-jobs, snapshot-licenses
// The counts of a day                          | base  | SNAPSHOT                     | <day>                 | snapshot-licenses
// Who runs a schedule, and until when was it done? | base | SCHEDULE#<id>             | LEASE                 | expire-tokens, snapshot-licenses
// Was this scheduled time worked, and what came of it? | base | SCHEDULE#<id>          | RUN#<time>            | expire-tokens, snapshot-licenses
// Was this built-in record ever made?           | base  | TENANT                       | BUILT-IN#<id>         | provision-tenant
// Are all users indexed as they must be?       | base  | TENANT                       | DIRECTORY             | provision-tenant
// How many users were made to try things out?   | base  | TENANT                       | SEED                  | npm run seed
// A POST that may be repeated                  | base  | IDEMPOTENCY#<caller>#<key>   | IDEMPOTENCY           | serve
// Users by title, agents or AI coworkers, present or deactivated | users | USERS#<shelf>#<shard> | <title>          | users
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
/** Each page of the list is merged from so many; more of them would read more than they spread. */
const LIST_SHARDS = 3;

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
  picture: (userId: string): Key => ({ pk: user(userId), sk: 'PICTURE' }),
  token: (userId: string, tokenId: string): Key => ({ pk: user(userId), sk: key('TOKEN', tokenId) }),
  tokensPrefix: 'TOKEN#',
  limit: (userId: string, kind: string): Key => ({ pk: user(userId), sk: `#LIMIT#${escapePart(kind)}` }),
  /** Prefix of what one read at sign-in gets: user, password, authenticator, devices, limits. */
  credentialsPrefix: '#',
  session: (userId: string, sessionId: string): Key => ({ pk: user(userId), sk: key('SESSION', sessionId) }),
  sessionsPrefix: 'SESSION#',
  challenge: (userId: string, challengeId: string): Key => ({ pk: user(userId), sk: key('CHALLENGE', challengeId) }),
  /** What only the detail page shows. */
  details: (userId: string): Key => ({ pk: user(userId), sk: 'DETAILS' }),
  /** Apart, so that a change of another detail does not write it again. */
  signature: (userId: string): Key => ({ pk: user(userId), sk: 'SIGNATURE' }),
  /** What only calls that the user makes, and their own phone, are decided by. */
  telephony: (userId: string): Key => ({ pk: user(userId), sk: 'TELEPHONY' }),
  /** Hash of the PIN by which the user logs on by telephone. */
  pin: (userId: string): Key => ({ pk: user(userId), sk: 'PIN' }),
  /** Stands in the index of due work for the end of the user's active dates. */
  ending: (userId: string): Key => ({ pk: user(userId), sk: 'ENDING' }),
  /** Counts of what the user has under way. */
  work: (userId: string): Key => ({ pk: user(userId), sk: 'WORK' }),
  workItem: (userId: string, what: WorkKind, id: string): Key => ({ pk: user(userId), sk: key('WORK', what, id) }),
  workPrefix: (what: WorkKind) => `${key('WORK', what)}#`,
  // Index keys need not be unique: the id is not repeated in them. Shards, so that a bulk edit has no hot partition.
  list: (shelf: Shelf, userId: string, sortTitle: string): ListKey => ({
    lpk: key('USERS', shelf, shardOf(userId, LIST_SHARDS)),
    lsk: key(sortTitle),
  }),
  listPartitions: (shelf: Shelf) => shards(LIST_SHARDS).map((n) => key('USERS', shelf, n)),
  /** Where users stood before there were shards; emptied by the job that indexes users. */
  formerListPartitions: [key('USERS', 'present'), key('USERS', 'deactivated')],
  due: (what: DueKind, at: number): DueKey => ({ dpk: duePartition(what), dsk: time(at) }),
  /** The work of who has some stands beside their sessions in the index, so that one read finds who is present. */
  presentByWork: (userId: string): DueKey => ({ dpk: presentPartition(userId), dsk: key(userId) }),
  /** @param until from then on the session is over, come what may: it need not be read to know that */
  presentBySession: (userId: string, until: number): DueKey => ({
    dpk: presentPartition(userId),
    dsk: key(userId, time(until)),
  }),
};

const present = (shard: string) => key('DUE', 'present', shard);
const presentPartition = (userId: string) => present(shardOf(userId, LIST_SHARDS));
export const presentPartitions = shards(LIST_SHARDS).map(present);
/** Whose entry of the index it is, and until when it says that they are present; of work no instant is known. */
export function presentIn(dsk: string): { userId: string; until?: number } {
  const [userId = '', until] = dsk.split('#');
  return { userId, ...(until !== undefined && { until: Date.parse(until) }) };
}

/** Agents and AI coworkers are listed apart (S0-1), and those who are deactivated beside them (S0-56). */
export const shelves = ['agents', 'ai-coworkers', 'deactivated-agents', 'deactivated-ai-coworkers'] as const;
export type Shelf = (typeof shelves)[number];

export const workKinds = ['activity', 'campaign-record'] as const;
export type WorkKind = (typeof workKinds)[number];
/** Where the platform finds its own item again. */
export const workKey = (what: WorkKind, id: string): Key => ({ pk: key('WORK', what, id), sk: 'WORK' });

/** Whose the device is as long as they are logged in to it. */
export const deviceLogOnKey = (deviceId: string): Key => ({ pk: key('DEVICE', deviceId), sk: 'LOG-ON' });
/** Users by a word of their key words, folded; kept by run-jobs, and never decided on without the user's own. */
export const steeringPartition = (word: string) => key('STEERING', Array.from(word)[0] ?? '');
export const steeringPrefix = (word: string) => `${key(word)}#`;
export const steeringKey = (word: string, userId: string): Key => ({
  pk: steeringPartition(word),
  sk: key(word, userId),
});

export const deletedPartition = 'DELETED';
export const deletedKey = (userId: string): Key => ({ pk: deletedPartition, sk: key(userId) });
export const deletedPartsPartition = (userId: string) => key(deletedPartition, userId);
export const deletedPartKey = (userId: string, n: number, slice: number): Key => ({
  pk: deletedPartsPartition(userId),
  sk: key('PART', padded(n), padded(slice)),
});

export type NumberKind = 'numeric-ids' | 'extensions';
/** @param place the number, padded by the caller so that the order of keys is that of numbers */
export const numberKey = (kind: NumberKind, place: string): Key => ({
  pk: key('NUMBERS', kind, shard(place)),
  sk: key(place),
});
export const numberPartitions = (kind: NumberKind) => shards(SHARDS).map((n) => key('NUMBERS', kind, n));

/**
 * Entries by which users are found: words of their names, other orders, groups. Kept by run-jobs, never decided on.
 * @param initials of the word alone, or with that of another word of the same user
 */
export const wordKey = (initials: string, word: string, sortTitle: string, userId: string): Key => ({
  pk: wordPartition(initials),
  sk: key(word, sortTitle, userId),
});
export const wordPartition = (initials: string) => key('WORDS', initials);
/** Prefix of the entries of all words that begin so. */
export const wordsBeginning = (beginning: string) => key(beginning);
/** Who has never signed in stands apart: last, whichever way the others are sorted. */
export const orderKinds = ['login', 'last-sign-in', 'no-sign-in'] as const;
export type OrderKind = (typeof orderKinds)[number];
export const orderKey = (by: OrderKind, shelf: Shelf, value: string, userId: string): Key => ({
  pk: key('ORDER', by, shelf, shardOf(userId, LIST_SHARDS)),
  sk: key(value, userId),
});
export const orderPartitions = (by: OrderKind, shelf: Shelf) =>
  shards(LIST_SHARDS).map((n) => key('ORDER', by, shelf, n));
export const orderOfTime = (at: number) => time(at);
/** What users are members of: records, the licenses that they hold a seat of, and the extensions and queues where their calls go. */
export type MemberKind = RecordKind | 'license' | 'forwarding' | 'target';
/** Stands for any license at all; no license is called so. */
export const anyLicense = '*';
/** @param id of a record, or `all` for who is a member of all of the kind, present and future (S4-26); of a license, or `anyLicense` */
export const memberKey = (kind: MemberKind, id: string, sortTitle: string, userId: string): Key => ({
  pk: key('MEMBERS', kind, id, shardOf(userId, LIST_SHARDS)),
  sk: key(sortTitle, userId),
});
export const memberPartitions = (kind: MemberKind, id: string) =>
  shards(LIST_SHARDS).map((n) => key('MEMBERS', kind, id, n));
/** The word that an entry stands at: the first part of its key. */
export const wordOfEntry = (sk: string) =>
  (sk.split('#', 1)[0] as string).replaceAll('%23', '#').replaceAll('%25', '%');
/** Whose entry it is: the last part of its key. */
export const userIdOfEntry = (sk: string) => sk.slice(sk.lastIndexOf('#') + 1);

const bulk = (planId: string) => key('BULK', planId);
export const bulkKeys = {
  partition: bulk,
  plan: (planId: string): Key => ({ pk: bulk(planId), sk: 'PLAN' }),
  /** What was asked for, which never changes. */
  request: (planId: string): Key => ({ pk: bulk(planId), sk: 'REQUEST' }),
  chunk: (planId: string, n: number): Key => ({ pk: bulk(planId), sk: key('CHUNK', padded(n)) }),
  chunksPrefix: 'CHUNK#',
  result: (planId: string, n: number): Key => ({ pk: bulk(planId), sk: key('RESULT', padded(n)) }),
  resultsPrefix: 'RESULT#',
};

export type DueKind = 'invite' | 'queued' | 'token' | 'deleted' | 'ending' | 'job';
export const duePartition = (what: DueKind) => key('DUE', what);
/** The last instant that is due. */
export const dueUntil = (now: number) => time(now);

type ClaimSpace = 'sign-in-name' | 'mobile' | 'sip-username' | 'token' | 'caller-ids-prefix' | `${RecordKind}-name`;
export const claimKey = (space: ClaimSpace, value: string): Key => ({ pk: key('CLAIM', space, value), sk: 'CLAIM' });
/** @param of what is counted, where it is not sign-ins */
export const networkLimitKey = (network: string, of?: 'telephone'): Key => ({
  pk: key('NETWORK', network),
  sk: of === undefined ? 'LIMIT' : key('LIMIT', of),
});
export const jobKey = (jobId: string): Key => ({ pk: key('JOB', jobId), sk: 'JOB' });
/** Whose partition it is, if it is a job's. */
export const jobIdIn = (pk: string) => (pk.startsWith('JOB#') ? pk.slice('JOB#'.length) : undefined);
export const snapshotKey = (day: string): Key => ({ pk: 'SNAPSHOT', sk: day });
export const schedulePartition = (id: string) => key('SCHEDULE', id);
export const leaseKey = (id: string): Key => ({ pk: schedulePartition(id), sk: 'LEASE' });
export const runKey = (id: string, at: number): Key => ({ pk: schedulePartition(id), sk: key('RUN', time(at)) });
export const idempotencyKey = (callerId: string, operation: string, given: string): Key => ({
  pk: key('IDEMPOTENCY', callerId, operation, given),
  sk: 'IDEMPOTENCY',
});
export const definitionsPartition = 'DEFINITIONS';
export const settingsKey: Key = { pk: definitionsPartition, sk: 'SETTINGS' };
/** Catalogue of licenses, and what is under way with it. */
export const licensingKey: Key = { pk: definitionsPartition, sk: 'LICENSING' };
/** The catalogue’s edition by itself: small, since changes that move no seat check it. */
export const editionKey: Key = { pk: 'LICENSE', sk: 'EDITION' };
/** Apart from one another: each is written with every user who takes or frees a seat. */
export const seatsKey = (license: string): Key => ({ pk: key('LICENSE', license), sk: 'SEATS' });
const license = (id: string) => key('LICENSE', id);
/** Of a license that is counted a day at a time, and whose owned seats are remembered. */
export const licenseKeys = {
  partition: license,
  owned: (id: string, at: number, version: number): Key => ({
    pk: license(id),
    sk: key('OWNED', time(at), padded(version)),
  }),
  ownedPrefix: 'OWNED#',
  day: (id: string, day: string): Key => ({ pk: license(id), sk: key('DAY', day) }),
  unused: (id: string): Key => ({ pk: license(id), sk: 'UNUSED' }),
};
const ledger = (id: string, userId: string) => key('LEDGER', id, shard(userId));
/** Intervals stand by their ends, the open ones behind: who held a seat at an instant is one range of each shard. */
export const ledgerKeys = {
  closed: (id: string, userId: string, from: number, to: number): Key => ({
    pk: ledger(id, userId),
    sk: key(time(to), time(from), userId),
  }),
  open: (id: string, userId: string, from: number): Key => ({
    pk: ledger(id, userId),
    sk: key('open', time(from), userId),
  }),
  partitions: (id: string) => shards(SHARDS).map((n) => key('LEDGER', id, n)),
  /** Nothing stands there; behind it all that ended at that instant or later, and before `openOnes` no other. */
  endedFrom: (at: number) => time(at),
  /** Behind it all that ended later than that instant. */
  endedAfter: (at: number) => `${time(at)}$`,
  openOnes: 'open',
  /** Behind it all open ones that began at that instant or later. */
  openFrom: (at: number) => key('open', time(at)),
};
export const departureKey = (userId: string, version: number): Key => ({
  pk: key('LEFT', userId),
  sk: padded(version),
});
/** Records that users have. */
export type HeldKind = 'access' | 'rights' | 'role' | 'user-group' | 'group' | 'skill' | 'tag' | 'device' | 'queue';
/** No user has a trunk or caller IDs; a queue is had by whose target it is. */
export type RecordKind = HeldKind | 'trunk' | 'caller-ids';
/** What decides about requests is read with every one of them, all at once; what only describes users stands apart. */
const DEFINING: readonly RecordKind[] = ['access', 'rights', 'role', 'user-group'];
export const recordPartition = (kind: RecordKind) =>
  DEFINING.includes(kind) ? definitionsPartition : key('RECORDS', kind);
export const recordPrefix = (kind: RecordKind) => `${kind.toUpperCase()}#`;
export const recordKey = (kind: RecordKind, id: string): Key => ({
  pk: recordPartition(kind),
  sk: key(kind.toUpperCase(), id),
});
/** How users were last indexed anew, and by which job. */
export const directoryKey: Key = { pk: 'TENANT', sk: 'DIRECTORY' };
/** How many users `npm run seed` has made. */
export const seedKey: Key = { pk: 'TENANT', sk: 'SEED' };
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

function padded(n: number): string {
  return String(n).padStart(8, '0');
}

function shards(count: number): string[] {
  return Array.from({ length: count }, (_, n) => String(n));
}

function shard(id: string): string {
  return shardOf(id, SHARDS);
}

function shardOf(id: string, count: number): string {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) as number)) >>> 0;
  return String(sum % count);
}
