// What telephony settings of a user must be together: the SIP account by the SIP option (S4-27), and two numbers that are two (S4-17).

import { type FieldError, Problem } from '#contract/problems.ts';
import type { Telephony } from './telephony.ts';
import type { User } from './user.ts';

/** What goes with which SIP option alone. */
const goesWith = {
  sipUri: 'custom-uri',
  sipUsername: 'pbx',
  sipPassword: 'pbx',
} as const satisfies { [Field in keyof Telephony]?: Telephony['sipOption'] };

/** @throws Problem `invalid_input` with everything that does not go together (S4-27) */
export function checkSip(telephony: Telephony): void {
  const { sipOption, sipUri } = telephony;
  const fields = Object.keys(goesWith) as (keyof typeof goesWith)[];
  const errors: FieldError[] = fields
    .filter((field) => telephony[field] !== undefined && goesWith[field] !== sipOption)
    .map((field) => ({
      pointer: `/body/${field}`,
      detail: `goes with sipOption ${goesWith[field]} alone; ${sipOption ?? 'none'} is set: choose ${goesWith[field]}, or take ${field} away with null`,
    }));
  if (sipOption === 'custom-uri' && sipUri === undefined) {
    errors.push({
      pointer: '/body/sipUri',
      detail: 'is required with sipOption custom-uri; give it, or choose another',
    });
  }
  if (errors.length === 0) return;
  throw new Problem('invalid_input', {
    detail: errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; '),
    errors,
    rule: 'S4-27',
    because: sipOption ?? null,
    remedy: 'Give what the SIP option takes, and nothing else',
  });
}

/** The virtual extension is another number than the extension, also than the one that waits for a sign-out. @throws Problem `invalid_input` */
export function checkNumbersDiffer({
  virtualExtension,
  extension,
  queued,
}: Pick<User, 'virtualExtension' | 'extension' | 'queued'>): void {
  if (virtualExtension === undefined || ![extension, queued?.extension].includes(virtualExtension)) return;
  const detail = `${virtualExtension} is the user’s extension, and calls them already; choose another, or generate one`;
  throw new Problem('invalid_input', {
    detail: `/body/virtualExtension ${detail}`,
    errors: [{ pointer: '/body/virtualExtension', detail }],
    rule: 'S4-17',
    because: virtualExtension,
    remedy: 'Choose another, or "generate"',
  });
}
