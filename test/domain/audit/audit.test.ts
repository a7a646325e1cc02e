import { readdirSync, readFileSync } from 'node:fs';
import { entry } from '#domain/audit/audit.ts';
import { aTenant } from '#test/setup/tenant.ts';

const happened = { event: 'user.changed', actor: 'usr_1', subject: { type: 'user', id: 'usr_2' } };

describe('I11 entries of the audit', () => {
  it('are written once: a second write to the same place is refused by the table', async () => {
    const { deps } = await aTenant();
    const write = entry(deps, happened);
    await deps.table.transact([write]);
    await expect(deps.table.transact([write])).rejects.toThrow('A condition failed');
  });

  it('have one place in the code that writes them', () => {
    const sources = ['packages', 'functions'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `${folder}/${file}`),
    );
    const writing = sources.filter((file) => readFileSync(file, 'utf8').includes('auditKey('));
    expect(writing).toEqual(['packages/domain/audit/audit.ts']);
  });

  it('are kept as long as the settings say', async () => {
    const tenant = await aTenant({ auditDays: 30 });
    const { token } = await tenant.aSuperUser();
    await tenant.call('sign-out', { token });
    const [first] = await tenant.audit();
    expect(first?.ttl).toBe(Math.ceil((first?.at as number) / 1000) + 30 * 86_400);
  });
});
