// The page that says who may call what: permissions, kinds of caller, and each operation's answer to each kind. Derived from
// the contract and the built-in accesses alone; whether the functions answer so is for test/serve/permission-matrix.test.ts.

import type { Operation } from '#contract/operation.ts';
import { apiPrefix, operationList } from '#contract/operations.ts';
import { isPermission, type Permission, permissionCatalogue, permissions } from '#contract/permissions.ts';
import { builtIn } from '#domain/grants/built-in.ts';

/** What a signed-in caller gets, or the refusal: `session` for `session_needed`, `token` for `token_needed`, else its status (`not_signed_in`, `not_permitted`). */
type Mark = 'yes' | 'in sight' | 'oneself' | 'session' | 'token' | '401' | '403';

type Sight = 'everybody' | 'some' | 'oneself';

interface CallerKind {
  name: string;
  /** Who they are, in words. */
  who: string;
  /** Undefined: neither session nor API token, so nothing but what is public. */
  may?: { permissions: readonly Permission[]; sight: Sight; superUser?: true };
  /** Calls with an API token. */
  byToken?: true;
  /** Calls with the operator's key. */
  isOperator?: true;
}

const access = (id: string) => ({ permissions: permissionsOfBuiltIn(id) });

const callerKinds: readonly CallerKind[] = [
  { name: 'nobody', who: 'sends no token' },
  {
    name: 'agent',
    who: 'access `acc_agent`, rights `rgt_own`: nobody but oneself in sight',
    may: { ...access('acc_agent'), sight: 'oneself' },
  },
  {
    name: 'supervisor',
    who: 'access `acc_supervisor`, rights with some users in sight',
    may: { ...access('acc_supervisor'), sight: 'some' },
  },
  {
    name: 'administrator',
    who: 'access `acc_administrator`, rights `rgt_everything`: all users in sight',
    may: { ...access('acc_administrator'), sight: 'everybody' },
  },
  {
    name: 'administrator without Users',
    who: 'an access with all of the module Tenant and nothing of the module Users, rights `rgt_everything`',
    may: {
      permissions: permissions.filter((name) => permissionCatalogue[name].module === 'Tenant'),
      sight: 'everybody',
    },
  },
  {
    name: 'SuperUser',
    who: 'neither access nor rights, and needs none',
    may: { permissions, sight: 'everybody', superUser: true },
  },
  { name: 'deactivated', who: 'sends the session of a user, a SuperUser even, who was deactivated since' },
  { name: 'half signed in', who: 'sends the challenge of a sign-in, a SuperUser’s even, whose code is still to come' },
  {
    name: 'token of an administrator',
    who: 'sends an API token of such an administrator',
    may: { ...access('acc_administrator'), sight: 'everybody' },
    byToken: true,
  },
  {
    name: 'token of an agent',
    who: 'sends an API token of such an agent',
    may: { ...access('acc_agent'), sight: 'oneself' },
    byToken: true,
  },
  {
    name: 'narrowed token',
    who: 'sends an API token of a SuperUser whose scopes are these permissions',
    may: { permissions: ['users:read', 'users:change', 'settings:read'], sight: 'everybody' },
    byToken: true,
  },
  { name: 'disabled token', who: 'sends an API token, a SuperUser’s even, that is disabled', byToken: true },
  { name: 'operator', who: 'sends the key of the operator, who is no user of the tenant (S1-35)', isOperator: true },
];

export function permissionsPage(): string {
  return `${[
    '# Who may call what',
    'Written by `npm run openapi` from `packages/contract` and `packages/domain/grants/built-in.ts`; do not edit. It is committed to be reviewed: a change of who may do what shows here as a change of a cell. `test/serve/permission-matrix.test.ts` calls every operation as every kind of caller and compares the answer with this page.',
    '## Permissions',
    'Accesses and roles are made of them. A user may do what their access or any of their roles allows; a SuperUser may do everything.',
    table(
      ['Permission', 'Module', 'Sub-module', 'Allows'],
      permissions.map((name) => {
        const { module, subModule, allows } = permissionCatalogue[name];
        return [code(name), module, subModule, allows];
      }),
    ),
    '## Kinds of caller',
    table(
      ['Kind', 'Who', 'Permissions'],
      callerKinds.map(({ name, who, may }) => [name, who, may ? held(may.permissions) : 'none']),
    ),
    '## Operations',
    table(
      ['Answer', 'Means'],
      [
        ['yes', 'is let in; other rules may still refuse, such as `outranked`, `last_superuser` or `grants_too_much`'],
        ['in sight', 'is let in, for the users in sight; others are answered like users who do not exist (404)'],
        ['oneself', 'is let in, for oneself; others are answered like users who do not exist (404)'],
        ['session', '403 `session_needed`: only for who is signed in, whatever an API token may do'],
        ['token', '403 `token_needed`: only for programs with an API token, whatever who is signed in may do'],
        ['401', '`not_signed_in`'],
        ['403', '`not_permitted`, with the permission that is missing, or since it takes a SuperUser'],
      ],
    ),
    'Who may call: `public` is everybody, `self` is everybody who is signed in or sends an API token, `operator` is the vendor with their key, anything else is the permission that it takes. Sight limits administrators, too, when their rights are narrower than `rgt_everything`.',
    table(
      ['Operation', 'Route', 'Who may call', ...callerKinds.map(({ name }) => name)],
      operationList.map((operation) => [
        code(operation.id),
        code(`${operation.method} ${apiPrefix}${operation.path}`),
        code(operation.caller),
        ...callerKinds.map((kind) => markOf(operation, kind)),
      ]),
    ),
  ].join('\n\n')}\n`;
}

function markOf(operation: Operation, { may, byToken, isOperator }: CallerKind): Mark {
  const { caller, session } = operation;
  if (caller === 'public') return 'yes';
  if (isOperator && caller === 'operator') return 'yes';
  if (!may) return '401';
  if (byToken && session) return 'session';
  if (caller === 'self') return 'yes';
  if (!isPermission(caller) || !may.permissions.includes(caller)) return '403';
  if (!byToken && operation.token) return 'token';
  if (operation.superUser && !may.superUser) return '403';
  if (!isOfUsersInSight(operation) || may.sight === 'everybody') return 'yes';
  return may.sight === 'some' ? 'in sight' : 'oneself';
}

/** Works on a user of the path, or lists users, those who are there for instance. Seats are the tenant's: who holds them is seen of all users. */
function isOfUsersInSight({ method, path, caller }: Operation): boolean {
  if (caller === 'licenses:read') return false;
  return path.includes('{userId}') || (method === 'GET' && (path.endsWith('/users') || path === '/realtime'));
}

function permissionsOfBuiltIn(id: string): readonly Permission[] {
  const found = builtIn(0).find((record) => record.id === id);
  if (found?.type !== 'access')
    throw new Error(`${id} is no built-in access; say in permissions-page.ts what it is now`);
  return found.permissions;
}

function held(names: readonly Permission[]): string {
  return names.length === permissions.length ? 'all' : names.map(code).join(', ');
}

const code = (text: string) => `\`${text}\``;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
