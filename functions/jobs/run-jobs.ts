// Does what changes leave to be done. A job's next turn: its own change in the stream calls for the one after. And the entries by
// which a user is found, when the user has changed.

import { follow } from '#domain/directory/index-user.ts';
import { advance } from '#domain/jobs/jobs.ts';
import { kinds } from '#domain/jobs/kinds.ts';
import { onStream } from '#serve/react.ts';
import { jobIdIn } from '#table/keys.ts';

export const handler = onStream('run-jobs', (deps, change) => {
  const jobId = jobIdIn(change.pk);
  return jobId === undefined ? follow(deps, change) : advance(deps, jobId, kinds);
});
