// Bundles every function of the lists to dist/functions/<id>/index.mjs: the same files that Lambda and the local tenant run.
// One esbuild pass with one bundle a function, so that a change redeploys only the functions that it changes.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { functionPath, operationList } from '#contract/operations.ts';
import { reactions } from '#contract/reactions.ts';
import { besideBundles, loadFromBeside } from './beside.ts';
import { inputsHash } from './inputs.ts';
import { leaveOut, withoutWords } from './left-out.ts';
import { ownOperation } from './own-operation.ts';

export interface FunctionEntry {
  id: string;
  domain: string;
}

export interface BuiltFunction {
  id: string;
  bytes: number;
}

export interface BuildOptions {
  /** Which functions; all of operations and reactions unless a test says otherwise. */
  entries?: readonly FunctionEntry[];
  functionsFolder?: string;
  outFolder?: string;
  /** Builds although nothing changed. */
  anew?: boolean;
  say?: (line: string) => void;
}

const root = join(import.meta.dirname, '../..');

export const functionsOut = join(root, 'dist/functions');

const allFunctions: readonly FunctionEntry[] = [...operationList, ...reactions];

/** Bundles what changed since the last build, and says what it made. @throws Error that lists the functions that have no file. */
export async function buildFunctions(options: BuildOptions = {}): Promise<BuiltFunction[]> {
  const { entries = allFunctions, functionsFolder = join(root, 'functions'), outFolder = functionsOut } = options;
  const say = options.say ?? (() => {});
  refuseMissing(entries, functionsFolder);
  const stamp = join(outFolder, '.inputs');
  const hash = `${inputsHash(root, functionsFolder)} ${entries.map(({ id }) => id).join(' ')}`;
  if (!options.anew && isBuilt(outFolder, stamp, hash, entries)) {
    say(`${entries.length} functions are built and up to date`);
    return builtFunctions(entries, outFolder);
  }
  say(`Bundling ${entries.length} functions …`);
  const startedAt = performance.now();
  rmSync(stamp, { force: true });
  const bundles = await bundle(entries, functionsFolder, outFolder);
  const ids = entries.map(({ id }) => id);
  for (const file of [...bundles, ...(await besideBundles(ids, outFolder))]) writeWhole(file.path, file.contents);
  removeOthers(entries, outFolder);
  writeWhole(stamp, hash);
  const built = builtFunctions(entries, outFolder);
  say(`${summary(built)}, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  return built;
}

/** The sizes of what stands in the folder. */
export function builtFunctions(entries: readonly FunctionEntry[] = allFunctions, outFolder = functionsOut) {
  return entries.map(({ id }): BuiltFunction => ({ id, bytes: readFileSync(bundlePath(outFolder, id)).length }));
}

export function bundlePath(outFolder: string, id: string): string {
  return join(outFolder, id, 'index.mjs');
}

async function bundle(entries: readonly FunctionEntry[], functionsFolder: string, outFolder: string) {
  const { outputFiles } = await build({
    entryPoints: entries.map((entry) => ({ in: join(functionsFolder, functionPath(entry)), out: `${entry.id}/index` })),
    absWorkingDir: root,
    outdir: outFolder,
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The SDK's ES modules shake off what a function doesn't call; its CommonJS doesn't.
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    alias: {
      '@aws-sdk/credential-provider-node': join(import.meta.dirname, 'lambda-credentials.ts'),
    },
    // CommonJS inside the bundle still asks for Node's own modules by require.
    banner: { js: "import{createRequire as _cr}from'node:module';const require=_cr(import.meta.url);" },
    plugins: [ownOperation(withoutWords), leaveOut, loadFromBeside],
    logLevel: 'error',
  });
  return outputFiles;
}

function refuseMissing(entries: readonly FunctionEntry[], functionsFolder: string): void {
  const missing = entries.map(functionPath).filter((path) => !existsSync(join(functionsFolder, path)));
  if (missing.length === 0) return;
  throw new Error(`These functions are in the lists but have no file in functions/:\n  ${missing.join('\n  ')}`);
}

function isBuilt(outFolder: string, stamp: string, hash: string, entries: readonly FunctionEntry[]): boolean {
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash) return false;
  return entries.every(({ id }) => existsSync(bundlePath(outFolder, id)));
}

/** By rename, so that a running tenant or a second build never reads half a file. Untouched when it says the same. */
function writeWhole(path: string, contents: string | Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(Buffer.from(contents))) return;
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, contents);
  renameSync(beside, path);
}

/** A function that left the lists must not be deployed again from an old folder. */
function removeOthers(entries: readonly FunctionEntry[], outFolder: string): void {
  const kept = new Set(entries.map(({ id }) => id));
  for (const entry of readdirSync(outFolder, { withFileTypes: true })) {
    if (entry.isDirectory() && !kept.has(entry.name)) rmSync(join(outFolder, entry.name), { recursive: true });
  }
}

function summary(built: readonly BuiltFunction[]): string {
  const bySize = built.toSorted((a, b) => b.bytes - a.bytes);
  const typical = bySize[Math.floor(bySize.length / 2)];
  const largest = bySize.slice(0, 3).map(({ id, bytes }) => `${id} ${kilobytes(bytes)}`);
  return `Built ${built.length} functions: typically ${kilobytes(typical?.bytes ?? 0)}, largest ${largest.join(', ')}`;
}

export function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`;
}

if (import.meta.main) {
  try {
    await buildFunctions({ anew: process.argv.includes('--anew'), say: console.log });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
