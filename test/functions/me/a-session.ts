// Sessions as a sign-in makes them, without the work of hashing; and what the table holds, to look for what must not be there.

import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import * as sessions from '#domain/sessions/sessions.ts';
import type { User } from '#domain/users/user.ts';
import { readUser } from '#domain/users/user.ts';
import { userKeys } from '#table/keys.ts';
import type { Item } from '#table/write.ts';
import { codeAt } from '#test/domain/authenticators/app.ts';
import type { TestTenant } from '#test/setup/tenant.ts';

const origin = { address: '198.51.100.7', network: '198.51.100.7', device: 'jest' };

/** A new session of the user as they are now. @returns its token */
export async function aSession(
  tenant: TestTenant,
  { id }: Pick<User, 'id'>,
  { idleMinutes } = { idleMinutes: 60 },
): Promise<string> {
  const user = readUser((await tenant.read(userKeys.user(id))) as Item);
  const limits = { sessionSeconds: 43_200, idleMinutes };
  const { token, write } = sessions.creation(tenant.deps, user, limits, { amr: ['pwd'], origin });
  await tenant.deps.table.transact([write]);
  return token;
}

/** Sets an authenticator up as its user does. */
export async function anAuthenticator(tenant: TestTenant, token: string): Promise<{ key: string; codes: string[] }> {
  const { key } = (await tenant.call('set-up-my-totp', { token })).body;
  const confirmed = await tenant.call('confirm-my-totp', { token, body: { code: codeAt(key, tenant.deps.now()) } });
  if (confirmed.status !== 200) throw new Error(`confirm-my-totp answered ${JSON.stringify(confirmed.body)}`);
  return { key, codes: confirmed.body.recoveryCodes };
}

/** Everything in the table and in the log, as text. */
export async function everythingKept({ endpoint, deps, logged }: TestTenant): Promise<string> {
  const client = new DynamoDBClient({ endpoint, region: 'eu-central-1' });
  const found = await client.send(new ScanCommand({ TableName: deps.table.name, ConsistentRead: true }));
  if (found.LastEvaluatedKey) throw new Error('The table is larger than one page');
  return JSON.stringify([found.Items, logged]);
}

/** Outcomes by problem code, or by status where there is none. */
export function tally(answers: { status: number; body: { code?: string } | null }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const outcome = body?.code ?? String(status);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}
