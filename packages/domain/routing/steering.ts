// Whom a caller means by what they say (S0-11, S1-5): key words of users that are found in it as whole words or phrases, accents and
// case aside. Pure.

import { folded } from '../users/names.ts';

/** Words as they are compared, in their order. */
export function wordsOf(text: string): string[] {
  return folded(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Where a key word is looked up: at the longest of its words, which the fewest others share. Undefined: it has none. */
export function leadOf(keyWord: string): string | undefined {
  return wordsOf(keyWord).reduce<string | undefined>(
    (longest, word) => (longest === undefined || word.length > longest.length ? word : longest),
    undefined,
  );
}

/** Where the key words of a user are looked up, each once. */
export function leadsOf(keyWords: readonly string[] = []): string[] {
  return [...new Set(keyWords.map(leadOf).filter((lead) => lead !== undefined))];
}

/** Those of the key words that are said: all of their words, one after another. Of two that differ in nothing that counts one. */
export function saidOf(keyWords: readonly string[] = [], said: readonly string[]): string[] {
  const text = ` ${said.join(' ')} `;
  const found = new Map<string, string>();
  for (const keyWord of keyWords) {
    const phrase = wordsOf(keyWord).join(' ');
    if (phrase !== '' && !found.has(phrase) && text.includes(` ${phrase} `)) found.set(phrase, keyWord);
  }
  return [...found.values()];
}

export interface Meant {
  title: string;
  words: string[];
  reachable: boolean;
}

/** Most key words first, then the longest of them, then whoever is there now. */
export function inOrder<T extends Meant>(users: readonly T[]): T[] {
  const length = ({ words }: Meant) => words.join('').length;
  return users.toSorted(
    (a, b) =>
      b.words.length - a.words.length ||
      length(b) - length(a) ||
      Number(b.reachable) - Number(a.reachable) ||
      a.title.localeCompare(b.title),
  );
}
