import { type Catalogue, usualCatalogue } from '#contract/license-catalogue.ts';
import { seatsItem } from '#domain/licenses/seats.ts';
import { seatsKey } from '#table/keys.ts';
import { ifMatch, peopleOf } from '#test/functions/users/people.ts';
import { aTenant, type Called } from '#test/setup/tenant.ts';

/** As many licenses as a catalogue may have. */
const catalogue: Catalogue = {
  ...usualCatalogue,
  licenses: [
    ...usualCatalogue.licenses,
    ...Array.from({ length: 30 - usualCatalogue.licenses.length }, (_, n) => ({ id: `more-${n}`, name: `More ${n}` })),
  ],
};

it.each([
  ['somebody has: a job brings it about', true],
  ['nobody has: it is in force at once', false],
])('S0-14 the largest edit fits into its transaction, renaming included, of rights that %s', async (_who, isUsed) => {
  const tenant = await aTenant({}, { licenses: { catalogue } });
  const people = await peopleOf(tenant);
  const queues = (channel: 'voice' | 'email', count: number) =>
    Promise.all(Array.from({ length: count }, () => people.queue(channel)));
  const [before, after] = [await queues('voice', 31), await queues('email', 31)];
  const rightsId = await people.rights({ queues: before });
  if (isUsed) await tenant.aUser({ access: 'acc_agent', rights: rightsId });
  const sizes: number[] = [];
  tenant.deps.table.documents.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'TransactWriteItemsCommand' || commandName === 'TransactWriteCommand') {
          sizes.push((args.input as { TransactItems: unknown[] }).TransactItems.length);
        }
        return next(args);
      },
    { step: 'initialize' },
  );
  const edit = (body: object): Promise<Called> =>
    tenant.call('change-rights', {
      ...{ token: people.root.token, params: { rightsId }, body },
      headers: ifMatch(1),
    });
  const refused = await edit({ name: 'All anew', queues: after });
  expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_input', because: 62 } });
  expect(refused.body.detail).toContain('60 is the most');
  expect(refused.body.remedy).toContain('two steps');
  const edited = await edit({ name: 'Nearly all anew', queues: [...after.slice(0, 30), before[0]] });
  expect(edited).toMatchObject({ status: 200, body: { version: 2, name: 'Nearly all anew' } });
  expect(seatsItem().parse(await tenant.read(seatsKey('email'))).used).toBe(isUsed ? 1 : 0);
  const largest = Math.max(...sizes);
  // Record, two names, sixty queues, catalogue, edition, thirty licenses, entry.
  expect(largest).toBeGreaterThanOrEqual(96);
  expect(largest).toBeLessThanOrEqual(100);
});
