// Which language a message is written in: the user's, else its base, else English. A language is one file in languages/.

import type { Language } from './message.ts';

const FALLBACK = 'en';

export async function languageFor(tag: string): Promise<{ tag: string; language: Language }> {
  const base = new Intl.Locale(tag).language;
  for (const candidate of [tag, base, FALLBACK]) {
    const language = await load(candidate);
    if (language) return { tag: candidate, language };
  }
  throw new Error('There is no language file for English');
}

async function load(tag: string): Promise<Language | undefined> {
  if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$/.test(tag)) return undefined;
  try {
    return ((await import(`./languages/${tag}.ts`)) as { default: Language }).default;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Node, jest and the bundle each say it in their way. */
function isMissing(error: unknown): boolean {
  return /Cannot find module|Module not found/.test((error as Error).message);
}
