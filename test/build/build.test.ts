import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildFunctions, bundlePath } from '#build/build.ts';

let folder: string;
const entries = [
  { id: 'say-hello', domain: 'greetings' },
  { id: 'say-bye', domain: 'greetings' },
];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roster-build-'));
  source('greetings/languages/en.ts', "export const hello: string = 'Hello';");
  source('greetings/languages/cs.ts', "export const hello: string = 'Ahoj';");
  source(
    'greetings/say-hello.ts',
    `import { createHash } from 'node:crypto';
     export const handler = async (tag: string) => {
       const { hello } = (await import(\`./languages/\${tag}.ts\`)) as { hello: string };
       return hello + createHash('sha256').update('').digest('hex').slice(0, 4);
     };`,
  );
  source('greetings/say-bye.ts', 'export const handler = async () => "Bye";');
});

afterEach(() => rmSync(folder, { recursive: true }));

function source(path: string, code: string) {
  const file = join(folder, 'functions', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, code);
}

const out = () => join(folder, 'dist');
const build = (only = entries, anew = false) =>
  buildFunctions({ entries: only, functionsFolder: join(folder, 'functions'), outFolder: out(), anew });
const bundle = (id: string) => readFileSync(bundlePath(out(), id), 'utf8');

describe('npm run build', () => {
  it('makes one bundle a function, whose handler runs by itself, languages loaded by name included', async () => {
    await build();
    const { handler } = await import(pathToFileURL(bundlePath(out(), 'say-hello')).href);
    expect(await handler('cs')).toBe('Ahoje3b0');
    expect(await handler('en')).toBe('Helloe3b0');
    await expect(handler('xx')).rejects.toThrow();
  });

  it('gives the same bytes for the same sources, wherever they are written', async () => {
    await build();
    const before = bundle('say-hello');
    rmSync(out(), { recursive: true });
    await build();
    expect(bundle('say-hello')).toBe(before);
    expect(before).not.toContain(folder);
  });

  it('does nothing when nothing changed, and leaves alone what a change does not touch', async () => {
    await build();
    const bye = statSync(bundlePath(out(), 'say-bye')).mtimeMs;
    const stamp = statSync(join(out(), '.inputs')).mtimeMs;
    await build();
    expect(statSync(join(out(), '.inputs')).mtimeMs).toBe(stamp);
    source('greetings/languages/cs.ts', "export const hello: string = 'Nazdar';");
    await build();
    expect(bundle('say-hello')).toContain('Nazdar');
    expect(statSync(bundlePath(out(), 'say-bye')).mtimeMs).toBe(bye);
  });

  it('removes a function that left the list', async () => {
    await build();
    await build(entries.slice(0, 1));
    expect(readdirSync(out())).toEqual(['.inputs', 'say-hello']);
  });

  it('names the functions that are in the list but have no file', async () => {
    await expect(build([...entries, { id: 'wave', domain: 'greetings' }])).rejects.toThrow('greetings/wave.ts');
  });
});
