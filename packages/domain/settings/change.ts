// Changing the settings: read as they are now, merged, checked as a whole, written against the version that was seen.

import { Problem } from '#contract/problems.ts';
import { contradictions, type Settings, settings } from '#contract/settings.ts';
import { settingsKey } from '#table/keys.ts';
import { type Item, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { checkStaysAllowed } from '../limits/allowed-networks.ts';

export interface StoredSettings {
  values: Settings;
  version: number;
  updatedAt: number;
}

/** Fresh from the table, for who wants to see or change them. */
export async function read(deps: Deps): Promise<StoredSettings> {
  const item = await deps.table.get(settingsKey);
  return storedOf(item);
}

/** @throws Problem `settings_contradict`, `would_lock_yourself_out` */
export function merged(
  before: StoredSettings,
  changes: { [Name in keyof Settings]?: Settings[Name] | undefined },
  by: { address: string; force: boolean },
  now: number,
): StoredSettings {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const values: Settings = { ...before.values, ...given };
  const errors = contradictions(values);
  if (errors.length > 0) {
    const detail = errors.map((error) => `${error.pointer} ${error.detail}`).join('; ');
    throw new Problem('settings_contradict', { detail, errors });
  }
  checkStaysAllowed(values.allowedNetworks, by);
  return { values, version: before.version + 1, updatedAt: now };
}

/** @throws at commit `version_stale` */
export function change(before: StoredSettings, after: StoredSettings): Write {
  return update(
    settingsKey,
    { set: { type: 'settings', v: 1, values: after.values, version: after.version, updatedAt: after.updatedAt } },
    {
      if: before.version === 0 ? ['absent', 'pk'] : ['=', 'version', before.version],
      otherwise: (found) => stale(storedOf(found)),
    },
  );
}

export function stale({ version }: StoredSettings): Problem {
  return new Problem('version_stale', {
    detail: `The settings have version ${version} now; read them, decide again, and send If-Match: "${version}"`,
    because: version,
  });
}

export function shown({ values, version, updatedAt }: StoredSettings) {
  return { ...values, version, updatedAt: new Date(updatedAt).toISOString() };
}

function storedOf(item: Item | undefined): StoredSettings {
  return {
    values: settings().parse(item?.values ?? {}),
    version: (item?.version as number | undefined) ?? 0,
    updatedAt: (item?.updatedAt as number | undefined) ?? 0,
  };
}
