// Reads at half the units may be a moment old; here they are as old as can be.

import { keyOf } from '#domain/numbers/numbers.ts';
import { inboundCall } from '#domain/routing/inbound-call.ts';
import { recordedCall } from '#domain/routing/recorded-call.ts';
import { aPlatform, type Platform } from './platform.ts';

let here: Platform;
beforeAll(async () => {
  here = await aPlatform();
});

/** Of users and numbers, reads that are not consistent find nothing. */
function blind(): Platform['deps'] {
  const { table } = here.deps;
  const handler: ProxyHandler<typeof table> = {
    get: (target, name) => {
      if (name === 'get')
        return async (...args: Parameters<typeof table.get>) =>
          args[1]?.consistent === false ? undefined : target.get(...args);
      if (name === 'batchGet') {
        return async (...args: Parameters<typeof table.batchGet>) =>
          args[1]?.consistent === false ? args[0].map(() => undefined) : target.batchGet(...args);
      }
      const found = Reflect.get(target, name, target);
      return typeof found === 'function' ? found.bind(target) : found;
    },
  };
  return { ...here.deps, table: new Proxy(table, handler) };
}

describe('S0-40 nobody is said not to be there by a read that may be a moment old', () => {
  it('a user who was just created is found by id, by extension, and with the extension read ahead', async () => {
    const jana = await here.person({ extension: '217', forwarding: '+420601999999' });
    const eva = await here.person({ extension: '218', forwarding: '217' });
    for (const asked of [{ extension: '217' }, { user: jana.id }, { extension: '218' }, { user: eva.id }]) {
      expect(await inboundCall(blind(), asked)).toMatchObject({
        outcome: 'forward',
        goesTo: { number: '+420601999999' },
      });
    }
    expect(await inboundCall(blind(), { extension: '217' }, { item: undefined })).toMatchObject({
      user: { id: jana.id },
    });
    expect(await recordedCall(blind(), { event: 'connected', user: jana.id })).toMatchObject({ recorded: false });
  });

  it('whose extension it was a moment ago is not called by it', async () => {
    const before = await here.person({ extension: '301' });
    const old = { item: await here.read(keyOf('extensions', '301')) };
    await here.set(before.id, { extension: '302' });
    await expect(inboundCall(here.deps, { extension: '301' }, old)).rejects.toMatchObject({
      code: 'extension_not_found',
    });
  });
});
