// At each deploy and each local start: the seal key, the settings and the first SuperUser's invite, each made once and never again.

import { readFileSync } from 'node:fs';
import { firstUserType, readTenantFile } from '#contract/tenant-file.ts';
import { entry } from '#domain/audit/audit.ts';
import { type Deps, newId } from '#domain/deps.ts';
import { startIndexing } from '#domain/directory/reindex.ts';
import { makeBuiltIn } from '#domain/grants/built-in.ts';
import { invite } from '#domain/invites/invites.ts';
import { provisionLicenses } from '#domain/licenses/provisioning.ts';
import { reseated } from '#domain/licenses/seating.ts';
import * as settings from '#domain/settings/settings.ts';
import { shown } from '#domain/users/shown.ts';
import type { User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { required } from '#serve/environment.ts';
import { callParameterStore } from '#serve/parameter-store.ts';
import { react } from '#serve/react.ts';
import { settingsKey } from '#table/keys.ts';
import { makeSealKeys } from '#table/seal.ts';

/** @param event `reindex: true`, by an operator: index all users anew */
export const handler = react('provision-tenant', async (deps, event: { reindex?: boolean } = {}) => {
  await makeKeyOnce(deps);
  const tenant = readTenantFile(JSON.parse(readFileSync(required('TENANT_FILE'), 'utf8')));
  await makeBuiltIn(deps);
  if (await startIndexing(deps, { again: event.reindex === true })) {
    deps.log({ level: 'info', event: 'indexing_started' });
  }
  await provisionLicenses(deps, tenant.licenses);
  // The settings stand for the whole: they are written in one transaction with the first user.
  if (await deps.table.get(settingsKey)) return { isNew: false };
  const superUser = await reseated(deps, undefined, firstSuperUser(deps, tenant.firstSuperUser));
  const { user, mails } = await invite(deps, superUser, tenant.settings);
  await deps.table.transact([
    settings.creation(tenant.settings, deps.now()),
    ...users.creation(user),
    ...mails,
    entry(deps, {
      event: 'tenant.provisioned',
      actor: 'system',
      subject: { type: 'user', id: user.id },
      after: shown(user),
    }),
  ]);
  deps.log({ level: 'info', event: 'tenant_provisioned', user: user.id });
  return { isNew: true };
});

/** CloudFormation cannot make a SecureString. Without Overwrite, SSM refuses a second one, so a key is never replaced. */
async function makeKeyOnce(deps: Deps): Promise<void> {
  const name = process.env.SEAL_KEYS_PARAMETER;
  if (!name) return;
  const value = JSON.stringify(makeSealKeys(deps.now()));
  try {
    await callParameterStore('PutParameter', { Name: name, Type: 'SecureString', Value: value });
    deps.log({ level: 'info', event: 'seal_key_made' });
  } catch (error) {
    if (!(error instanceof Error && error.message === 'ParameterAlreadyExists')) throw error;
  }
}

function firstSuperUser(deps: Deps, given: { login: string; title: string; authEmail: string }): User {
  const now = deps.now();
  return {
    type: 'user',
    v: 1,
    id: newId(deps, 'usr'),
    version: 1,
    ...given,
    userType: firstUserType,
    state: 'invited',
    secondFactor: 'email-otp',
    access: 'acc_administrator',
    rights: 'rgt_everything',
    superUser: true,
    epoch: 1,
    createdAt: now,
    updatedAt: now,
  };
}
