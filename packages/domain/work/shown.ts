// Work as the API shows it.

import type { User } from '../users/user.ts';
import type { Activity, CampaignRecord } from './items.ts';
import { readinessOf } from './readiness.ts';
import type { Summary } from './work.ts';

export function shownActivity({ id, userId, channel, title, openedAt }: Activity) {
  return { id, userId, channel, title, openedAt: iso(openedAt) };
}

export function shownRecord({ id, userId, campaign, action, dueAt }: CampaignRecord) {
  return { id, userId, campaign, action, ...(dueAt !== undefined && { dueAt: iso(dueAt) }) };
}

export function shownLogOn(user: Pick<User, 'staticLogin' | 'state'>, summary: Summary) {
  const { queues, queuesSince, unreadyReason } = summary;
  return {
    queues,
    ...(queuesSince !== undefined && { since: iso(queuesSince) }),
    readiness: readinessOf(user, summary),
    ...(unreadyReason !== undefined && { unreadyReason }),
  };
}

const iso = (at: number) => new Date(at).toISOString();
