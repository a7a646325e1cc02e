// Of a domain's operations a function needs its own alone. Each function's bundle gets the domain's file with that one, so that
// bundles do not grow with what other operations ask and answer; schemas that only those name fall away with them.

import { basename, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { operationList } from '#contract/operations.ts';

const contractFolder = join(import.meta.dirname, '../contract');
const operationIds = new Set(operationList.map(({ id }) => id));

/** @param contents of a file of the contract, as bundles get it */
export function ownOperation(contents: (path: string) => string): Plugin {
  return {
    name: 'own-operation',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^#contract\// }, ({ path, importer }) => {
        const id = basename(importer, '.ts');
        const file = join(contractFolder, path.slice('#contract/'.length));
        if (!/[\\/]functions[\\/]/.test(importer) || !operationIds.has(id)) return undefined;
        // Only the file of the domain: of all others there must be one in a bundle, or a Problem would not be a Problem.
        return namesOperation(contents(file), id) ? { path: file, suffix: `?${id}` } : undefined;
      });
      onLoad({ filter: /[\\/]contract[\\/][a-z-]+\.ts$/ }, ({ path, suffix }) => {
        const source = droppable(contents(path));
        return { contents: suffix ? onlyOperation(source, suffix.slice(1)) : source, loader: 'ts' };
      });
    },
  };
}

/** Marks schemas as made without side effects, so that those which nobody names fall away. */
function droppable(source: string): string {
  return source.replace(/^((?:export )?const \w+ = )once\(/gm, '$1/* @__PURE__ */ once(');
}

/** An entry of `domain('…', { 'an-id': () => …, … })`, as the formatter writes it: up to the next one, or to the end. */
const entries = /^ {2}'?([a-z][a-z-]*)'?: \(\) =>.*\n(?:(?! {2}['a-z]|\}).*\n)*/gm;

function namesOperation(source: string, id: string): boolean {
  return [...source.matchAll(entries)].some(([, name]) => name === id);
}

/** Takes out the operations of a domain but for one. */
export function onlyOperation(source: string, id: string): string {
  return source.replace(entries, (whole, name) => (name === id ? whole : ''));
}
