import { existsSync, readdirSync, readFileSync } from 'node:fs';

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

describe.each(pages)('%s', (page) => {
  const text = readFileSync(page, 'utf8');

  it('names only files that exist', () => {
    const paths = [
      ...text.matchAll(/`((?:packages|functions|infra|test|docs|tenants|bench)\/[^`<>…*\s]+|[A-Z]+\.md)`/g),
    ].map(([, path]) => path as string);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('names only commands that exist', () => {
    const commands = [...text.matchAll(/npm (?:run )?([a-z]+)/g)].map(([, name]) => name as string);
    expect(commands.filter((name) => !(name in scripts) && name !== 'ci')).toEqual([]);
  });
});
