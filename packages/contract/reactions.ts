// The functions that nobody calls over HTTP: what the stream, the clock, the mail service or a deploy sets off.
// Infra and the local tenant derive their wiring from this list, as they do from the operations.

import type { Need } from './operation.ts';

export type Source =
  | ({ from: 'stream' } & StreamPart)
  /** EventBridge Scheduler expression, UTC. */
  | { from: 'schedule'; expression: `rate(${string})` | `cron(${string})` }
  /** Bounces and complaints that SES reports. */
  | { from: 'mail-feedback' }
  /** Files that were uploaded. */
  | { from: 'upload' }
  /** Each deploy, and each local start: must be idempotent. */
  | { from: 'deploy' }
  /** Requests to paths and methods that no operation has. */
  | { from: 'unmatched-request' };

/** What of the table's stream a reaction gets, by types of items. */
export interface StreamPart {
  /** New and changed ones. */
  itemTypes: readonly string[];
  /** Of these only the new ones. */
  newTypes?: readonly string[];
  /** Of these also the removed ones. */
  removedTypes?: readonly string[];
}

export interface Reaction {
  id: string;
  domain: string;
  summary: string;
  on: Source;
  needs: readonly Need[];
  timeoutSeconds: number;
}

export const reactions = [
  {
    id: 'deliver-outbox',
    domain: 'outbox',
    summary: 'Delivers what a change caused: mails, SMS, and its entry in the audit',
    on: { from: 'stream', itemTypes: ['message', 'entry', 'entries'] },
    needs: ['read', 'write', 'seal', 'mail', 'keep-audit'],
    timeoutSeconds: 60,
  },
  {
    id: 'run-jobs',
    domain: 'jobs',
    summary:
      'Does what changes leave to be done: long work turn by turn, the index by which users are found, their key words, the last sign-in, the ledger of seats, notices of seats that run out',
    // Together, since a shard of the stream serves two readers, and people wait for the other one.
    on: {
      from: 'stream',
      itemTypes: ['job', 'user', 'details', 'seats'],
      newTypes: ['session'],
      removedTypes: ['user', 'details'],
    },
    needs: ['read', 'write', 'seal'],
    timeoutSeconds: 60,
  },
  {
    id: 'expire-tokens',
    domain: 'tokens',
    summary:
      'Ends invites and API tokens whose time is over, tells of tokens that will end, and wakes what still waits in the outbox and jobs that stand still',
    on: { from: 'schedule', expression: 'rate(15 minutes)' },
    needs: ['read', 'write', 'seal'],
    timeoutSeconds: 300,
  },
  {
    id: 'snapshot-licenses',
    domain: 'licenses',
    summary: 'Writes the day’s use of each license, counts seats anew, and tells of those that nobody uses',
    on: { from: 'schedule', expression: 'cron(15 0 * * ? *)' },
    needs: ['read', 'write'],
    timeoutSeconds: 300,
  },
  {
    id: 'record-mail-feedback',
    domain: 'outbox',
    summary: 'Marks addresses that bounce or complain',
    on: { from: 'mail-feedback' },
    needs: ['read', 'write'],
    timeoutSeconds: 30,
  },
  {
    id: 'process-picture',
    domain: 'pictures',
    summary: 'Checks an uploaded picture and makes what is shown of it; the upload is removed',
    on: { from: 'upload' },
    needs: ['read', 'write', 'take-upload', 'decode'],
    timeoutSeconds: 60,
  },
  {
    id: 'provision-tenant',
    domain: 'tenant',
    summary: 'Makes the key, the settings and the invite of the first SuperUser, each only once',
    on: { from: 'deploy' },
    needs: ['read', 'write', 'seal', 'make-key'],
    timeoutSeconds: 60,
  },
  {
    id: 'answer-unmatched',
    domain: 'tenant',
    summary: 'Shows the page that links in mails lead to; answers 404 and 405 as problem+json',
    on: { from: 'unmatched-request' },
    needs: [],
    timeoutSeconds: 10,
  },
] as const satisfies readonly Reaction[];

export type ReactionId = (typeof reactions)[number]['id'];
