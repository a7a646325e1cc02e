// The tenant's settings as they are in force. A definition: may be five seconds old.

import { type Settings, settings } from '#contract/settings.ts';
import { settingsKey } from '#table/keys.ts';
import { absent, type LoneWrite, put } from '#table/write.ts';
import type { Deps } from '../deps.ts';

const FRESH_MS = 5000;

export async function current(deps: Deps): Promise<Settings> {
  const now = deps.now();
  const known = deps.definitions.get('settings');
  if (known && now - known.readAt < FRESH_MS) return known.value as Settings;
  const item = await deps.table.get(settingsKey, { consistent: false });
  const value = settings().parse(item?.values ?? {});
  deps.definitions.set('settings', { readAt: now, value });
  return value;
}

/** The settings of a new tenant; an existing one keeps its own. */
export function creation(values: Settings): LoneWrite {
  return put({ ...settingsKey, type: 'settings', v: 1, version: 1, values }, { if: absent });
}
