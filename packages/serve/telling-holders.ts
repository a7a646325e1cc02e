// For operations that may want a seat: where none is free, the refusal says who has one.

import type { Operation, OperationSpec } from '#contract/operation.ts';
import { withHolders } from '#domain/licenses/exhaustion.ts';
import type { Special } from './visit.ts';

/** The operation, as `serve` takes it: only functions that name this carry what it needs. */
export function tellingHolders<Spec extends OperationSpec>(
  operation: Operation<string, Spec>,
): Operation<string, Spec> & Special {
  const explain: Special['explain'] = async ({ deps, caller }, refusal) =>
    caller && refusal.code === 'license_exhausted' ? withHolders(deps, caller, refusal) : refusal;
  return { ...operation, explain };
}
