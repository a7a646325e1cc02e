// The CDK app: one stack for each file in tenants/. Needs the build's folders, and neither an account nor a network.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { readTenants } from './read-tenants.ts';
import { recommendedFlags } from './recommended-flags.ts';
import { TenantStack } from './tenant-stack.ts';

const project = join(import.meta.dirname, '..');

function codeFolder(id: string): string {
  const folder = join(project, 'dist', 'functions', id);
  if (!existsSync(folder)) throw new Error(`dist/functions/${id} is missing; run \`npm run build\` first`);
  return folder;
}

const app = new App({ context: recommendedFlags });
for (const tenant of await readTenants(join(project, 'tenants'))) new TenantStack(app, { tenant, codeFolder });
