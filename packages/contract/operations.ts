// The one list of operations. Gateway routes, Lambdas and their grants, the local router, OpenAPI, the client and the tests are derived from it.

import { accesses } from './accesses.ts';
import { bulk } from './bulk.ts';
import { connectors } from './connectors.ts';
import { devices } from './devices.ts';
import { groups } from './groups.ts';
import { jobs } from './jobs.ts';
import { leaving } from './leaving.ts';
import { licenseHistory } from './license-history.ts';
import { licenses } from './licenses.ts';
import { me } from './me.ts';
import { myTelephonyOperations } from './my-telephony.ts';
import { numbers } from './numbers.ts';
import type { Operation } from './operation.ts';
import { passwords } from './passwords.ts';
import { pictures } from './pictures.ts';
import { plans } from './plans.ts';
import { presenceOperations } from './presence.ts';
import { queues } from './queues.ts';
import { rights } from './rights.ts';
import { roles } from './roles.ts';
import { routing } from './routing.ts';
import { signIn } from './sign-in.ts';
import { skills } from './skills.ts';
import { tags } from './tags.ts';
import { tenant } from './tenant.ts';
import { tokens } from './tokens.ts';
import { trunks } from './trunks.ts';
import { userGroups } from './user-groups.ts';
import { userProfiles } from './user-profiles.ts';
import { userSignIn } from './user-sign-in.ts';
import { users } from './users.ts';
import { webchat } from './webchat.ts';
import { work } from './work.ts';

export const operations = {
  ...signIn,
  ...passwords,
  ...me,
  ...myTelephonyOperations,
  ...pictures,
  ...webchat,
  ...users,
  ...userProfiles,
  ...userSignIn,
  ...leaving,
  ...bulk,
  ...jobs,
  ...work,
  ...presenceOperations,
  ...userGroups,
  ...groups,
  ...skills,
  ...tags,
  ...queues,
  ...devices,
  ...trunks,
  ...routing,
  ...connectors,
  ...numbers,
  ...tokens,
  ...licenses,
  ...licenseHistory,
  ...plans,
  ...accesses,
  ...rights,
  ...roles,
  ...tenant,
};

export type OperationId = keyof typeof operations;

export const operationList: readonly Operation[] = Object.values(operations);

export { apiPrefix } from './api-prefix.ts';

/** Where an operation's or a reaction's function stands, below functions/. */
export function functionPath(entry: { domain: string; id: string }): string {
  return `${entry.domain}/${entry.id}.ts`;
}
