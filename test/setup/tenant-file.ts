// The tenant file as a deploy leaves it for provision-tenant.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function deployTenantFile(file: unknown): void {
  const path = join(mkdtempSync(join(tmpdir(), 'roster-tenant-')), 'tenant.json');
  writeFileSync(path, JSON.stringify(file));
  process.env.TENANT_FILE = path;
}
