import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processSince, takeLock } from '#local/lock.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roster-lock-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const holder = () => JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'));
const lockOf = (pid: number, since: string) => writeFileSync(join(folder, 'lock'), JSON.stringify({ pid, since }));

describe('the lock of a data folder', () => {
  it('refuses a second tenant and names the process that runs', () => {
    const giveBack = takeLock(folder);
    expect(() => takeLock(folder)).toThrow(`A tenant already runs on ${folder} (process ${process.pid})`);
    giveBack();
    takeLock(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes over what a killed process left', () => {
    const { pid } = spawnSync('true');
    lockOf(pid, '1');
    const giveBack = takeLock(folder);
    expect(holder().pid).toBe(process.pid);
    giveBack();
  });

  it('takes over when another process got the number of the one that held it', () => {
    lockOf(process.pid, '1');
    takeLock(folder)();
  });

  it('takes over a lock that a crash left half written', () => {
    writeFileSync(join(folder, 'lock'), '{"pid":');
    takeLock(folder)();
  });

  it('respects a running process that is not ours', async () => {
    const other = spawn('sleep', ['30']);
    try {
      lockOf(other.pid as number, processSince(other.pid as number));
      expect(() => takeLock(folder)).toThrow(`process ${other.pid}`);
    } finally {
      const gone = new Promise((done) => other.once('exit', done));
      other.kill('SIGKILL');
      await gone;
    }
    takeLock(folder)();
  });
});
