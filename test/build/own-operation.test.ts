import { readFileSync } from 'node:fs';
import { buildFunctions, bundlePath, functionsOut } from '#build/build.ts';
import { onlyOperation } from '#build/own-operation.ts';
import { operationList } from '#contract/operations.ts';

beforeAll(() => buildFunctions(), 120_000);

describe('a bundle has its own operation alone', () => {
  it.each(operationList.map(({ id }) => [id] as const))('%s', (id) => {
    const bundle = readFileSync(bundlePath(functionsOut, id), 'utf8');
    const others = operationList.filter((each) => each.id !== id && bundle.includes(`"${each.id}":()`));
    expect(others.map((each) => each.id)).toEqual([]);
  });

  it('and one class of problems, or a refusal would not be known as one', () => {
    for (const { id } of operationList) {
      const bundle = readFileSync(bundlePath(functionsOut, id), 'utf8');
      expect([id, bundle.split('code_used_up:{status').length - 1]).toEqual([id, 1]);
    }
  });
});

it('an operation is cut out of its domain as the formatter writes it', () => {
  const one =
    "  'list-things': () => ({\n    method: 'GET',\n    body: z.object({\n      a: z.string(),\n    }),\n  }),\n";
  const other = '  thing: () => ({\n    method: "POST",\n  }),\n';
  const short = "  'read-things': () => reading(kind, params()),\n";
  const called = "  'make-thing': () =>\n    creating(kind, {\n      problems: [],\n    }),\n";
  const file = (entries: string) => `const a = once(() => 1);\n\nexport const x = domain('x', {\n${entries}});\n`;
  expect(onlyOperation(file(one + short + other + called), 'thing')).toBe(file(other));
  expect(onlyOperation(file(one + short + other + called), 'list-things')).toBe(file(one));
});
