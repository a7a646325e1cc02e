// What a queue says of its calls: whether they are recorded, and which numbers they present. Other channels have no calls.

import type { Channel } from '#contract/channels.ts';
import { Problem } from '#contract/problems.ts';
import { queueOfCalls } from '#contract/telephony.ts';
import type { Queue } from '../records/record.ts';

const fieldsOfCalls = ['recording', 'recordingControl', 'outgoingNumbers'] as const;

type OfCalls = { [Field in (typeof fieldsOfCalls)[number]]?: Queue[Field] | undefined };

/** @throws Problem `invalid_input` that points at each field that the channel does not have (S0-32, S0-39) */
export function checkOfCalls(channel: Channel, given: OfCalls): void {
  const surplus = channel === queueOfCalls ? [] : fieldsOfCalls.filter((field) => given[field] !== undefined);
  if (surplus.length === 0) return;
  const errors = surplus.map((field) => ({
    pointer: `/body/${field}`,
    detail: `does not apply to a queue of channel ${channel}: it has no calls; leave it out`,
  }));
  throw new Problem('invalid_input', {
    detail: errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; '),
    errors,
    rule: 'S0-32',
    because: channel,
    remedy: `Leave it out, or create a queue of channel ${queueOfCalls}`,
  });
}
