import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { install } from '#local/install.mjs';

let root: string;
let runs: string[][];
const said: string[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'roster-install-'));
  runs = [];
  writeLock({ 'node_modules/zod': { version: '4.0.0' } });
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, content: unknown) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
}

const writeLock = (packages: Record<string, unknown>) =>
  write('package-lock.json', { packages: { '': {}, ...packages } });
const writeInstalled = (packages: Record<string, unknown>) => write('node_modules/.package-lock.json', { packages });
const writeNode = () => write('node_modules/node/bin/node', '');

const run = (npm = installs, node?: string) =>
  install(root, { npm, say: (line) => said.push(line), ...(node && { node }) });

async function installs(args: string[]) {
  runs.push(args);
  writeNode();
  return 0;
}

describe('install.mjs', () => {
  it('installs on a fresh checkout, and only once', async () => {
    expect(await run()).toBe('installed');
    expect(await run()).toBe('present');
    expect(runs).toEqual([['ci']]);
  });

  it('installs again when the lock file changed', async () => {
    await run();
    writeLock({ 'node_modules/zod': { version: '4.0.1' } });
    expect(await run()).toBe('installed');
    expect(runs).toHaveLength(2);
  });

  it('leaves alone what somebody installed by hand from this lock file', async () => {
    writeNode();
    writeLock({
      'node_modules/zod': { version: '4.0.0' },
      'node_modules/@dynoxide/linux-x64': { version: '1.2.1', optional: true },
    });
    writeInstalled({ 'node_modules/zod': { version: '4.0.0' } });
    expect(await run()).toBe('present');
    expect(runs).toEqual([]);
  });

  it('installs when what stands there came from another lock file', async () => {
    writeNode();
    writeInstalled({ 'node_modules/zod': { version: '3.9.9' } });
    expect(await run()).toBe('installed');
  });

  it('installs when the folder came along without Node 24', async () => {
    await run();
    rmSync(join(root, 'node_modules/node'), { recursive: true });
    expect(await run()).toBe('installed');
  });

  it('leaves no stamp when npm failed, so that the next run tries again', async () => {
    await expect(run(async () => 1)).rejects.toThrow('npm ci failed with exit code 1');
    expect(await run()).toBe('installed');
  });

  it('says what to do where install scripts are switched off', async () => {
    await expect(run(async () => 0)).rejects.toThrow('npm ci --ignore-scripts=false');
  });

  it('refuses a Node that is too old, and says which one is needed', async () => {
    await expect(run(installs, '18.20.0')).rejects.toThrow('Node 18.20.0 is too old: Roster needs Node 20 or newer');
  });
});
