// What no two records of a kind share: their names, and the prefixes of caller IDs. Each is an item of its own, written in the
// record's transaction, so that of two who want the same at once one gets it.

import { canonicalName } from '#contract/fields.ts';
import { Problem } from '#contract/problems.ts';
import { claimKey } from '#table/keys.ts';
import { absent, type Item, put, remove, type Write } from '#table/write.ts';
import type { CallerIds, KnownRecord } from './record.ts';

interface Claim {
  space: Parameters<typeof claimKey>[0];
  value: string;
  /** What it means that another record has it. */
  taken: (by: Item | undefined) => Problem;
}

/** @throws at commit `name_taken`, `prefix_taken` */
export function takingClaims(record: KnownRecord): Write[] {
  return claimsOf(record).map((claim) => taking(claim, record));
}

/** What the edit gives up, and what it takes. @throws at commit `name_taken`, `prefix_taken` */
export function movingClaims(before: KnownRecord, after: KnownRecord): Write[] {
  const [had, has] = [claimsOf(before), claimsOf(after)];
  const differing = (some: readonly Claim[], others: readonly Claim[]) =>
    some.filter(({ space, value }) => !others.some((other) => other.space === space && other.value === value));
  return [
    ...differing(had, has).map((claim) => releasing(claim, before)),
    ...differing(has, had).map((claim) => taking(claim, after)),
  ];
}

export function releasingClaims(record: KnownRecord): Write[] {
  return claimsOf(record).map((claim) => releasing(claim, record));
}

function taking({ space, value, taken }: Claim, { id }: KnownRecord): Write {
  const item = { ...claimKey(space, value), type: 'claim', v: 1, recordId: id };
  return put(item, { if: absent, otherwise: taken });
}

function releasing({ space, value }: Claim, { id }: KnownRecord): Write {
  return remove(claimKey(space, value), { if: ['=', 'recordId', id] });
}

function claimsOf(record: KnownRecord): Claim[] {
  return [nameOf(record), ...(record.type === 'caller-ids' ? prefixesOf(record) : [])];
}

function nameOf({ type, name }: KnownRecord): Claim {
  const taken = () => {
    const detail = `There is ${type} with the name ${name} already, case aside; choose another`;
    return new Problem('name_taken', { detail, errors: [{ pointer: '/body/name', detail }], because: name });
  };
  return { space: `${type}-name`, value: canonicalName(name), taken };
}

/** Each of one record alone, so that the longest one that a number begins with tells one record (S0-39). */
function prefixesOf({ prefixes }: CallerIds): Claim[] {
  return prefixes.map((prefix, n) => {
    const taken = (by: Item | undefined) => {
      const whose = by === undefined ? 'other caller IDs' : `the caller IDs ${by.recordId}`;
      const detail = `${prefix} stands in ${whose} already; take it out of them first, or leave it out here`;
      return new Problem('prefix_taken', {
        detail,
        errors: [{ pointer: `/body/prefixes/${n}`, detail }],
        rule: 'S0-39',
        because: prefix,
        remedy: 'Take it out of the other caller IDs first (PATCH /v1/caller-ids/{callerIdsId})',
      });
    };
    return { space: 'caller-ids-prefix', value: prefix, taken };
  });
}
