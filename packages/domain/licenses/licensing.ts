// What is said of licenses for the whole tenant: the operator's catalogue, its edition, and a change under way by which users will
// take other licenses than before. Read with the other definitions.

import * as z from 'zod';
import { catalogue } from '#contract/license-catalogue.ts';
import { once } from '#contract/once.ts';
import type { ProblemCode, ProblemFacts } from '#contract/problems.ts';
import type { Access, Rights, Role } from '../records/record.ts';

/** A change of a definition that is prepared user by user before it is in force. */
const underway = once(() =>
  z.object({
    jobId: z.string(),
    /**
     * `taking`: users take what they will need, so that nobody is without a seat when it is in force; whoever is changed
     * meanwhile needs the licenses of both. `settling`: it is in force, or was given up; what is needed no more is freed.
     */
    phase: z.enum(['taking', 'settling']),
    /** What it will be. */
    wanted: z.custom<Wanted>(),
    /** It is in force. */
    applied: z.literal(true).optional(),
    /** Why it was given up. */
    refusal: z.object({ code: z.custom<ProblemCode>(), facts: z.custom<ProblemFacts>() }).optional(),
  }),
);

export type Wanted = Access | Rights | Role | { type: 'catalogue'; catalogue: z.output<ReturnType<typeof catalogue>> };

export const licensingItem = once(() =>
  z.object({
    type: z.literal('licensing'),
    v: z.literal(1),
    /** Counts changes by which anybody may take other licenses; 0: there are none yet. */
    edition: z.number(),
    catalogue: catalogue(),
    /** Licenses that have counters which follow the edition (`countedIn`). */
    counted: z.array(z.string()).optional(),
    underway: underway().optional(),
    /** The record whose edit made this edition: whoever reads this and an older version of it has not read one moment. */
    last: z.object({ id: z.string(), version: z.number() }).optional(),
  }),
);

export type Licensing = Omit<z.output<ReturnType<typeof licensingItem>>, 'type' | 'v'>;

/** Of a tenant that was never told of licenses: nobody takes one. */
export const unlicensed: Licensing = { edition: 0, catalogue: { licenses: [], rules: [] } };

/**
 * Licenses whose counters follow the edition: those of the catalogue, those that a change under way brings, and those that have
 * left it as long as anybody holds one.
 */
export function countedIn({ counted, catalogue }: Licensing): string[] {
  return counted ?? idsOf(catalogue);
}

export function idsOf({ licenses }: Licensing['catalogue']): string[] {
  return licenses.map(({ id }) => id);
}
