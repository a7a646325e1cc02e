// Work as the API shows it.

import type { Activity, CampaignRecord } from './items.ts';
import type { Summary } from './work.ts';

export function shownActivity({ id, userId, channel, title, openedAt }: Activity) {
  return { id, userId, channel, title, openedAt: iso(openedAt) };
}

export function shownRecord({ id, userId, campaign, action, dueAt }: CampaignRecord) {
  return { id, userId, campaign, action, ...(dueAt !== undefined && { dueAt: iso(dueAt) }) };
}

export function shownLogOn({ queues, queuesSince }: Summary) {
  return { queues, ...(queuesSince !== undefined && { since: iso(queuesSince) }) };
}

const iso = (at: number) => new Date(at).toISOString();
