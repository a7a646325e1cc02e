// Numbers that call for help somewhere: an extension like them is dialled by mistake, or keeps help away (S1-23).

/** Of North America, Australia, Britain and others, beside those of the EU in 1XX. */
const ELSEWHERE: readonly string[] = ['000', '911', '995', '999'];

/** What it is mistaken for; undefined for a number that calls nobody. */
export function emergencyOf(extension: string): string | undefined {
  if (/^1\d\d$/.test(extension)) return 'is among 1XX, where emergency numbers of the EU are';
  return ELSEWHERE.includes(extension) ? 'is an emergency number in other countries' : undefined;
}
