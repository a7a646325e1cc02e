// Where a reaction stands in each shard of the stream, kept on disk: a restart goes on there, so nothing is skipped.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

interface Kept {
  streamArn: string;
  /** The last sequence number up to which everything is done. */
  shards: Record<string, string>;
}

export class StreamPosition {
  readonly #path: string;
  readonly #kept: Kept;

  /** Positions in another stream (the table was made anew) mean nothing here and are forgotten. */
  constructor(path: string, streamArn: string) {
    this.#path = path;
    const kept = read(path);
    this.#kept = kept?.streamArn === streamArn ? kept : { streamArn, shards: {} };
  }

  of(shardId: string): string | undefined {
    return this.#kept.shards[shardId];
  }

  moveTo(shardId: string, sequence: string): void {
    this.#kept.shards[shardId] = sequence;
    mkdirSync(dirname(this.#path), { recursive: true });
    // By rename: a kill in the middle leaves the old position, which only means to deliver again.
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.#kept));
    renameSync(`${this.#path}.new`, this.#path);
  }
}

function read(path: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Kept;
  } catch {
    return undefined;
  }
}
