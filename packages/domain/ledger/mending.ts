// Where the stream gave a record up, the ledger lacks an open interval that a user's own item tells of. The recount, which reads
// every user anyway, puts it there.

import { ledgerKeys, userKeys } from '#table/keys.ts';
import { check, put } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import type { Rules } from '../licenses/consumption.ts';
import type { User } from '../users/user.ts';
import { heldBy } from './held.ts';
import { openOne } from './ledger.ts';

/** The stream does not try longer than that; until then it is only late. */
const LATE_MS = 3_600_000;
const KEYS_AT_ONCE = 100;

/** @returns how many were missing */
export async function mendLedger(deps: Deps, users: readonly User[], rules: Rules): Promise<number> {
  const before = deps.now() - LATE_MS;
  const due = users.flatMap((user) =>
    heldBy(user)
      .filter(({ from }) => from < before)
      .map((held) => ({ user, held, key: ledgerKeys.open(held.license, user.id, held.from) })),
  );
  let mended = 0;
  for (let n = 0; n < due.length; n += KEYS_AT_ONCE) {
    const some = due.slice(n, n + KEYS_AT_ONCE);
    const found = await deps.table.batchGet(
      some.map(({ key }) => key),
      { consistent: false },
    );
    for (const { user, held } of some.filter((_, at) => !found[at])) {
      const isTheSame = ['=', 'version', user.version] as const;
      const failed = await deps.table.attempt([
        put(openOne(user, held, rules)),
        check(userKeys.user(user.id), isTheSame),
      ]);
      // Whoever has changed meanwhile is looked at by the next run.
      if (failed.length === 0) mended++;
    }
  }
  return mended;
}
