import fc from 'fast-check';
import { isFoundBy, leadOf, type Named, placesOf, termsOf } from '#domain/directory/words.ts';
import { folded } from '#domain/users/names.ts';

const of = (values: Partial<Named>): Named => ({ title: 'X', login: 'x', ...values });
const words = (named: Named) => [...new Set(placesOf(named).map(({ word }) => word))].sort();

describe('words that a user is found by', () => {
  it('are those of all names, folded, but for the domain of the address; none that begins another one', () => {
    const jana = { title: 'Jana Nováková', login: 'jana.novakova', authEmail: 'jana.novakova@cc.example' };
    expect(words(of({ ...jana, numericId: '4711' }))).toEqual(['4711', 'jana', 'novakova']);
  });

  it('stand alone, and beside the initial of each other one; numbers alone', () => {
    const places = placesOf({ title: 'Jan Novák', login: 'novak', numericId: '47' });
    expect(places.map(({ initials, word }) => `${initials} ${word}`).sort()).toEqual([
      '4 47',
      'j jan',
      'jn jan',
      'n novak',
      'nj novak',
    ]);
  });

  it('are bounded, whatever a name is made of', () => {
    const title = Array.from({ length: 50 }, (_, n) => String.fromCodePoint(0x61 + (n % 26))).join(' ');
    expect(placesOf(of({ title })).length).toBeLessThanOrEqual(12 * 12);
    expect(words(of({ title: 'x'.repeat(100) })).every((word) => Array.from(word).length <= 24)).toBe(true);
    expect(words(of({ title: '😀'.repeat(30) }))).toEqual(['x']);
  });
});

describe('what a search is led by', () => {
  it.each([
    ['novakova', 'n novakova'],
    ['jan nov', 'jn jan'],
    ['jan novak', 'nj novak'],
    ['jana jan', 'j jana'],
    ['jan 4711', '4 4711'],
    ['jana nov 47', 'jn jana'],
    ['j 47', '4 47'],
    ['"jana nova" x', 'jn jana'],
    ['(novak)', 'n novak'],
    ['jana.novak', 'nj novak'],
    ['novak@contact', 'n novak'],
  ])('%s: %s', (search, expected) => {
    const lead = leadOf(termsOf(search));
    expect(`${lead?.initials} ${lead?.word}`).toBe(expected);
  });
});

describe('searching by the entries', () => {
  const letter = fc.constantFrom('j', 'a', 'n', 'o', 'v', 'Á', 'ł', '.', '-', '@', '4', '7', ' ');
  const name = fc.string({ unit: letter, minLength: 1, maxLength: 14 });
  const named = fc.record(
    {
      title: name,
      login: name,
      alias: name,
      numericId: fc.constantFrom('47', '474', '7'),
      authEmail: fc.constantFrom('jan.nov@ov.an', 'n-v+47@jan.av'),
    },
    { requiredKeys: ['title', 'login'] },
  );
  const search = fc.string({
    unit: fc.constantFrom('j', 'a', 'n', 'o', 'v', 'l', '4', '7', '.', '@', ' ', '"'),
    minLength: 1,
    maxLength: 9,
  });

  /** Each name, every beginning of a word of it: slow, and plainly what is promised. */
  function isMeant({ title, login, alias, numericId, authEmail }: Named, terms: readonly string[]): boolean {
    const names = [title, login, alias ?? '', numericId ?? '', authEmail ?? ''];
    const texts = names.map((each) => folded(each).replace(/\s+/g, ' ').trim());
    return terms.every((term) =>
      texts.some((text, n) =>
        Array.from(text, (_, at) => at).some(
          (at) =>
            /[a-z0-9]/.test(text[at] ?? '') &&
            !/[a-z0-9]/.test(text[at - 1] ?? '') &&
            (n < 4 || at < text.indexOf('@')) &&
            text.startsWith(term, at),
        ),
      ),
    );
  }

  it('finds just those of whom each word begins a word, and each of them once', () => {
    fc.assert(
      fc.property(fc.array(named, { maxLength: 6 }), search, (crowd, text) => {
        // Whoever has so many words is not found by the last of them.
        fc.pre(crowd.every((each) => words(each).length < 12));
        const terms = termsOf(text);
        const lead = leadOf(terms);
        const met = crowd.flatMap((each, n) =>
          placesOf(each)
            .filter(({ initials, word }) => initials === lead?.initials && word.startsWith(lead.word))
            .filter(({ word }) => isFoundBy(each, terms, { word, lead: lead as never, byTitle: false }))
            .map(() => n),
        );
        const expected = lead ? [...crowd.keys()].filter((n) => isMeant(crowd[n] as Named, terms)) : [];
        expect(met.sort()).toEqual(expected);
      }),
      { numRuns: 4000 },
    );
  });
});
