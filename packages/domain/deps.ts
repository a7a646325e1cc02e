// What rules and stores are given: time, chance, the table and the tenant's facts. Handed in, so that a test sets them.

import type { Sealer } from '#table/seal.ts';
import type { Table } from '#table/table.ts';
import type { Definitions } from './definitions/definitions.ts';
import type { KnownOfCalls } from './routing/known.ts';

export interface Deps {
  /** Epoch milliseconds. */
  now: () => number;
  /** Ends so many milliseconds later. */
  pause: (ms: number) => Promise<void>;
  randomBytes: (count: number) => Buffer;
  table: Table;
  /** The tenant's keys; fetched at first use, then kept. */
  sealer: () => Promise<Sealer>;
  tenant: {
    name: string;
    publicUrl: string;
    /** SHA-256 of the operator's key, in hex; only where an operation is the operator's, and there is such a key. */
    operatorKeySha256?: string | undefined;
  };
  /** Definitions as last read; see definitions/definitions.ts. One for each process. */
  definitions: {
    known: { readAt: number; value: Definitions } | undefined;
    /** What calls are decided by beside them; see routing/known.ts. */
    ofCalls?: KnownOfCalls;
  };
  log: (event: LogEvent) => void;
}

/** A line of the log. Never holds a secret: fields are named one by one. */
export interface LogEvent {
  level: 'info' | 'warn' | 'error';
  /** OWASP vocabulary where it has a word, for example authn_login_fail. */
  event: string;
  [fact: string]: unknown;
}

/** A new id like usr_0123456789abcdef01234567. */
export function newId(deps: Pick<Deps, 'randomBytes'>, prefix: string): string {
  return `${prefix}_${deps.randomBytes(12).toString('hex')}`;
}
