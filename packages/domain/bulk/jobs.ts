// The two jobs of a bulk edit: what each is begun with. What does them stands in planning.ts and committing.ts, which only
// run-jobs carries.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import type { Deps } from '../deps.ts';
import { begin } from '../jobs/jobs.ts';
import type { Plan } from './plan.ts';
import { position } from './position.ts';

export const planningFacts = once(() =>
  z.object({
    planId: z.string(),
    position: position().optional(),
    /** Active SuperUsers who would be none any more. */
    leaving: z.number(),
    /** Seats that are free once all that is planned so far is done, by license. */
    free: z.record(z.string(), z.number()).optional(),
  }),
);

export function planningJob(deps: Deps, planId: string, by: string) {
  return begin(deps, { kind: 'plan-bulk-edit', startedBy: by, facts: { planId, leaving: 0 } });
}

const told = once(() =>
  z.object({
    session: z.string().optional(),
    token: z.string().optional(),
    network: z.string(),
    request: z.string(),
  }),
);

/** What the audit says of the request that commits. */
export type Told = z.output<ReturnType<typeof told>>;

export const committingFacts = once(() => z.object({ planId: z.string(), told: told(), next: z.number() }));

export function committingJob(deps: Deps, plan: Plan, told: Told) {
  const facts = { planId: plan.id, told, next: 0 };
  return begin(deps, { kind: 'commit-bulk-edit', startedBy: plan.by, total: plan.counts.users, facts });
}
