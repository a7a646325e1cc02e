// Names of SIP accounts: by each at most one user registers a telephone, so that whoever asks whose a name is hears of one (S4-27).

import { Problem } from '#contract/problems.ts';
import { claimKey } from '#table/keys.ts';
import { absent, type Item, put, remove, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import type { Telephony } from './telephony.ts';

type Account = Pick<Telephony, 'sipUsername'>;

/** What a change means for the name; nothing before it: a new user; nothing after it: one who is gone for good. @throws at commit `sip_username_taken` */
export function accountMoves(userId: string, before: Account, after: Account): Write[] {
  const had = keyOf(before);
  const has = keyOf(after);
  if (had?.pk === has?.pk) return [];
  return [
    ...(had ? [remove(had, { if: ['=', 'userId', userId] })] : []),
    ...(has
      ? [
          put(
            { ...has, type: 'claim', v: 1, userId },
            { if: absent, otherwise: () => taken(after.sipUsername as string) },
          ),
        ]
      : []),
  ];
}

/** Whose account has this name? Consistently: telephones are let in by it. */
export async function holderOf(deps: Deps, sipUsername: string): Promise<string | undefined> {
  const claim: Item | undefined = await deps.table.get(claimOf(sipUsername));
  return claim?.userId as string | undefined;
}

const keyOf = ({ sipUsername }: Account) => (sipUsername === undefined ? undefined : claimOf(sipUsername));

/** Switches differ in whether they tell Jana from jana: nobody is both. */
const claimOf = (sipUsername: string) => claimKey('sip-username', sipUsername.toLowerCase());

function taken(sipUsername: string): Problem {
  const detail = `${sipUsername} is the SIP account of another user; choose another name (S4-27)`;
  return new Problem('sip_username_taken', {
    detail,
    errors: [{ pointer: '/body/sipUsername', detail }],
    rule: 'S4-27',
    because: sipUsername,
    remedy: 'Choose another',
  });
}
