import { readFileSync } from 'node:fs';
import { type OperationId, operationList } from '#contract/operations.ts';
import { permissionCatalogue } from '#contract/permissions.ts';
import { settings } from '#contract/settings.ts';
import { index } from '#domain/directory/index-user.ts';
import * as sessions from '#domain/sessions/sessions.ts';
import type { User } from '#domain/users/user.ts';
import * as stored from '#domain/users/users.ts';
import { userKeys } from '#table/keys.ts';
import { update } from '#table/write.ts';
import {
  agentGrants,
  aTenant,
  type Called,
  type CallOptions,
  codeOf,
  operatorKey,
  password,
  type TestTenant,
} from '#test/setup/tenant.ts';

// What is expected is read from the committed page, never from what writes it: the page is what people reviewed.
const page = readFileSync('docs/permissions.md', 'utf8');
const permissionTable = tableBelow('## Permissions');
const kindTable = tableBelow('## Kinds of caller');
const matrix = tableBelow('Who may call:');
const ownColumns = ['Operation', 'Route', 'Who may call'];

let tenant: TestTenant;
/** Kind of caller → the token of a cell; a fresh session for each, so that no cell ends another's. */
let tokens: Record<string, () => Promise<string | undefined>>;
let users: Record<string, User>;
let lasting: Targets;
/** A role by which everybody takes a license. */
let licensed: string;

