// The tenant's settings as they are in force. A definition: may be five seconds old.

import type { Settings } from '#contract/settings.ts';
import { settingsKey } from '#table/keys.ts';
import { absent, type LoneWrite, put } from '#table/write.ts';
import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';

export async function current(deps: Deps): Promise<Settings> {
  return (await definitions.current(deps)).settings;
}

/** The settings of a new tenant; an existing one keeps its own. */
export function creation(values: Settings, now: number): LoneWrite {
  return put({ ...settingsKey, type: 'settings', v: 1, version: 1, values, updatedAt: now }, { if: absent });
}
