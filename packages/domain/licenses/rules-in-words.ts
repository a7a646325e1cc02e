// The rules of the catalogue as sentences, for administrators: they read them, and the operator writes them (S1-35).

import type { Catalogue, LicenseRule } from '#contract/license-catalogue.ts';

export function ruleInWords(rule: LicenseRule, { licenses }: Pick<Catalogue, 'licenses'>): string {
  const named = (id: string) => licenses.find((license) => license.id === id)?.name ?? id;
  const who = `${listed(rule.types)} users`;
  switch (rule.by) {
    case 'type':
      return `${who} take ${named(rule.license)}`;
    case 'queues': {
      const none = rule.otherwise === undefined ? '' : `, and ${named(rule.otherwise)} where they include none`;
      return `${who} take the license of each channel whose queues their rights include${none}`;
    }
    case 'permission':
      return `${who} take ${named(rule.license)} with the permission ${rule.permission}`;
    case 'recording':
      return `${who} take ${named(rule.license)} where their calls are recorded`;
    case 'never':
      return `${who} never take ${listed(rule.licenses.map(named), 'or')}`;
  }
}

function listed(names: readonly string[], last = 'and'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`;
}
