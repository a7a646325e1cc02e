// The SIP accounts of users, as a switch asks for them when a telephone registers or calls. Everything is read consistently: a password
// that was changed lets nobody in.

import type { Deps } from '../deps.ts';
import { ownDevices } from '../routing/devices.ts';
import { ownerOf, type Party, partyOf, whyOff } from '../routing/party.ts';
import { secretPurpose } from '../users/secrets.ts';
import { holderOf } from '../users/sip-accounts.ts';
import { isPlain } from './dial-strings.ts';
import { type Account, shownName } from './freeswitch.ts';

/** Hosts by name and by IPv4 address. */
const HOST = /^[A-Za-z0-9.-]{1,253}$/;

/**
 * Undefined: there is no such account, or none that a telephone could register by. Without a password there is none: a switch would let
 * anybody in by it. The softphone has none here: how it proves itself is the platform's own matter.
 */
export async function account(
  deps: Deps,
  { name, domain, context }: { name: string; domain: string; context: string },
): Promise<Account | undefined> {
  if (!isPlain(name) || !HOST.test(domain)) return undefined;
  const party = await registeredBy(deps, name);
  if (!party || whyOff(party.user, deps.now()) !== undefined) return undefined;
  const { user, phone } = party;
  if (phone.sipPassword === undefined) return undefined;
  const password = (await deps.sealer()).unseal(secretPurpose('sipPassword', user.id), phone.sipPassword);
  if (typeof password !== 'string') throw new Error(`The SIP password of ${user.id} does not open`);
  const variables = {
    user_context: context,
    effective_caller_id_name: shownName(user.title),
    effective_caller_id_number: user.extension ?? user.virtualExtension,
    roster_user: user.id,
  };
  return { name, domain, password, variables };
}

/**
 * Whose telephone has this name: the extension, where no user name is set, and else the user name. An extension counts for whose it is,
 * should it be another one's user name.
 */
async function registeredBy(deps: Deps, name: string): Promise<Party | undefined> {
  const isTheirs = (party: Party | undefined): party is Party =>
    party !== undefined &&
    ownDevices({ ...party, user: { ...party.user, devices: undefined } }, new Map()).some(
      ({ device }) => device.kind === 'own' && device.address === name,
    );
  const owner = /^\d{2,6}$/.test(name) ? await ownerOf(deps, name, read) : undefined;
  if (isTheirs(owner)) return owner;
  const userId = await holderOf(deps, name);
  const party = userId === undefined ? undefined : await read(deps, userId);
  return isTheirs(party) ? party : undefined;
}

const read = (deps: Deps, userId: string) => partyOf(deps, userId, { consistent: true });
