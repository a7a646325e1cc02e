// Makes `npm start` and `npm test` work on a fresh checkout: checks Node, installs what the lock file says, once.
// Runs before anything is installed, so it is plain JavaScript for any Node >= 20 and imports nothing but Node.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;

/** Installs when node_modules is missing or stands for another lock file (types: install.d.mts). */
export async function install(root, { npm = runNpm, say = console.log, node = process.versions.node } = {}) {
  if (Number(node.split('.')[0]) < OLDEST_NODE) {
    throw new Error(`Node ${node} is too old: Roster needs Node ${OLDEST_NODE} or newer (https://nodejs.org).`);
  }
  const stamp = join(root, 'node_modules/.roster-install');
  const wanted = fingerprint(root);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && hasOwnNode(root)) return 'present';
  // Somebody may have run npm ci by hand: then there is nothing to do but to note it.
  const present = matchesLock(root) && hasOwnNode(root);
  if (!present) {
    say(
      `Installing packages (npm ci): ${existsSync(stamp) ? 'package-lock.json changed' : 'first time'}, about half a minute`,
    );
    const status = await npm(['ci'], root);
    if (status !== 0) throw new Error(`npm ci failed with exit code ${status}; its own message stands above.`);
    if (!hasOwnNode(root)) {
      throw new Error(
        'npm ci left out Node 24, because install scripts are switched off here. Run: npm ci --ignore-scripts=false',
      );
    }
  }
  writeFileSync(stamp, wanted);
  return present ? 'present' : 'installed';
}

/** What the installed packages depend on: the lock file and the platform that their binaries are for. */
function fingerprint(root) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
}

/** The `node` package fetches its binary by an install script; everything else here runs on it. */
function hasOwnNode(root) {
  return ['node', 'node.exe'].some((name) => existsSync(join(root, 'node_modules/node/bin', name)));
}

/** Whether npm's own note in node_modules names every package that the lock file asks for. */
function matchesLock(root) {
  const note = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(note)) return false;
  const installed = JSON.parse(readFileSync(note, 'utf8')).packages;
  const asked = Object.entries(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages);
  return asked.every(([path, { version, optional, devOptional, link }]) => {
    if (path === '' || link) return true;
    const found = installed[path];
    return found ? found.version === version : Boolean(optional || devOptional);
  });
}

/** npm's output is its own; it says nothing for half a minute, so a line every few seconds shows that it lives. */
function runNpm(args, root) {
  const inside = join(root, 'node_modules');
  // Not the Node that is about to be replaced.
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !resolve(entry).startsWith(inside));
  const startedAt = Date.now();
  const progress = setInterval(() => {
    console.log(`  … still installing, ${Math.round((Date.now() - startedAt) / 1000)} s`);
  }, 5000);
  return new Promise((done, failed) => {
    const child = spawn('npm', args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, PATH: path.join(delimiter) },
      shell: process.platform === 'win32',
    });
    child.on('error', failed);
    child.on('exit', (code, signal) => done(code ?? (signal ? 1 : 0)));
  }).finally(() => clearInterval(progress));
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  install(resolve(fileURLToPath(import.meta.url), '../../..')).catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}
