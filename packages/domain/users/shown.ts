// A user as the API shows them: to everybody who has them in sight, and to who may see details.

import type { Permission } from '#contract/permissions.ts';
import { hasTelephony } from '#contract/user-types.ts';
import { defaultUserGroup } from '../records/record.ts';
import type { User } from './user.ts';

/** The user as the API shows it to who may see everything of them. */
export function shown(user: User) {
  return {
    ...shownToAll(user),
    login: user.login,
    authEmail: user.authEmail,
    authEmailTrouble: user.authEmailTrouble,
    mobile: user.mobile,
    verifyType: user.verifyType,
    secondFactor: user.secondFactor,
    sessionSeconds: user.sessionSeconds,
    maxSessions: user.maxSessions,
    allowedNetworks: user.allowedNetworks,
    language: user.language,
    access: user.access,
    rights: user.rights,
    roles: user.roles,
    superUser: user.superUser ?? false,
    alias: user.alias,
    numericId: user.numericId,
    ...(hasTelephony(user.userType) && { extension: user.extension ?? 'dynamic', recording: user.recording ?? 'off' }),
    ...(!hasTelephony(user.userType) && user.extension !== undefined && { extension: user.extension }),
    virtualExtension: user.virtualExtension,
    recordingControl: user.recordingControl,
    forwarding: user.forwarding,
    target: user.target,
    devices: user.devices,
    staticLogin: user.staticLogin,
    userGroup: user.userGroup ?? defaultUserGroup,
    groups: user.groups,
    skills: user.skills,
    allSkills: user.allSkills,
    tags: user.tags,
    allTags: user.allTags,
    activeFrom: iso(user.activeFrom),
    activeUntil: iso(user.activeUntil),
    lastSignInAt: iso(user.lastSignInAt),
    queued: user.queued && {
      access: user.queued.access,
      rights: user.queued.rights,
      extension: user.queued.extension === null ? 'dynamic' : user.queued.extension,
      by: user.queued.by,
      at: new Date(user.queued.at).toISOString(),
    },
    inviteExpiresAt: iso(user.invite?.expiresAt),
    createdAt: new Date(user.createdAt).toISOString(),
    updatedAt: new Date(user.updatedAt).toISOString(),
  };
}

function iso(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}

/** What everybody sees of the users in sight: no login, no way to reach them, nothing of what they may do. */
export function shownToAll(user: User) {
  return {
    id: user.id,
    version: user.version,
    title: user.title,
    emoji: user.emoji,
    type: user.userType,
    state: user.state,
  };
}

/** The user as a caller with these permissions sees them. */
export function shownTo(
  permissions: ReadonlySet<Permission>,
  user: User,
): ReturnType<typeof shownToAll> | ReturnType<typeof shown> {
  return permissions.has('users:read-details') ? shown(user) : shownToAll(user);
}
