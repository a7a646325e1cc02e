import * as fc from 'fast-check';
import { type Stop, USERS_MAX, type Way, wayFrom } from '#domain/users/way-of-calls.ts';

/** Users 0…n-1; each has the extension 200 + n, and leads calls on to some extensions, of which the last few are nobody's. */
type Edges = number[][];
const extension = (n: number) => String(200 + n);
const id = (n: number) => `usr_${n}`;

/** As the reads of a change would find it: step by step, only what is asked for. */
function follow(edges: Edges, start: number): Way {
  const owners = new Map<string, string | undefined>([[extension(start), id(start)]]);
  const stop = (n: number): Stop => ({ id: id(n), goesTo: (edges[n] ?? []).map(extension) });
  const stops = new Map([[id(start), stop(start)]]);
  for (;;) {
    const way = wayFrom(id(start), { owners, stops });
    if (way.kind !== 'unknown') return way;
    expect(way.extensions.some((each) => owners.has(each))).toBe(false);
    for (const each of way.extensions) {
      const n = Number(each) - 200;
      owners.set(each, n < edges.length ? id(n) : undefined);
      if (n < edges.length) stops.set(id(n), stop(n));
    }
  }
}

/** All that can be reached by one step or more: nothing of the search itself. */
function behind(edges: Edges, start: number): Set<number> {
  const reached = new Set<number>();
  const go = (n: number) => {
    for (const next of edges[n] ?? []) {
      if (next >= edges.length || reached.has(next)) continue;
      reached.add(next);
      go(next);
    }
  };
  go(start);
  return reached;
}

/** Numbers that are nobody’s, where calls of these users and the first one go. */
function nobodys(edges: Edges, reached: ReadonlySet<number>): number {
  const all = [0, ...reached].flatMap((n) => edges[n] ?? []);
  return new Set(all.filter((n) => n >= edges.length)).size;
}

/** With two numbers that are nobody’s, no more than may be behind one of them. */
const FEW = USERS_MAX - 1;
const graph = (users: number) =>
  fc.array(fc.array(fc.nat(users + 1), { maxLength: 2 }), { minLength: users, maxLength: users });

describe('S0-31 S0-43 whom calls to a user come to', () => {
  it('finds a circle exactly when there is one, in any graph of no more than a call may pass', () => {
    fc.assert(
      fc.property(graph(FEW), (edges) => {
        const way = follow(edges, 0);
        expect(way.kind).toBe(behind(edges, 0).has(0) ? 'loop' : 'ends');
      }),
      { numRuns: 2000 },
    );
  });

  it('of larger graphs says that it is a circle only of one, that it ends only of what ends, and gives up only behind too many', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(graph(14), (edges) => {
        const way = follow(edges, 0);
        const reached = behind(edges, 0);
        seen.add(way.kind);
        if (way.kind === 'loop') expect(reached.has(0)).toBe(true);
        if (way.kind === 'ends') expect(new Set(way.ids)).toEqual(new Set([...reached].map(id)));
        if (way.kind === 'ends') expect(reached.has(0)).toBe(false);
        if (way.kind === 'too-long') expect(reached.size + nobodys(edges, reached)).toBeGreaterThan(USERS_MAX);
      }),
      { numRuns: 2000 },
    );
    expect(seen).toEqual(new Set(['loop', 'ends', 'too-long']));
  });

  it('names a way that is one, from the user back to the user', () => {
    fc.assert(
      fc.property(graph(9), (edges) => {
        const way = follow(edges, 0);
        if (way.kind !== 'loop') return;
        const path = way.ids.map((each) => Number(each.slice('usr_'.length)));
        expect([path[0], path.at(-1)]).toEqual([0, 0]);
        for (const [n, from] of path.slice(0, -1).entries()) expect(edges[from]).toContain(path[n + 1]);
      }),
    );
  });

  it('keeps every graph free of circles in which each change was judged so when it was made', () => {
    const change = fc.record({ user: fc.nat(FEW - 1), to: fc.array(fc.nat(FEW + 1), { maxLength: 2 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 5, maxLength: 40 }), (changes) => {
        const edges: Edges = Array.from({ length: FEW }, () => []);
        for (const { user, to } of changes) {
          const wanted = edges.with(user, to);
          const way = follow(wanted, user);
          const makesCircle = wanted.some((_, n) => behind(wanted, n).has(n));
          expect(way.kind === 'loop').toBe(makesCircle);
          if (way.kind === 'ends') edges[user] = to;
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['to nobody', [[1]], { kind: 'ends', ids: [], nobodys: ['201'] }],
    ['to themselves', [[0]], { kind: 'loop', ids: ['usr_0', 'usr_0'] }],
    ['by two ways to one', [[1, 2], [3], [3], []], { kind: 'ends', ids: ['usr_1', 'usr_2', 'usr_3'], nobodys: [] }],
    ['into a circle of others', [[1], [2], [1]], { kind: 'ends', ids: ['usr_1', 'usr_2'], nobodys: [] }],
  ])('%s', (_what, edges, way) => {
    expect(follow(edges, 0)).toEqual(way);
  });

  it(`passes ${USERS_MAX} users, and not one more`, () => {
    const chain = (length: number) => Array.from({ length: length + 1 }, (_, n) => (n < length ? [n + 1] : []));
    expect(follow(chain(USERS_MAX), 0).kind).toBe('ends');
    expect(follow(chain(USERS_MAX + 1), 0)).toEqual({ kind: 'too-long' });
  });
});
