import { aTenant } from '#test/setup/tenant.ts';
import { spendingMeter } from '../../bench/spending.ts';

it('S0-48 the sweep costs units for what is due only, however many tokens there are', async () => {
  const meter = spendingMeter();
  const tenant = await aTenant({}, { meter: meter.meter });
  const { token } = await tenant.aSuperUser();
  const create = async (count: number, values: object) => {
    for (let n = 0; n < count; n++) {
      const { id: userId } = await tenant.aUser();
      const made = await tenant.call('create-token', { token, params: { userId }, body: { title: 'CRM', ...values } });
      if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    }
  };
  await tenant.keepAudit();
  const sweep = () => meter.of(() => tenant.react('expire-tokens', {}));
  const nothing = await sweep();
  await create(60, {});
  await tenant.keepAudit();
  const stillNothing = await sweep();
  expect(stillNothing.writeUnits).toBe(nothing.writeUnits);
  expect(stillNothing.readUnits).toBe(nothing.readUnits);
  await create(1, { expiresAt: new Date(tenant.deps.now() + 60_000).toISOString() });
  await tenant.keepAudit();
  tenant.advance(61);
  const one = await sweep();
  expect(one.commands.filter((command) => command.startsWith('TransactWriteItems'))).toHaveLength(1);
});
