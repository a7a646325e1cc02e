// The part of the demo about what administrators do all day: groups and skills, a clone, the search, a bulk edit, a delete and
// its restore.

import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '#client/client.ts';
import type { DemoTools } from './demo-person.ts';

/** @param evaId whom a colleague is made after */
export async function records({ story }: DemoTools, admin: Client, evaId: string): Promise<void> {
  const run = randomBytes(3).toString('hex');
  story.chapter('Ada keeps records');
  const group = await story.step('Ada makes a group, a skill and a user group', async () => {
    const [group, skill, userGroup] = await Promise.all([
      admin.createGroup({ body: { name: `Evening shift ${run}` } }),
      admin.createSkill({ body: { name: `Invoices ${run}` } }),
      admin.createUserGroup({ body: { name: `Prague ${run}`, timeZone: 'Europe/Prague', wrapUpSeconds: 30 } }),
    ]);
    return { id: group.id, skill: skill.id, userGroup: userGroup.id };
  });
  const eva = await admin.getUser({ params: { userId: evaId } });
  const { nextFree } = await story.step('Ada looks up the next free numeric ID', () =>
    admin.listNumbers({ params: { kind: 'numeric-ids' }, query: { limit: 10 } }),
  );
  const ready = await story.step(`Ada gives Eva the ID ${nextFree}, the group and the skill`, () =>
    admin.changeUser({
      params: { userId: evaId },
      body: { numericId: nextFree as string, groups: [group.id], skills: [{ skill: group.skill, level: 7 }] },
      ifMatch: eva.version,
    }),
  );
  await story.refused('Ada moves her to Prague by the way', 'invalid_input', () =>
    admin.changeUser({
      params: { userId: evaId },
      body: { userGroup: group.userGroup } as never,
      ifMatch: ready.version,
    }),
  );
  const { becomes } = await story.step('Ada moves her as it is meant, and hears what becomes otherwise', () =>
    admin.moveUser({
      params: { userId: evaId },
      query: { when: 'signOutNow' },
      body: { userGroup: group.userGroup },
    }),
  );
  story.note(
    becomes.map(({ field, before, after }) => `${field}: ${before ?? 'nothing'} → ${after ?? 'nothing'}`).join(', '),
  );
  const { parts, never } = await story.step('Ada looks what a clone of Eva would take over', () =>
    admin.previewClone({ params: { userId: evaId } }),
  );
  story.note(`${parts.map(({ part }) => part).join(', ')}; never ${never.join(', ')}`);
  const login = `ivo.${run}`;
  const ivo = await story.step('Ada makes Ivo like Eva', () =>
    admin.cloneUser({
      params: { userId: evaId },
      body: { login, title: 'Ivo Řehoř', authEmail: `${login}@roster.example` },
    }),
  );
  story.note(`Groups ${ivo.groups?.join(', ')}, and no numeric ID: ${ivo.numericId ?? 'none'}`);
  await story.step('Ada searches "ivo reh"', () => found(admin, 'ivo reh', ivo.id));
  await bulkEdit({ story }, admin, [evaId, ivo.id]);
  await leavesAndReturns({ story }, admin, ivo.id);
}

/** The index follows a moment later. */
async function found(admin: Client, search: string, userId: string): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const { users } = await admin.listUsers({ query: { search } });
    if (users.some(({ id }) => id === userId)) return;
    await wait(100);
  }
  throw new Error(`"${search}" does not find ${userId}`);
}

async function bulkEdit({ story }: Pick<DemoTools, 'story'>, admin: Client, ids: string[]): Promise<void> {
  const until = async (planId: string, state: 'ready' | 'done') => {
    for (let tries = 0; tries < 100; tries++) {
      const edit = await admin.getBulkEdit({ params: { planId } });
      if (edit.state === state) return edit;
      await wait(100);
    }
    throw new Error(`The bulk edit ${planId} does not become ${state}`);
  };
  const { id: planId } = await story.step('Ada plans to give both another access', () =>
    admin.planBulkEdit({ body: { users: { ids }, changes: { access: 'acc_agent' } } }),
  );
  const { counts } = await until(planId, 'ready');
  if (counts.changes === 0) throw new Error('The bulk edit should change somebody, but does not');
  story.note(`${counts.changes} would change, ${counts.refused} be refused, ${counts.signOuts} be signed out`);
  await story.step('Ada commits just that', () => admin.commitBulkEdit({ params: { planId } }));
  await until(planId, 'done');
  const undo = await story.step('Ada plans to take it back', () => admin.planBulkEdit({ body: { undo: planId } }));
  await until(undo.id, 'ready');
  await story.step('And does', () => admin.commitBulkEdit({ params: { planId: undo.id } }));
  const done = await until(undo.id, 'done');
  story.note(`${done.counts.changes} are as they were before`);
}

async function leavesAndReturns({ story }: Pick<DemoTools, 'story'>, admin: Client, userId: string): Promise<void> {
  const impact = await story.step('Ada asks what deleting Ivo would mean', () =>
    admin.getRemovalImpact({ params: { userId } }),
  );
  story.note(impact.warnings.join('. '));
  const { restorableUntil } = await story.step('Ada deletes him, confirming just that', () =>
    admin.deleteUser({ params: { userId }, query: { preview: impact.preview.delete } }),
  );
  story.note(`A SuperUser can bring him back until ${restorableUntil}`);
  await story.refused('Ada reads him', 'user_not_found', () => admin.getUser({ params: { userId } }));
  const back = await story.step('Ada brings him back', () =>
    admin.restoreDeletedUser({ params: { userId }, body: {} }),
  );
  story.note(`${back.title} is "${back.state}", in groups ${back.groups?.join(', ')}, as before`);
}
