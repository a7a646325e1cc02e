// Which channels rights let their holders serve, by the queues that they name. Nothing here reads or writes.

import type { Queue, Rights } from '../records/record.ts';

/** Of each channel the first of its queues, in the order given, and how many there are. */
export function channelsOf(queues: readonly Pick<Queue, 'id' | 'channel'>[]): Rights['channels'] {
  const found: Rights['channels'] = {};
  for (const { id, channel } of queues) {
    const { queue, count } = found[channel] ?? { queue: id, count: 0 };
    found[channel] = { queue, count: count + 1 };
  }
  return found;
}
