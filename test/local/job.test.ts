import { type ChildProcess, execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFunctions } from '#build/build.ts';
import { askedFor } from '#local/job-asked.ts';
import { processSince } from '#local/lock.ts';
import { addressesFile, StartError } from '#local/ports.ts';
import { type RunningTenant, runTenant } from '#test/end-to-end/running-tenant.ts';

const now = Date.parse('2026-03-02T08:00:00Z');
const asked = (...words: string[]) => askedFor(words, now);

describe('what is asked of npm run job', () => {
  it.each([
    [['snapshot-licenses'], {}],
    [['snapshot-licenses', '--at', '2026-01-01'], { scheduledAt: '2026-01-01T00:00:00.000Z' }],
    [['--at', '2026-01-01T00:15:00Z', 'snapshot-licenses'], { scheduledAt: '2026-01-01T00:15:00.000Z' }],
    [['snapshot-licenses', '--at=2026-03-02T08:59:59.5+01:00'], { scheduledAt: '2026-03-02T07:59:59.500Z' }],
  ])('%j is understood', (words, event) => {
    expect(asked(...words)).toEqual({ id: 'snapshot-licenses', timeoutSeconds: 300, event });
  });

  it.each([
    [[], 'Which one is missing: it is one of expire-tokens, snapshot-licenses'],
    [['snapshots'], 'snapshots is no schedule: it is one of expire-tokens, snapshot-licenses'],
    [['deliver-outbox'], 'deliver-outbox is no schedule'],
    [['snapshot-licenses', '2026-01-01'], 'snapshot-licenses 2026-01-01 is no schedule'],
    [['snapshot-licenses', '--on', '2026-01-01'], "Unknown option '--on'"],
    [['snapshot-licenses', '--at'], 'argument missing'],
    [['snapshot-licenses', '--at', 'yesterday'], '--at is "yesterday": it must be a date like 2026-01-01'],
    [['snapshot-licenses', '--at', '2026-02-30'], '--at is "2026-02-30": it must be a date'],
    [['snapshot-licenses', '--at', '2026-01-01T00:15'], 'or an instant like 2026-01-01T00:15:00Z'],
    [['snapshot-licenses', '--at', '2026-03-03'], '--at is 2026-03-03, which is still to come'],
  ])('%j is refused by name, with an example', (words, refusal) => {
    expect(() => asked(...words)).toThrow(refusal);
    expect(() => asked(...words)).toThrow(StartError);
  });
});

describe('npm run job', () => {
  let folder: string;
  let running: RunningTenant | undefined;
  beforeAll(() => buildFunctions());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'roster-job-'));
  });
  afterEach(async () => {
    await running?.kill();
    rmSync(folder, { recursive: true });
  });

  /** Without npm. */
  async function job(...words: string[]) {
    const { DYNAMODB_ENDPOINT: _, ...inherited } = process.env;
    const env = { ...inherited, ROSTER_DATA: folder };
    return new Promise<{ code: number | null; out: string; told: string }>((done) => {
      const child: ChildProcess = execFile(
        process.execPath,
        ['packages/local/job.ts', ...words],
        { env },
        (_error, out, told) => done({ code: child.exitCode, out, told }),
      );
    });
  }
  /** What it came to; asked again while the run of the tenant's start is under way. */
  async function printed(...words: string[]): Promise<object> {
    const { code, out, told } = await job(...words);
    if (code !== 0) throw new Error(told);
    const result = JSON.parse(out);
    return result.skipped === 'running' ? printed(...words) : result;
  }

  it('runs a schedule beside the tenant that runs, and after its end, each time once', async () => {
    running = await runTenant(folder);
    const january = ['snapshot-licenses', '--at', '2026-01-01'];
    expect(await printed(...january)).toEqual({ taken: ['2026-01-01'] });
    expect(await printed('snapshot-licenses', '--at', '2026-01-01T10:00:00Z')).toEqual({ taken: [] });
    expect((await fetch(`${running.api}/v1/health`)).status).toBe(200);
    await running.kill();
    const { out, told } = await job(...january);
    expect(JSON.parse(out)).toEqual({ taken: ['2026-01-01'] });
    expect(told).toContain('"event":"scheduled_run"');
    expect(told).toContain('"result":"known"');
    expect(await printed('expire-tokens')).toMatchObject({ invites: 0, jobs: 0 });
    expect(existsSync(join(folder, 'lock'))).toBe(false);
    // Should the kill have met a run, its lease is over after 30 s.
  }, 120_000);

  it('refuses what it does not know without a stack', async () => {
    const { code, told } = await job('snapshots');
    expect(code).toBe(1);
    expect(told.trim()).toBe(
      'snapshots is no schedule: it is one of expire-tokens, snapshot-licenses, like npm run job -- snapshot-licenses --at 2026-01-01',
    );
  });

  it('says that there is no tenant, and makes none', async () => {
    const { code, told } = await job('expire-tokens');
    expect(code).toBe(1);
    expect(told.trim()).toMatch(/^There is no tenant on .*: npm start makes one/);
    expect(existsSync(join(folder, 'table.sqlite'))).toBe(false);
  });

  it('does not take the addresses of an earlier start for those of one that is not ready', async () => {
    const holder = { pid: process.pid, since: processSince(process.pid) };
    writeFileSync(join(folder, 'lock'), JSON.stringify(holder));
    writeFileSync(
      join(folder, addressesFile),
      JSON.stringify({ api: 'http://127.0.0.1:9', engine: 'http://127.0.0.1:9', pid: 1 }),
    );
    const { code, told } = await job('expire-tokens');
    expect(code).toBe(1);
    expect(told.trim()).toBe(
      `The tenant on ${folder} (process ${process.pid}) is not ready yet; try again in a moment`,
    );
    expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toEqual(holder);
  });
});
