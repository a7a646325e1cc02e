// A tenant with few seats, most of which have a price, and what tests of plans compare: seats, holders, and everything there is.

import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { usualCatalogue } from '#contract/license-catalogue.ts';
import type { Price } from '#contract/seats.ts';
import { allSeats, type Seats } from '#domain/licenses/seats.ts';
import { readUser } from '#domain/users/user.ts';
import { userKeys } from '#table/keys.ts';
import type { Item } from '#table/write.ts';
import { peopleOf } from '#test/functions/users/people.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

export const euros = (amount: number): Price => ({ amount, currency: 'EUR' });

/** Chat has no price, and one seat; SMS has none to give. */
export const owned = {
  voice: { seats: 40, price: euros(39.5) },
  email: { seats: 40, price: euros(19.1) },
  chat: { seats: 1 },
  sms: { seats: 0 },
  'back-office': { seats: 40, price: euros(20) },
  'call-recording': { seats: 40, price: { amount: 4, currency: 'CZK' } },
};

export type PlanningTenant = Awaited<ReturnType<typeof aPlanningTenant>>;

export async function aPlanningTenant() {
  const tenant = await aTenant({}, { licenses: { owned } });
  const people = await peopleOf(tenant);
  const { token } = people.root;
  const queues = {
    voice: await people.queue('voice'),
    email: await people.queue('email'),
    chat: await people.queue('chat'),
    sms: await people.queue('sms'),
  };
  const rights = {
    voice: await people.rights({ queues: [queues.voice] }),
    email: await people.rights({ queues: [queues.email] }),
    both: await people.rights({ queues: [queues.voice, queues.email] }),
    chat: await people.rights({ queues: [queues.chat] }),
    sms: await people.rights({ queues: [queues.sms] }),
    tickets: await people.rights({ categories: ['Complaints'] }),
  };
  const crm = { access: await people.access('users:read', 'crm:use'), role: await people.role(['crm:use']) };
  return { ...tenant, people, token, queues, rights, crm };
}

export const seatsNow = ({ deps }: TestTenant): Promise<Seats[]> => allSeats(deps, usualCatalogue);

export async function held(tenant: TestTenant, userId: string): Promise<string[]> {
  return Object.keys(readUser((await tenant.read(userKeys.user(userId))) as Item).seats?.held ?? {}).sort();
}

/** What of the seats is another than before, as a plan would say it. */
export function movedSeats(before: readonly Seats[], after: readonly Seats[]) {
  return before.flatMap(({ license, owned: count, used, free, price }, n) => {
    const now = after[n] as Seats;
    if (now.used === used) return [];
    const shown = { before: { used, free }, after: { used: now.used, free: now.free } };
    return [{ license, owned: count, ...shown, ...(price && { price }) }];
  });
}

/** What a plan says, without the names of licenses. */
export function withoutNames(seats: readonly { name: string }[]) {
  return seats.map(({ name: _name, ...each }) => each);
}

/** Every item of the table. */
export async function everything({ deps, endpoint }: TestTenant): Promise<Item[]> {
  const client = new DynamoDBClient({ endpoint, region: 'eu-central-1' });
  const items: Item[] = [];
  for await (const page of paginateScan({ client }, { TableName: deps.table.name, ConsistentRead: true })) {
    items.push(...(page.Items ?? []).map((item) => unmarshall(item) as Item));
  }
  return items.sort((a, b) => (`${a.pk}\n${a.sk}` < `${b.pk}\n${b.sk}` ? -1 : 1));
}

/** A refusal of a plan, and of a save, in the words that both have. */
export function inWords({ code, detail, errors, rule, because, remedy, offers }: Record<string, unknown>) {
  return { code, detail, errors, rule, because, remedy, offers };
}
