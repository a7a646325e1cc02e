// Does what changes leave to be done. A job's next turn: its own change in the stream calls for the one after. The entries by which a
// user is found, also those by their key words, and the ledger of the seats that they hold, when the user has changed. Notices, when
// seats run out.

import { follow } from '#domain/directory/index-user.ts';
import { advance } from '#domain/jobs/jobs.ts';
import { kinds } from '#domain/jobs/kinds.ts';
import { keepLedger } from '#domain/ledger/ledger.ts';
import { watchSeats } from '#domain/licenses/notices.ts';
import { followKeyWords } from '#domain/routing/steering-index.ts';
import { onStream } from '#serve/react.ts';
import { jobIdIn } from '#table/keys.ts';

export const handler = onStream('run-jobs', async (deps, change) => {
  const jobId = jobIdIn(change.pk);
  if (jobId !== undefined) return advance(deps, jobId, kinds);
  const type = (change.after ?? change.before)?.type;
  if (type === 'seats') return watchSeats(deps, change);
  if (type === 'details') return followKeyWords(deps, change);
  const ofUser = type === 'user' ? [keepLedger(deps, change), followKeyWords(deps, change)] : [];
  await Promise.all([follow(deps, change), ...ofUser]);
});
