// Reads tenants/: each file is one tenant. What would make a wrong or a colliding stack stops here, with field and remedy.

import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readTenantFile, type TenantFile } from '#contract/tenant-file.ts';

/** All tenants of the folder, by file name. @throws Error that names file, field and remedy. */
export async function readTenants(folder: string): Promise<TenantFile[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort();
  const tenants: TenantFile[] = [];
  for (const file of files) {
    const { default: written } = (await import(pathToFileURL(join(folder, file)).href)) as { default?: TenantFile };
    if (!written) throw new Error(`tenants/${file}: must \`export default readTenantFile({ … })\``);
    // A second time: a file that forgot to is no way around.
    const tenant = readTenantFile(written);
    checkDeployable(file, tenant);
    checkDistinct(file, tenant, tenants);
    tenants.push(tenant);
  }
  return tenants;
}

/** What the local tenant may be, and a deployed one may not. */
function checkDeployable(file: string, tenant: TenantFile): void {
  if (tenant.name === 'local') refuse(file, 'name', 'local is the tenant of one machine; choose another name');
  if (`${tenant.name}.ts` !== basename(file)) {
    refuse(
      file,
      'name',
      `is ${tenant.name}; rename the file to ${tenant.name}.ts or the tenant to ${basename(file, '.ts')}`,
    );
  }
  if (new URL(tenant.publicUrl).protocol !== 'https:') {
    refuse(file, 'publicUrl', `is ${tenant.publicUrl}; a deployed tenant is reached by https:// only`);
  }
  const domain = tenant.mail.from.slice(tenant.mail.from.lastIndexOf('@') + 1).toLowerCase();
  const identity = tenant.mail.identity.toLowerCase();
  if (domain !== identity && !domain.endsWith(`.${identity}`)) {
    refuse(file, 'mail.from', `is not an address below mail.identity; use one that ends with @${identity}`);
  }
}

function checkDistinct(file: string, tenant: TenantFile, others: TenantFile[]): void {
  const same = others.find((other) => other.region === tenant.region && other.mail.identity === tenant.mail.identity);
  if (same) {
    // SES knows an identity once in an account and region, and deleting one stack would take the other's away.
    refuse(file, 'mail.identity', `belongs to tenants/${same.name}.ts in ${tenant.region}; use a subdomain of its own`);
  }
}

function refuse(file: string, field: string, remedy: string): never {
  throw new Error(`tenants/${file} is not valid:\n  ${field}: ${remedy}`);
}
