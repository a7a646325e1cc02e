// The words by which users are found, and which of them a search is led by. Pure: the index is written by it and read by it.

import { folded } from '../users/names.ts';
import type { User } from '../users/user.ts';

/** What a user is found by. */
export type Named = Pick<User, 'title' | 'login' | 'authEmail' | 'alias' | 'numericId' | 'extension'>;

/** Longer beginnings are compared with the names themselves. */
const WORD_MAX = 24;
/** A name of a hundred single letters must not write ten thousand entries. */
const WORDS_MAX = 12;

const WORD_START = /(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu;
const WORD = /[\p{L}\p{N}]+/uy;

/** A name as it is compared, and where its words begin. */
interface Text {
  text: string;
  starts: readonly number[];
}

/** What was searched for, as it is compared: words, and phrases with their spaces. */
export type Terms = readonly string[];

/** Where an entry stands: at a word, alone or beside another word's initial. */
export interface Place {
  initials: string;
  word: string;
}

/** Words of a search; what stands in quotes is one. */
export function termsOf(search: string): Terms {
  const found = search.replace(/[“”„«»]/g, '"').matchAll(/"([^"]*)(?:"|$)|[^\s"]+/g);
  const terms = Array.from(found, ([all, phrase]) => bare(spaced(folded(phrase ?? all))));
  return [...new Set(terms)].filter((term) => term !== '');
}

/**
 * Does the entry of this word show a user who was searched for? Each of the terms must be the beginning of a word of a name; a
 * phrase goes on over the words that follow. Of the entries of one user that a search comes upon the first counts, so that
 * nobody is found twice.
 * @param entry byTitle: by whoever may not see the other names, nobody is found by them either
 */
export function isFoundBy(named: Named, terms: Terms, entry: { word: string; lead: Place; byTitle: boolean }): boolean {
  const texts = textsOf(named);
  const visible = entry.byTitle ? [textOf(named.title)] : texts;
  const isFound = (term: string) => visible.some(({ text, starts }) => starts.some((at) => text.startsWith(term, at)));
  return terms.every(isFound) && isFirst(wordsOf(texts), entry.word, entry.lead);
}

/**
 * Where the entries of a user stand: at each of their words, and at each word beside the initial of each other word, so that two
 * words lead to few users even where each of them is common. Numbers lead to few by themselves.
 */
export function placesOf(named: Named): Place[] {
  return placesAt(wordsOf(textsOf(named)));
}

function placesAt(words: readonly string[]): Place[] {
  const pairs = words.flatMap((word) =>
    words
      .filter((other) => other !== word && !isNumber(word) && !isNumber(other))
      .map((other) => ({ initials: initial(word) + initial(other), word })),
  );
  const places = [...words.map((word) => ({ initials: initial(word), word })), ...pairs];
  return [...new Map(places.map((place) => [`${place.initials} ${place.word}`, place])).values()];
}

/** Where a search begins to look: where the fewest are, of all that can match. Undefined when it has no word. */
export function leadOf(terms: Terms): Place | undefined {
  const words = longest(terms.flatMap(partsOf).map(cut));
  words.sort((a, b) => b.length - a.length);
  const [number] = words.filter(isNumber);
  const [word, other] = words.filter((each) => !isNumber(each));
  if (number && (number.length > 2 || !word || (number.length === 2 && !other))) return alone(number);
  if (!word) return undefined;
  return other ? { initials: initial(word) + initial(other), word } : alone(word);
}

/** Words within a term, as jana and nov in "jana.nov"; not those of a domain, by which nobody is found. */
function partsOf(term: string): string[] {
  const parts = term.split(' ').map((part) => part.split('@', 1)[0] as string);
  return parts.flatMap((part) => part.split(/[^\p{L}\p{N}]+/u)).filter((word) => word !== '');
}

function isFirst(words: readonly string[], word: string, lead: Place): boolean {
  const met = placesAt(words).filter((place) => place.initials === lead.initials && place.word.startsWith(lead.word));
  return met.every((place) => word <= place.word);
}

const alone = (word: string): Place => ({ initials: initial(word), word });

/** Letters and digits in a row; what begins another one goes without saying. */
function wordsOf(texts: readonly Text[]): string[] {
  const words = texts.flatMap(({ text, starts }) => starts.map((at) => cut(wordAt(text, at))));
  return longest(words).slice(0, WORDS_MAX);
}

/** Names in the order of their weight, should there be too many words. */
function textsOf({ title, login, authEmail, alias, numericId, extension }: Named): Text[] {
  const texts = [numericId, extension, login, title, alias].map((name) => textOf(name ?? ''));
  if (authEmail === undefined) return texts;
  // Of an address the words before the @: those after it are everybody's.
  const { text, starts } = textOf(authEmail);
  return [...texts, { text, starts: starts.filter((at) => at < text.lastIndexOf('@')) }];
}

function textOf(name: string): Text {
  const text = spaced(folded(name));
  return { text, starts: Array.from(text.matchAll(WORD_START), ({ index }) => index) };
}

function wordAt(text: string, at: number): string {
  WORD.lastIndex = at;
  return WORD.exec(text)?.[0] ?? '';
}

/** Each once, and none that begins another one. */
function longest(words: readonly string[]): string[] {
  const sorted = [...new Set(words)].filter((word) => word !== '').sort();
  const covered = new Set(sorted.filter((word, n) => sorted[n + 1]?.startsWith(word)));
  return [...new Set(words)].filter((word) => word !== '' && !covered.has(word));
}

const spaced = (text: string) => text.replace(/\s+/g, ' ').trim();
/** Without what stands around the words: a comma, a bracket. */
const bare = (text: string) => text.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
const cut = (word: string) => Array.from(word).slice(0, WORD_MAX).join('');
const initial = (word: string) => Array.from(word)[0] ?? '';
const isNumber = (word: string) => /^\p{N}+$/u.test(word);
