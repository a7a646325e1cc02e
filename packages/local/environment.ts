// What functions know of the local tenant: its environment, as infra sets it for a stack.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TenantFile } from '#contract/tenant-file.ts';
import { operatorKeyOf, sha256Of } from './operator-key.ts';
import { sealKeysOf } from './seal-keys.ts';
import { storePath } from './upload-store.ts';

/** Of this machine alone; functions sign with them, and the store of uploads checks that. */
export const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

export const tableNameOf = (tenantFile: TenantFile) => `roster-${tenantFile.name}`;
export const uploadsBucketOf = (tenantFile: TenantFile) => `roster-${tenantFile.name}-uploads`;

export interface Surroundings {
  tenantFile: TenantFile;
  dataFolder: string;
  apiUrl: string;
  engineEndpoint: string;
  /** Empty where nothing is sent. */
  sesEndpoint: string;
  snsEndpoint: string;
}

/** Sets this process's environment, and writes the file that it names. Whatever AWS identity the person has must not reach the functions. */
export function setEnvironment(given: Surroundings): void {
  const { tenantFile, apiUrl, engineEndpoint } = given;
  for (const name of ['AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_ENDPOINT_URL']) delete process.env[name];
  Object.assign(process.env, {
    AWS_REGION: tenantFile.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    TABLE_NAME: tableNameOf(tenantFile),
    DYNAMODB_ENDPOINT: engineEndpoint,
    UPLOADS_BUCKET: uploadsBucketOf(tenantFile),
    S3_ENDPOINT: `${apiUrl}${storePath}`,
    SES_ENDPOINT: given.sesEndpoint,
    SNS_ENDPOINT: given.snsEndpoint,
    // One process runs all functions here; in a stack only those of the operator get it.
    OPERATOR_KEY_SHA256: sha256Of(operatorKeyOf(given.dataFolder).key),
    SEAL_KEYS: JSON.stringify(sealKeysOf(given.dataFolder)),
    TENANT_NAME: tenantFile.name,
    PUBLIC_URL: apiUrl,
    MAIL_FROM: tenantFile.mail.from,
    TENANT_FILE: writeTenantFile(given),
  });
}

/** As a deploy puts it beside the code. @returns its path */
function writeTenantFile({ tenantFile, dataFolder, apiUrl }: Surroundings): string {
  const path = join(dataFolder, 'tenant.json');
  writeFileSync(path, JSON.stringify({ ...tenantFile, publicUrl: apiUrl }));
  return path;
}
