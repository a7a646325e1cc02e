// How names of users are compared, found and put in order.

/** Letters that are no letter with an accent to Unicode, but are to people. */
const LIKE: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
};

/** How names are compared and found: accents and case aside. */
export function folded(text: string): string {
  const bare = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().normalize('NFC');
  return bare.replace(/[łøđðħŧıßæœþ]/g, (letter) => LIKE[letter] as string);
}

/** Order of the list: by title. Cut between characters: half a surrogate pair is no text. */
export function sortTitle(title: string): string {
  return Array.from(folded(title)).slice(0, 32).join('');
}