beforeAll(async () => {
  tenant = await aTenant();
  const superUser = await tenant.aSuperUser();
  const made = async (operation: OperationId, body: unknown): Promise<string> => {
    const answer = await tenant.call(operation, { token: superUser.token, body });
    if (answer.status !== 201) throw new Error(`${operation} answered ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.id;
  };
  const someInSight = await made('create-rights', { name: 'Some', users: { types: ['contact-center'] } });
  const withoutUsers = await made('create-access', {
    name: 'Without Users',
    permissions: named(kindTable.find(({ Kind }) => Kind === 'administrator without Users')?.Permissions),
  });

  // Of a type that the supervisor does not see, lest callers be in sight of each other.
  const aCaller = (values: Partial<User>) => tenant.aUser({ userType: 'back-office', ...values });
  users = {
    agent: await aCaller(agentGrants),
    supervisor: await aCaller({ access: 'acc_supervisor', rights: someInSight }),
    administrator: await aCaller({ access: 'acc_administrator', rights: 'rgt_everything' }),
    'administrator without Users': await aCaller({ access: withoutUsers, rights: 'rgt_everything' }),
    SuperUser: await aCaller({ superUser: true }),
  };

  licensed = await made('create-role', { name: 'Licensed', permissions: ['crm:use'] });
  // First in every order of titles, however many there will be.
  lasting = await theTargets({ title: 'A lasting one' });
  for (const user of Object.values(lasting)) await aSession(user, { isListed: true });

  const leaving = await aCaller({ superUser: true });
  const params = { userId: leaving.id };
  expect(await tenant.call('deactivate-user', { token: superUser.token, params, body: {} })).toMatchObject({
    status: 200,
  });
  const waiting = await aCaller({ superUser: true, secondFactor: 'email-otp' });
  const halfSignedIn = await tenant.call('sign-in', { body: { login: waiting.login, password } });
  expect(halfSignedIn.body.next.step).toBe('code-sent');

  tokens = {
    nobody: async () => undefined,
    // Of the user as they are now: some operations raise the epoch of who calls them.
    ...Object.fromEntries(
      Object.entries(users).map(([kind, { id }]) => [
        kind,
        async () => aSession(await stored.require(tenant.deps, id)),
      ]),
    ),
    // Under the epoch of before, as every session was that this user ever had.
    deactivated: () => aSession(leaving),
    'half signed in': async () => halfSignedIn.body.next.challenge,
    'token of an administrator': await aTokenOf(users.administrator),
    'token of an agent': await aTokenOf(users.agent),
    'narrowed token': await aTokenOf(users.SuperUser, {
      scopes: named(kindTable.find(({ Kind }) => Kind === 'narrowed token')?.Permissions),
    }),
    'disabled token': await aTokenOf(users.SuperUser, { enabled: false }),
    operator: async () => operatorKey,
  };
  users['token of an agent'] = users.agent as User;
});

describe('G6 docs/permissions.md', () => {
  it('has exactly the operations of the list, each with its route and who may call', () => {
    const rows = matrix.map((row) => ownColumns.map((column) => named(row[column])[0]));
    const listed = operationList.map(({ id, method, path, caller }) => [id, `${method} /v1${path}`, caller]);
    expect(rows.sort()).toEqual(listed.sort());
  });

  it('has every permission of the catalogue and no other, in the words of the catalogue', () => {
    const rows = permissionTable.map((row) => [named(row.Permission)[0], row.Module, row['Sub-module'], row.Allows]);
    const catalogue = Object.entries(permissionCatalogue);
    expect(rows).toEqual(catalogue.map(([name, text]) => [name, text.module, text.subModule, text.allows]));
  });

  it('expects an answer for each kind of caller that there is', () => {
    for (const row of matrix) expect(Object.keys(expectedOf(row))).toEqual(Object.keys(tokens));
    expect(kindTable.map(({ Kind }) => Kind)).toEqual(Object.keys(tokens));
  });
});

describe('G6 each kind of caller gets the answer of docs/permissions.md from', () => {
  it.each(matrix.map((row) => [named(row.Operation)[0] as OperationId, row] as const))('%s', async (id, row) => {
    const targets = row.Route?.includes('{userId}') ? await theTargets() : lasting;
    const answers: Record<string, string> = {};
    for (const kind of Object.keys(tokens)) answers[kind] = await markOf(id, kind, targets);
    expect(answers).toEqual(expectedOf(row));
  });
});

interface Targets {
  /** Whom the supervisor has in sight. */
  colleague: User;
  /** Whom only those see who see everybody. */
  stranger: User;
}

/** Made anew for each operation on a user, which may deactivate them. */
async function theTargets(values: Partial<User> = {}): Promise<Targets> {
  const grants = { ...agentGrants, ...values, roles: ['rol_auditor', licensed] };
  const targets = {
    colleague: await tenant.aUser({ ...grants, userType: 'contact-center' }),
    stranger: await tenant.aUser({ ...grants, userType: 'passive' }),
  };
  // As the stream would, or nobody would be found by their role.
  await Promise.all(Object.values(targets).map((user) => index(tenant.deps, user)));
  return targets;
}

/** Calls the operation as such a caller and tells from the answers what the page should have said. */
async function markOf(id: OperationId, kind: string, { colleague, stranger }: Targets): Promise<string> {
  const shape = operationList.find((each) => each.id === id)?.params?.shape ?? {};
  const token = await tokens[kind]?.();
  const call = (userId: string) => {
    const params = Object.fromEntries(Object.keys(shape).map((name) => [name, { ...known, userId }[name] as string]));
    return tenant.call(id, { params, ...(token && { token }), ...requests[id] });
  };

  if ('userId' in shape) {
    const seen = [outcomeOf(await call(colleague.id)), outcomeOf(await call(stranger.id))];
    const self = users[kind];
    const isSelfSeen = async () => self !== undefined && outcomeOf(await call(self.id)) === 'yes';
    return sightOf(seen, isSelfSeen);
  }
  const answer = await call('');
  const outcome = outcomeOf(answer);
  const listed: { id: string; user?: { id: string } }[] | undefined = answer.body?.users;
  if (outcome !== 'yes' || !Array.isArray(listed)) return outcome;
  const isListed = (user: User | undefined) => listed.some((each) => (each.user ?? each).id === user?.id);
  const seen = [colleague, stranger].map((user) => (isListed(user) ? 'yes' : 'hidden'));
  return sightOf(seen, async () => isListed(users[kind]));
}

/** Let in, whatever else the answer says, or refused for who the caller is. */
function outcomeOf(answer: Called): string {
  const { status } = answer;
  const code = codeOf(answer);
  if (status === 401 && code === 'not_signed_in') return '401';
  if (status === 403 && code === 'not_permitted') return '403';
  if (status === 403 && code === 'session_needed') return 'session';
  if (status === 403 && code === 'token_needed') return 'token';
  if (status === 404 && code === 'user_not_found') return 'hidden';
  return status < 500 ? 'yes' : `${status} ${code}`;
}

async function sightOf([colleague, stranger]: string[], isSelfSeen: () => Promise<boolean>): Promise<string> {
  if (colleague === 'yes' && stranger === 'hidden') return 'in sight';
  if (colleague === 'hidden' && stranger === 'hidden') return (await isSelfSeen()) ? 'oneself' : 'nobody in sight';
  return colleague === stranger ? `${colleague}` : `${colleague} for a colleague, ${stranger} for a stranger`;
}

/** What a path names beside users: there and harmless, or not there. */
const known: Record<string, string> = {
  accessId: 'acc_agent',
  rightsId: 'rgt_own',
  roleId: 'rol_auditor',
  groupId: 'grp_000000000000',
  skillId: 'skl_000000000000',
  tagId: 'tag_000000000000',
  queueId: 'que_000000000000',
  deviceId: 'dev_000000000000',
  trunkId: 'trk_000000000000',
  callerIdsId: 'cid_000000000000',
  userGroupId: 'ugr_default',
  profileId: 'prf_000000000000',
  sessionId: 'ses_0000000000000000',
  tokenId: 'tok_0000000000000000',
  activityId: 'call-1',
  recordId: 'record-1',
  licenseId: 'voice',
};

/** What it takes to get past the form of the request, where that matters: sight is looked at behind it. */
const requests: Partial<Record<OperationId, CallOptions>> = {
  'change-user': { body: { title: 'Another title' }, headers: { 'if-match': '"1"' } },
  'deactivate-user': { body: {} },
  'restore-user': { body: {} },
  'put-queue-log-on': { body: { queues: [] } },
  'put-device-log-on': { body: { devices: [] } },
  'close-activities': { body: {} },
  'log-out-user': { body: {} },
  'move-user': { body: { userGroup: 'ugr_default' } },
  'choose-profiles-of-user': { body: { available: [] }, headers: { 'if-match': '"1"' } },
  'create-personal-profile': { body: { name: 'Matrix' } },
  'change-personal-profile': { body: { name: 'Matrix' }, headers: { 'if-match': '"1"' } },
  'delete-personal-profile': { headers: { 'if-match': '"1"' } },
};

/** An API token as an administrator makes it, the same for each cell: no operation here ends one. */
async function aTokenOf(user: User | undefined, body: object = {}): Promise<() => Promise<string>> {
  const superUser = await tenant.aSuperUser();
  const answer = await tenant.call('create-token', {
    token: superUser.token,
    params: { userId: user?.id as string },
    body: { title: 'Matrix', ...body },
  });
  expect(answer).toMatchObject({ status: 201 });
  return async () => answer.body.value;
}

/**
 * A session as a sign-in makes it, without the work of hashing. Hundreds of them are made for the same few callers, who would fill
 * the pages of who is present.
 */
async function aSession(user: User, { isListed } = { isListed: false }): Promise<string> {
  const origin = { address: '198.51.100.7', network: '198.51.100.7', device: 'jest' };
  const values = settings().parse({});
  const { token, session, write } = sessions.creation(tenant.deps, user, values, { amr: ['pwd'], origin });
  await tenant.deps.table.transact([write]);
  const fromIndex = update(userKeys.session(user.id, session.id), { remove: ['dpk', 'dsk'] });
  if (!isListed) await tenant.deps.table.write(fromIndex);
  return token;
}

function expectedOf(row: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !ownColumns.includes(column)));
}

/** The names that a cell sets in code. */
function named(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string);
}

/** Rows of the first table after a line that begins so, by the names of their columns. */
function tableBelow(beginning: string): Record<string, string>[] {
  const lines = page.split('\n');
  const below = lines.slice(lines.findIndex((line) => line.startsWith(beginning)) + 1);
  const start = below.findIndex((line) => line.startsWith('|'));
  const length = below.slice(start).findIndex((line) => !line.startsWith('|'));
  const [head = [], , ...rows] = below.slice(start, start + length).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return rows.map((cells) => Object.fromEntries(head.map((column, n) => [column, cells[n] ?? ''])));
}
