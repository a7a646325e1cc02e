// Which messages there are, and what each is told. A message that a language lacks, or a field that it mistypes, is a type error.

import type { NoticeName } from '#domain/notices/notice.ts';

type Value = string | number;

/** What tells a user of their own account: the domain names these notices, so one without its data here is a type error. */
interface NoticeData {
  'new-device': { network: Value; device: Value };
  'second-factor-changed': {
    what: 'set-up' | 'removed' | 'reset' | 'mode-changed' | 'recovery-codes';
    by?: Value;
    reason?: Value;
  };
  'password-changed': { by?: Value };
  /** `newContact` comes masked, and not at all when it was removed; `isOld` is 1 in the message to the old address or number. */
  'contact-changed': { field: 'authEmail' | 'mobile'; newContact?: Value; isOld: 0 | 1 };
  'temporary-password-set': { by: Value; hours: Value };
  'token-created': { tokenTitle: Value; by: Value };
  'token-expiring': { tokenTitle: Value; days: Value; expiresAt: Value };
  /** `gained` and `lost` are names of profiles in a row; absent where there are none. */
  moved: { userGroup: Value; by: Value; gained?: Value; lost?: Value };
  /** `level` is the percentage that was reached: 80, 95 or 100. */
  'seats-running-out': { license: Value; level: Value; used: Value; owned: Value };
  /** `unused` seats of those owned were used on none of the last `days`. */
  'seats-unused': { license: Value; unused: Value; owned: Value; days: Value };
}

/** `at` and other instants are ISO 8601. */
type Notices = { [Name in NoticeName]: NoticeData[Name] & { title: Value; login: Value; at: Value } };

export interface Templates extends Notices {
  invite: { title: Value; login: Value; link: Value; days: Value };
  'sign-in-code': { title: Value; code: Value; minutes: Value; device: Value; network: Value };
  'password-reset': { title: Value; login: Value; link: Value; minutes: Value };
  'password-reset-code': { title: Value; login: Value; code: Value; minutes: Value };
  'contact-code': { title: Value; code: Value; minutes: Value };
}

export type TemplateName = keyof Templates;

/** As it comes from the outbox. */
export type Data = Record<string, Value>;
