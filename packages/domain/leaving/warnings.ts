// What whoever is about to remove a user should know.

import type { Settings } from '#contract/settings.ts';

/** S0-55: deactivating is nearly always what is meant. */
export function warningsOf({ deletedDays }: Pick<Settings, 'deletedDays'>): string[] {
  const until =
    deletedDays === 0
      ? 'Nobody can bring them back'
      : `A SuperUser can bring them back for ${deletedDays} ${deletedDays === 1 ? 'day' : 'days'}; then nobody can`;
  return [
    'Deactivating is strongly recommended: past data of the user stays viewable, and the user can be restored at any time',
    `Deleting loses everything that is associated with the user, and the user vanishes at once from every list, search and report. ${until}`,
  ];
}
