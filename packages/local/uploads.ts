// Tells the reactions of files that were uploaded, as S3 does by EventBridge: at least once. What is still in the store at a
// start was not done with, and is told again.

import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Credentials } from './post-policy.ts';
import { UploadStore } from './upload-store.ts';

export interface UploadsOptions {
  folder: string;
  bucket: string;
  region: string;
  credentials: Credentials;
  reactions: readonly { id: string }[];
  invoke: (id: string, event: unknown) => Promise<unknown>;
  say?: (line: string) => void;
  /** Before the second attempt, the third, and so on; then it waits for the next start. Tests hurry. */
  pausesMs?: readonly number[];
}

export interface Uploads {
  /** Answers requests to the store. */
  answer: UploadStore['answer'];
  /** Ends after the deliveries under way. */
  stop(): Promise<void>;
}

const PAUSES_MS = [500, 5000, 30_000];

export function startUploads(options: UploadsOptions): Uploads {
  const { folder, bucket, region, credentials } = options;
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  const created = (key: string, bytes?: number) => {
    for (const { id } of options.reactions) {
      const told = tell(id, eventOf(bucket, key, bytes), options, stopping.signal).finally(() => underWay.delete(told));
      underWay.add(told);
    }
  };
  const store = new UploadStore({ folder: join(folder, 'uploads'), bucket, region, credentials, created });
  // Once the caller has all that deliveries need.
  setImmediate(() => {
    if (!stopping.signal.aborted) for (const key of store.keys()) created(key);
  });
  return {
    answer: (request, response) => store.answer(request, response),
    async stop() {
      stopping.abort();
      await Promise.all(underWay);
    },
  };
}

async function tell(id: string, event: unknown, options: UploadsOptions, signal: AbortSignal): Promise<void> {
  const pauses = options.pausesMs ?? PAUSES_MS;
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      await options.invoke(id, event);
      return;
    } catch (error) {
      const pause = pauses[tries];
      if (pause === undefined) {
        const reason = error instanceof Error ? error.message : error;
        (options.say ?? console.error)(`${id} gave up on an upload until the next start: ${reason}`);
        return;
      }
      await wait(pause, undefined, { signal }).catch(() => {});
    }
  }
}

/** As EventBridge hands over what S3 tells it, as far as anybody looks at it. */
function eventOf(bucket: string, key: string, size: number | undefined) {
  return {
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name: bucket }, object: { key, ...(size !== undefined && { size }) } },
  };
}
