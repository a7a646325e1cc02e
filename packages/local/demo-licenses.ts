// The part of the demo about seats: what a save would take and cost before it is saved, who holds what and why, and rights by which
// everybody who has them takes another license.

import { randomBytes } from 'node:crypto';
import type { Client } from '#client/client.ts';
import type { DemoTools } from './demo-person.ts';

/** @param evaId whose licenses are looked at */
export async function licenses({ story }: DemoTools, admin: Client, evaId: string): Promise<void> {
  const run = randomBytes(3).toString('hex');
  story.chapter('Ada counts seats');
  const usage = await story.step('Ada looks which seats are owned and used', () => admin.getLicenseUsage());
  const voice = usage.licenses.find(({ id }) => id === 'voice');
  story.note(`Voice: ${voice?.used} of ${voice?.owned}`);
  const effect = await story.step('Ada asks which licenses Eva takes, and why', () =>
    admin.getLicenseEffect({ params: { userId: evaId } }),
  );
  const causes = Object.values(effect.fields).flat();
  story.note(causes.map(({ license, text }) => `${license}: ${text}`).join('; '));
  const [inbound, mails] = await story.step('Ada makes two queues, and rights to the first', async () =>
    Promise.all([
      admin.createQueue({ body: { name: `Inbound ${run}`, channel: 'voice' } }),
      admin.createQueue({ body: { name: `Mails ${run}`, channel: 'email' } }),
    ]),
  );
  const sales = await admin.createRights({ body: { name: `Sales ${run}`, queues: [inbound.id] } });
  const login = `uma.${run}`;
  const uma = {
    ...{ login, title: 'Uma', type: 'contact-center' as const, authEmail: `${login}@roster.example` },
    ...{ access: 'acc_agent', rights: sales.id, recording: 'after-bridged' as const },
  };
  const plan = await story.step('Ada asks what another agent with recorded calls would take and cost', () =>
    admin.planUser({ body: { create: uma } }),
  );
  const money = (plan.money ?? []).map(({ currency, before, after }) => `${after} instead of ${before} ${currency}`);
  story.note(`${plan.licenses?.after?.map(({ name }) => name).join(', ')}; a month ${money.join(' and ')}`);
  const made = await story.step('Ada makes her', () => admin.createUser({ body: uma }));
  const edit = { params: { rightsId: sales.id }, body: { queues: [inbound.id, mails.id] } };
  const moving = await story.step('Ada asks whom rights to mails as well would concern', () => admin.planRights(edit));
  story.note(
    moving.moving?.licenses.map(({ name, takes, frees }) => `${name}: ${takes} take it, ${frees} free it`).join('; ') ??
      '',
  );
  await story.step('Ada saves that; Uma takes her seat of email before it is in force', () =>
    admin.changeRights({ ...edit, ifMatch: sales.version }),
  );
  await story.refused('Ada gives herself more seats', 'not_permitted', () =>
    admin.setLicense({ params: { licenseId: 'voice' }, body: { owned: 1000 }, ifMatch: 1 }),
  );
  await story.step('Uma leaves; her seats are free again', async () => {
    const { preview } = await admin.getRemovalImpact({ params: { userId: made.id } });
    return admin.deleteUser({ params: { userId: made.id }, query: { preview: preview?.delete } });
  });
}
