// What a language's texts need beside its sentences: counted things in the right number, instants to read, facts in a row.

type Value = string | number;
type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

export function wordsOf(tag: string) {
  const plural = new Intl.PluralRules(tag);
  const long = new Intl.DateTimeFormat(tag, {
    dateStyle: 'long',
    timeStyle: 'short',
    hourCycle: 'h23',
    timeZone: 'UTC',
  });
  return {
    /** `3` and { one: 'day', other: 'days' } are "3 days". */
    counted: (count: Value, forms: Forms): string => `${count} ${forms[plural.select(Number(count))] ?? forms.other}`,
    /** In UTC, and saying so: nobody knows where the reader is. */
    instant: (at: Value): string => (isInstant(at) ? `${long.format(new Date(at))} UTC` : String(at)),
  };
}

/** For an SMS: 2026-03-02 08:00 UTC. */
export function shortInstant(at: Value): string {
  return isInstant(at) ? `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC` : String(at);
}

/** "When: … · By: …", without what is not known. */
export function facts(named: Record<string, Value | undefined>): string {
  const known = Object.entries(named).filter(([, value]) => value !== undefined && value !== '');
  return known.map(([name, value]) => `${name}: ${value}`).join(' · ');
}

function isInstant(at: Value): boolean {
  return !Number.isNaN(new Date(at).getTime());
}
