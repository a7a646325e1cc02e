// The operator's door: the vendor, who provisions the tenant, is no user of it, and no user is the operator, a SuperUser neither
// (S1-35). They prove who they are by the key whose SHA-256 the tenant file names; functions know no more of it than that.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { Operation, OperationSpec } from '#contract/operation.ts';
import { Problem } from '#contract/problems.ts';
import type { Deps } from '#domain/deps.ts';
import { authenticate, bearerIn } from './authenticate.ts';
import type { Event, OpenVisit, Special } from './visit.ts';

/** The operation, as `serve` takes it: only functions that name this carry what it needs. */
export function forOperator<Spec extends OperationSpec>(
  operation: Operation<string, Spec> & { caller: 'operator' },
): Operation<string, Spec> & Special {
  return { ...operation, admit: (visit, event) => checkOperator(visit, event, operation) };
}

/** @throws Problem `not_signed_in`, `network_not_allowed`, `not_permitted` */
async function checkOperator({ deps, origin }: OpenVisit, event: Event, operation: Operation): Promise<void> {
  const value = bearerIn(event);
  if (value?.startsWith('rop_')) return checkKey(deps, value);
  // Whoever is known to the tenant hears that it is not for them; anybody else, that nobody knows them.
  await authenticate(deps, event, origin, operation);
  throw new Problem('not_permitted', {
    detail: 'This is for the operator alone, who is the vendor and no user of the tenant; no permission grants it',
    rule: 'S1-35',
    because: 'operator',
    remedy: 'Ask your vendor',
  });
}

function checkKey({ tenant, log }: Deps, value: string): void {
  if (tenant.operatorKeySha256 === undefined) {
    throw new Problem('not_permitted', {
      detail: 'The tenant file names no operatorKeySha256, so there is no operator key that could be good',
      rule: 'S1-35',
      because: 'operatorKeySha256',
      remedy: 'Make a key, write its SHA-256 into the tenant file as operatorKeySha256, and deploy (docs/operating.md)',
    });
  }
  // Of equal length whatever was sent, so that the comparison takes the same time.
  const given = createHash('sha256').update(value).digest();
  if (timingSafeEqual(given, Buffer.from(tenant.operatorKeySha256, 'hex'))) return;
  log({ level: 'warn', event: 'authn_operator_fail' });
  throw new Problem('not_signed_in', { detail: 'This is not the operator key whose SHA-256 the tenant file names' });
}
