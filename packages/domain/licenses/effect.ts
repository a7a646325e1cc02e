// What each field of one user means for licenses, as their detail page shows it next to the field (S0-15).

import type { Price } from '#contract/seats.ts';
import type { Deps } from '../deps.ts';
import type { User } from '../users/user.ts';
import { causesOf, queueNames, type ToldCause, told } from './causes.ts';
import type { Rules } from './consumption.ts';
import { heldOf } from './holders.ts';
import { knownLicenses, shownSeats } from './known.ts';
import { summed } from './money.ts';
import { allSeats } from './seats.ts';

type Badge = Pick<ToldCause, 'text' | 'queued'> & { license: string; name: string };

/** @param withSeats also how many there are, and what they cost: licenses:read. Reads one item a license for it. */
export async function effectOf(deps: Deps, rules: Rules, user: User, withSeats: boolean) {
  const causes = causesOf(user, rules);
  const [queues, known] = await Promise.all([queueNames(deps, [causes]), knownLicenses(deps, rules.licensing)]);
  const nameOf = (id: string) => known.find((license) => license.id === id)?.name ?? id;
  const fields: Record<ToldCause['field'], Badge[]> = { type: [], access: [], rights: [], roles: [], recording: [] };
  for (const [license, why] of causes) {
    for (const cause of why) {
      const { field, text, queued } = told(cause, rules, queues);
      fields[field].push({ license, name: nameOf(license), text, ...(queued && { queued }) });
    }
  }
  const held = new Map(heldOf(user, undefined));
  const ids = [...new Set([...causes.keys(), ...held.keys()])].sort();
  const seats = withSeats ? await seatsOf(deps, ids) : undefined;
  return {
    fields,
    licenses: ids.map((license) => {
      const [since, own] = [held.get(license), seats?.get(license)];
      return {
        license,
        name: nameOf(license),
        ...(since !== undefined && { since: new Date(since).toISOString() }),
        ...(own && { seats: shownSeats(own), ...(own.price && { price: own.price }) }),
      };
    }),
    ...(seats && { cost: summed([...held.keys()].flatMap((id): Price[] => [seats.get(id)?.price ?? []].flat())) }),
  };
}

async function seatsOf(deps: Deps, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, never>();
  const found = await allSeats(deps, { licenses: ids.map((id) => ({ id, name: id })), rules: [] });
  return new Map(found.map((seats) => [seats.license, seats]));
}
