// How every function of a tenant runs: runtime, memory, time, environment, log. What it does is in its folder.

import { Duration } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type Need, type Operation, operationSeconds } from '#contract/operation.ts';
import type { Reaction } from '#contract/reactions.ts';
import type { TenantFile } from '#contract/tenant-file.ts';
import { makeLogGroup } from './log-group.ts';
import { ownName, pascal, sealKeysParameter } from './names.ts';
import { codeWithTenantFile, tenantFilePath } from './tenant-asset.ts';

export interface FunctionSurroundings {
  tenant: TenantFile;
  table: dynamodb.ITable;
  configurationSetName: string;
  uploadsBucketName: string;
  codeFolder: (id: string) => string;
}

export function makeFunction(
  scope: Construct,
  entry: Operation | Reaction,
  role: iam.IRole,
  surroundings: FunctionSurroundings,
): lambda.Function {
  const functionName = ownName(surroundings.tenant, entry.id);
  return new lambda.Function(scope, `${pascal(entry.id)}Function`, {
    functionName,
    description: entry.summary,
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    handler: 'index.handler',
    code: codeOf(scope, entry, surroundings),
    memorySize: memoryMegabytes(entry.needs),
    timeout: Duration.seconds('on' in entry ? entry.timeoutSeconds : operationSeconds),
    environment: environment(entry, surroundings),
    role,
    logGroup: makeLogGroup(scope, `${pascal(entry.id)}Log`, `/aws/lambda/${functionName}`),
  });
}

type Surroundings = Pick<FunctionSurroundings, 'tenant' | 'codeFolder'>;

function codeOf(scope: Construct, entry: Operation | Reaction, { tenant, codeFolder }: Surroundings): lambda.Code {
  const folder = codeFolder(entry.id);
  return provisions(entry) ? codeWithTenantFile(scope, folder, tenant) : lambda.Code.fromAsset(folder);
}

function provisions(entry: Operation | Reaction): boolean {
  return 'on' in entry && entry.on.from === 'deploy';
}

/**
 * Lambda gives processor time with memory: 1,769 MB are one whole vCPU, which a password hash needs for its 50 ms, and
 * room for all pixels of the largest picture (`PIXELS_MAX` in packages/pictures/avatar.ts).
 */
function memoryMegabytes(needs: readonly Need[]): number {
  return needs.includes('hash') || needs.includes('decode') ? 1769 : 512;
}

function environment(entry: Operation | Reaction, surroundings: FunctionSurroundings): Record<string, string> {
  const { tenant } = surroundings;
  const seals = entry.needs.includes('seal') || entry.needs.includes('make-key');
  const uploads = entry.needs.includes('begin-upload') || entry.needs.includes('take-upload');
  const isOperators = 'caller' in entry && entry.caller === 'operator';
  return {
    TABLE_NAME: surroundings.table.tableName,
    TENANT_NAME: tenant.name,
    PUBLIC_URL: tenant.publicUrl,
    MAIL_FROM: tenant.mail.from,
    ...(seals ? { SEAL_KEYS_PARAMETER: sealKeysParameter(tenant) } : {}),
    ...(entry.needs.includes('mail') ? { MAIL_CONFIGURATION_SET: surroundings.configurationSetName } : {}),
    ...(uploads ? { UPLOADS_BUCKET: surroundings.uploadsBucketName } : {}),
    ...(isOperators && tenant.operatorKeySha256 ? { OPERATOR_KEY_SHA256: tenant.operatorKeySha256 } : {}),
    ...(provisions(entry) ? { TENANT_FILE: tenantFilePath } : {}),
  };
}
