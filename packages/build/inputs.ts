// A fingerprint of everything that the bundles are made of, so that a start without changes skips the build.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Packages that never end up in a function. */
const ELSEWHERE = new Set(['local', 'client', 'console']);

/** Changes when a source, a dependency's version or the build itself changes. Over-inclusive on purpose. */
export function inputsHash(root: string, functionsFolder: string): string {
  const packages = join(root, 'packages');
  const folders = readdirSync(packages, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !ELSEWHERE.has(entry.name))
    .map((entry) => join(packages, entry.name));
  const files = [functionsFolder, ...folders].flatMap(filesBelow);
  const hash = createHash('sha256');
  for (const file of [join(root, 'package.json'), join(root, 'package-lock.json'), ...files]) {
    const content = readFileSync(file);
    hash.update(`${relative(root, file)}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
