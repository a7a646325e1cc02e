import { inOrder, leadOf, leadsOf, saidOf, wordsOf } from '#domain/routing/steering.ts';

const said = (keyWords: string[], text: string) => saidOf(keyWords, wordsOf(text));

describe('S0-11 S1-5 key words in what a caller says', () => {
  it('are found as whole words, accents and case aside', () => {
    expect(said(['Faktury', 'INVOICES'], 'Mám dotaz na fákturý, invoices!')).toEqual(['Faktury', 'INVOICES']);
    expect(said(['invoice', 'voices', 'art'], 'invoices article')).toEqual([]);
    expect(said(['Łódź', 'Straße'], 'z lodz, strasse')).toEqual(['Łódź', 'Straße']);
  });

  it('are phrases, too: all words, one after another', () => {
    const keyWords = ['terms of delivery', 'late delivery'];
    expect(said(keyWords, 'What are the terms of delivery?')).toEqual(['terms of delivery']);
    expect(said(keyWords, 'delivery terms')).toEqual([]);
    expect(said(['e-mail', 'C#'], 'my E Mail in c')).toEqual(['e-mail', 'C#']);
  });

  it('count once where they differ in nothing that counts, and never where they have no word', () => {
    expect(said(['Jana', 'JÁNA', '–', ''], 'jana – jana')).toEqual(['Jana']);
  });

  it('are looked up at their longest word', () => {
    expect(leadOf('terms of delivery')).toBe('delivery');
    expect(leadOf('–')).toBeUndefined();
    expect(leadsOf(['Delivery', 'late délivery', '!', 'invoices'])).toEqual(['delivery', 'invoices']);
    expect(leadsOf()).toEqual([]);
  });

  it('put those first of whom most was said, then most of it, then whoever is ready', () => {
    const meant = (title: string, words: string[], reachable = false) => ({ title, words, reachable });
    const users = [
      meant('d', ['bill']),
      meant('c', ['bill'], true),
      meant('b', ['invoices']),
      meant('a', ['bill', 'tax']),
      meant('e', ['bill'], true),
    ];
    expect(inOrder(users).map(({ title }) => title)).toEqual(['a', 'b', 'c', 'e', 'd']);
  });
});
