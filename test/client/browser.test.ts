import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');

describe('the client runs in a browser', () => {
  it('is made of itself, the contract and zod, without anything of Node', async () => {
    const { metafile } = await build({
      entryPoints: [join(root, 'packages/client/client.ts')],
      absWorkingDir: root,
      bundle: true,
      write: false,
      metafile: true,
      platform: 'browser',
      format: 'esm',
      logLevel: 'silent',
    });
    const strange = Object.keys(metafile.inputs).filter(
      (path) => !/^(packages\/(client|contract)|node_modules\/zod)\//.test(path),
    );
    expect(strange).toEqual([]);
  });
});
