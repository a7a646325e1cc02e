// Tenant files that would make a wrong stack are refused at synth, with the field and what to do about it.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTenants } from '#infra/read-tenants.ts';
import { localTenant } from '#local/tenant.ts';
import acme from '#tenants/acme.ts';

const tenants = join(import.meta.dirname, '../../tenants');

/** A folder of tenant files: name → what it exports. */
function folder(files: Record<string, unknown>): string {
  const made = mkdtempSync(join(tmpdir(), 'roster-tenants-'));
  for (const [name, tenant] of Object.entries(files)) {
    writeFileSync(join(made, `${name}.ts`), `export default ${JSON.stringify(tenant)};`);
  }
  return made;
}

const refused = async (files: Record<string, unknown>): Promise<string> =>
  readTenants(folder(files)).then(
    () => 'accepted',
    (error: Error) => error.message,
  );

describe('tenants/', () => {
  it('makes one stack of each file', async () => {
    expect((await readTenants(tenants)).map(({ name }) => name)).toEqual(['acme', 'globex']);
  });

  it('never makes a stack of the local tenant', async () => {
    expect(localTenant.name).toBe('local');
    expect(await refused({ local: { ...acme, name: 'local' } })).toMatch(
      /tenants\/local\.ts .*\n\s+name: .*choose another/,
    );
  });

  it('refuses a field that is wrong, unknown or missing, with its remedy', async () => {
    expect(await refused({ acme: { ...acme, region: 'Frankfurt' } })).toMatch(/region: must be an AWS region like/);
    expect(await refused({ acme: { ...acme, sieze: 1 } })).toMatch(/sieze/);
    expect(await refused({ acme: { ...acme, firstSuperUser: { login: 'a', title: 'A' } } })).toMatch(
      /firstSuperUser\.authEmail: /,
    );
  });

  it('refuses a file without a tenant', async () => {
    const made = folder({});
    writeFileSync(join(made, 'acme.ts'), 'export const tenant = {};');
    await expect(readTenants(made)).rejects.toThrow(/tenants\/acme\.ts: must `export default readTenantFile/);
  });

  it('refuses a tenant that is not named like its file', async () => {
    expect(await refused({ acme2: acme })).toMatch(/tenants\/acme2\.ts .*\n\s+name: is acme; rename/);
  });

  it('refuses a public URL without TLS', async () => {
    expect(await refused({ acme: { ...acme, publicUrl: 'http://users.acme.example' } })).toMatch(/publicUrl: .*https/);
  });

  it('refuses a sender outside the mail identity, even one that only ends like it', async () => {
    const from = (address: string) => refused({ acme: { ...acme, mail: { ...acme.mail, from: address } } });
    expect(await from('users@other.example')).toMatch(/mail\.from: .*@acme\.example/);
    expect(await from('users@notacme.example')).toMatch(/mail\.from: /);
    expect(await from('users@mail.acme.example')).toBe('accepted');
  });

  it('refuses two tenants of one mail identity in a region, as SES would at the deploy', async () => {
    expect(await refused({ acme, acme2: { ...acme, name: 'acme2' } })).toMatch(
      /mail\.identity: belongs to tenants\/acme\.ts/,
    );
    expect(await refused({ acme, acme2: { ...acme, name: 'acme2', region: 'eu-west-1' } })).toBe('accepted');
  });
});
