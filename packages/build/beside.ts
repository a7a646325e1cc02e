// What cannot be in a bundle and lies beside it: sharp's image decoders, compiled to WebAssembly, which start threads from a file
// of their own. The same files serve every machine, Lambda's included, and keep the decoders in a sandbox (docs/decisions/019-pictures.md).

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** Functions that decode images. */
const decoding = new Set(['process-picture']);

/** CommonJS by its name: this repository's own modules are none. */
const loaderName = 'sharp-wasm32.cjs';

/** In a bundle sharp loads what lies beside it, and looks for no binary of the machine that it runs on. */
export const loadFromBeside: Plugin = {
  name: 'load-from-beside',
  setup({ onLoad }) {
    onLoad({ filter: /sharp[\\/]dist[\\/]sharp\.mjs$/ }, () => ({
      contents: `import { createRequire } from 'node:module';
        export default createRequire(import.meta.url)('./${loaderName}');`,
      loader: 'js',
    }));
  },
};

/** The files that lie beside the bundles of these functions. */
export async function besideBundles(ids: readonly string[], outFolder: string) {
  const wanting = ids.filter((id) => decoding.has(id));
  if (wanting.length === 0) return [];
  const files = await decoders();
  return wanting.flatMap((id) => files.map(({ name, contents }) => ({ path: join(outFolder, id, name), contents })));
}

async function decoders(): Promise<{ name: string; contents: Uint8Array }[]> {
  const entry = createRequire(import.meta.url).resolve('@img/sharp-wasm32/sharp.node');
  const { outputFiles } = await build({
    entryPoints: [entry],
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
  });
  const library = join(dirname(entry), 'lib');
  // The loader asks for it by its own name.
  const binaries = readdirSync(library).filter((name) => name.endsWith('.wasm'));
  return [
    { name: loaderName, contents: outputFiles[0]?.contents ?? new Uint8Array() },
    ...binaries.map((name) => ({ name, contents: readFileSync(join(library, name)) })),
  ];
}
