// Does the next chunk of a job. The job's own change in the stream calls for the one after.

import { advance } from '#domain/jobs/jobs.ts';
import { onStream } from '#serve/react.ts';

export const handler = onStream('run-jobs', (deps, { pk }) => advance(deps, pk.slice('JOB#'.length)));
