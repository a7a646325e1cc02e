// Dial strings of FreeSWITCH. They are a small language: split at commas, pipes and :_:, with variables in brackets and ${…}, by which
// commands are run. So nothing gets into one but what is made of characters that mean nothing there.

import { sipUri } from '#contract/telephony.ts';
import type { CalledDevice, Ringing } from '../routing/devices.ts';

/** Names of accounts, trunks and contexts. */
const PLAIN = /^[A-Za-z0-9._~+-]{1,64}$/;
const NUMBER = /^\+[1-9]\d{1,14}$/;
const ADDRESS = /^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190}$/;

export const isPlain = (value: string) => PLAIN.test(value);
export const isNumberOutside = (value: string) => NUMBER.test(value);

/** How a number outside is called. @param trunk its gateway at the switch has the same name; absent: as the switch itself says */
export function outside(number: string, trunk: string | undefined): string {
  if (!isNumberOutside(number) || (trunk !== undefined && !isPlain(trunk))) throw new Error('Not a number outside');
  return `sofia/gateway/${trunk ?? expanded('roster_trunk')}/${number}`;
}

/** What FreeSWITCH puts a value of its own in place of: a variable, or a command. Never made of what somebody has typed. */
export function expanded(expression: string): string {
  return `\${${expression}}`;
}

export interface RingString {
  /** Undefined: there is nothing that could ring. */
  data: string | undefined;
  /** What cannot be written into a dial string, and does not ring. */
  left: CalledDevice['device'][];
}

/**
 * All turns of a ring plan at once: each begins and ends in its own time, and who answers first has the call (S0-42, C9).
 * @param keepsEarlyMedia what is heard before the answer is passed on, instead of a tone
 */
export function ringing(
  turns: readonly Ringing[],
  { trunk, keepsEarlyMedia }: { trunk: string | undefined; keepsEarlyMedia: boolean },
): RingString {
  const addressed = turns.map((turn) => ({ ...turn, address: addressOf(turn.device, trunk) }));
  const legs = addressed.filter(({ address }) => address !== undefined);
  // The duration counts from the moment when the leg begins. Without the whole time the switch gives up after a minute.
  const written = legs.map(
    ({ startsAt, endsAt, address }) => `[leg_delay_start=${startsAt},leg_timeout=${endsAt - startsAt}]${address}`,
  );
  const early = keepsEarlyMedia ? '' : ',ignore_early_media=ring_ready';
  const whole = `{originate_timeout=${Math.max(...legs.map(({ endsAt }) => endsAt))}${early}}`;
  return {
    data: legs.length === 0 ? undefined : `${whole}${written.join(',')}`,
    left: addressed.filter(({ address }) => address === undefined).map(({ device }) => device),
  };
}

/** Undefined: it cannot be written. */
function addressOf({ kind, address }: CalledDevice['device'], trunk: string | undefined): string | undefined {
  const isUri = sipUri().safeParse(address).success;
  // Of whom the switch knows where they are registered.
  if (kind === 'own' && !isUri) return isPlain(address) ? `user/${address}@${expanded('domain_name')}` : undefined;
  if (kind === 'own' || kind === 'sip') return isUri ? `sofia/external/${address}` : undefined;
  if (kind === 'external') return isNumberOutside(address) ? outside(address, trunk) : undefined;
  // By which way Teams is reached, a context of the switch's own says.
  return ADDRESS.test(address) ? `loopback/${address}/roster-teams` : undefined;
}
