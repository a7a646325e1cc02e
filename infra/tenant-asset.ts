// The tenant file on its way to provision-tenant: a file beside the code. All of a function's environment may have 4 kB, and a
// catalogue of licenses alone can be longer.

import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { TenantFile } from '#contract/tenant-file.ts';

const name = 'tenant.json';

/** Where Lambda puts it. */
export const tenantFilePath = `/var/task/${name}`;

/** Another tenant file makes other code of it, by which a deploy knows that it is to run again. */
export function codeWithTenantFile(scope: Construct, codeFolder: string, tenant: TenantFile): lambda.Code {
  // One folder a tenant: CDK takes the same path for the same asset.
  const folder = join((Stage.of(scope) as Stage).assetOutdir, `tenant-file-${tenant.name}`);
  rmSync(folder, { recursive: true, force: true });
  cpSync(codeFolder, folder, { recursive: true });
  // What opens the operator's operations no other function hears of.
  writeFileSync(join(folder, name), JSON.stringify({ ...tenant, operatorKeySha256: undefined }));
  return lambda.Code.fromAsset(folder);
}
