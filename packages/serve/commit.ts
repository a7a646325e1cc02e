// Committing a change: its writes, its audit entry and, for a repeatable POST, its answer, in one transaction.

import type { Operation } from '#contract/operation.ts';
import { Problem } from '#contract/problems.ts';
import { entry } from '#domain/audit/audit.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import { idempotencyKey } from '#table/keys.ts';
import { absent, type Item, put, type Write } from '#table/write.ts';
import type { Change, OpenVisit } from './visit.ts';

/** Subjects whose change must show in this process at once. */
const DEFINED = new Set(['access', 'rights', 'role', 'user-group', 'settings']);
/** The same for what calls are decided by (domain/routing/known.ts). */
const OF_CALLS = new Set(['device', 'queue', 'trunk', 'caller-ids']);

const REPEATABLE_SECONDS = 86_400;

export async function commit<Answer>(operation: Operation, visit: OpenVisit, change: Change<Answer>): Promise<Answer> {
  if (operation.audit === null) throw new Error(`${operation.id} changes something but declares no audit event`);
  const { deps, caller, origin, requestId } = visit;
  const actor = change.actor ?? caller?.user.id;
  if (!actor) throw new Error(`${operation.id} commits a change of nobody`);
  const audit = entry(deps, {
    event: operation.audit,
    actor,
    session: change.session ?? caller?.session?.id,
    token: caller?.token?.id,
    network: origin.network,
    request: requestId,
    subject: change.subject,
    ...(change.before && { before: change.before }),
    ...(change.after && { after: change.after }),
  });
  const record = await idempotencyRecord(operation, visit, change.answer);
  // The record first: when the same request committed meanwhile, that is what a repeat must hear, not that the login is taken.
  await deps.table.transact([...(record ? [record] : []), ...change.writes, audit]);
  if (DEFINED.has(change.subject.type)) definitions.forget(deps);
  if (OF_CALLS.has(change.subject.type)) delete deps.definitions.ofCalls;
  deps.log({ level: 'info', event: operation.audit, request: requestId, actor, subject: change.subject.id });
  return change.answer;
}

/** The answer to an earlier request with this key, if there was one. @throws Problem `idempotency_key_reused` */
export async function earlierAnswer(operation: Operation, visit: OpenVisit): Promise<{ answer: unknown } | undefined> {
  const { deps, caller, idempotency } = visit;
  if (!idempotency || !caller) return undefined;
  const found = await deps.table.get(idempotencyKey(caller.user.id, operation.id, idempotency.key));
  if (!found || (found.expiresAt as number) <= deps.now()) return undefined;
  const sealer = await deps.sealer();
  if (!sealer.matches(purpose(found), idempotency.fingerprint, found.fingerprint as string)) {
    throw new Problem('idempotency_key_reused', {
      detail: 'Use a new Idempotency-Key for each new request, and an old one only to repeat it',
    });
  }
  return { answer: sealer.unseal(purpose(found), found.answer as string) };
}

/** The same request committed meanwhile; its answer is to be given. */
class Repeated extends Error {
  override readonly name = 'Repeated';
}

async function idempotencyRecord(operation: Operation, visit: OpenVisit, answer: unknown): Promise<Write | undefined> {
  const { deps, caller, idempotency } = visit;
  if (!idempotency || !caller) return undefined;
  const sealer = await deps.sealer();
  const now = deps.now();
  const key = idempotencyKey(caller.user.id, operation.id, idempotency.key);
  const item: Item = {
    ...key,
    type: 'idempotency',
    v: 1,
    // Under the tenant's key: a bare hash of a body that holds a password could be tried out.
    fingerprint: sealer.fingerprint(purpose(key), idempotency.fingerprint),
    answer: sealer.seal(purpose(key), answer ?? null),
    expiresAt: now + REPEATABLE_SECONDS * 1000,
    ttl: Math.ceil(now / 1000) + REPEATABLE_SECONDS,
  };
  return put(item, { if: ['or', absent, ['<=', 'expiresAt', now]], otherwise: () => new Repeated() });
}

const purpose = ({ pk }: { pk: string }) => `answer ${pk}`;
