// The entries by which a user is found: what stands in the table for them, and what it says when it is read again. All of it
// follows from the user, so an entry is never changed, only written and taken away.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { userState } from '#contract/user.ts';
import { userType } from '#contract/user-types.ts';
import {
  anyLicense,
  type MemberKind,
  memberKey,
  orderKey,
  orderOfTime,
  userIdOfEntry,
  wordKey,
  wordOfEntry,
} from '#table/keys.ts';
import type { Item } from '#table/write.ts';
import { folded, sortTitle } from '../users/names.ts';
import { shelfOf, type User } from '../users/user.ts';
import { isExtension, isOutside } from '../users/way-of-calls.ts';
import { placesOf } from './words.ts';

/** What lists show to everybody, and what most filters and sight ask for. */
const memberEntry = once(() =>
  z.object({
    id: z.string(),
    title: z.string(),
    emoji: z.string().optional(),
    userType: userType(),
    state: userState(),
  }),
);

/** All by which a search finds, so that what it leads to is judged without reading the user. */
const wordEntry = once(() =>
  memberEntry().extend({
    word: z.string(),
    login: z.string(),
    authEmail: z.string().optional(),
    alias: z.string().optional(),
    numericId: z.string().optional(),
    extension: z.string().optional(),
  }),
);

export type MemberEntry = z.output<ReturnType<typeof memberEntry>>;
export type WordEntry = z.output<ReturnType<typeof wordEntry>>;

/** Every kind of entry begins so; who reads one must not take it for the user. */
const entry = (type: 'word' | 'order' | 'member') => ({ type, v: 1 });

export function entriesOf(user: User): Item[] {
  return [...wordEntries(user), ...orderEntries(user), ...memberEntries(user)];
}

export const idOfEntry = ({ sk }: Item) => userIdOfEntry(sk);

export function readMember(item: Item): MemberEntry {
  return memberEntry().parse({ ...item, id: idOfEntry(item) });
}

export function readWord(item: Item): WordEntry {
  return wordEntry().parse({ ...item, id: idOfEntry(item), word: wordOfEntry(item.sk) });
}

function wordEntries(user: User): Item[] {
  const { login, authEmail, alias, numericId, extension } = user;
  const shown = defined({ ...seen(user), login, authEmail, alias, numericId, extension });
  return placesOf(user).map(({ initials, word }) => {
    // Of two words only some of the other initial are meant: in the order of titles they would stand all together.
    const order = Array.from(initials).length > 1 ? '' : sortTitle(user.title);
    return { ...wordKey(initials, word, order, user.id), ...entry('word'), ...shown };
  });
}

function orderEntries(user: User): Item[] {
  const shelf = shelfOf(user);
  const lastSignIn =
    user.lastSignInAt === undefined
      ? orderKey('no-sign-in', shelf, sortTitle(user.title), user.id)
      : orderKey('last-sign-in', shelf, orderOfTime(user.lastSignInAt), user.id);
  return [orderKey('login', shelf, folded(user.login), user.id), lastSignIn].map((key) => ({
    ...key,
    ...entry('order'),
  }));
}

function memberEntries(user: User): Item[] {
  const shown = { ...entry('member'), ...defined(seen(user)) };
  return membershipsOf(user).map(([kind, id]) => ({
    ...memberKey(kind, id, sortTitle(user.title), user.id),
    ...shown,
  }));
}

/** Who has all of a kind stands with all, and with none of them beside (S4-26): they would be met twice. */
function membershipsOf(user: User): [MemberKind, string][] {
  const held = Object.keys(user.seats?.held ?? {});
  return [
    ...(user.roles ?? []).map((id): [MemberKind, string] => ['role', id]),
    ...(user.groups ?? []).map((id): [MemberKind, string] => ['group', id]),
    ...(user.allSkills ? ['all'] : (user.skills ?? []).map(({ skill }) => skill)).map((id): [MemberKind, string] => [
      'skill',
      id,
    ]),
    ...(user.allTags ? ['all'] : (user.tags ?? [])).map((id): [MemberKind, string] => ['tag', id]),
    // A device can have several turns.
    ...[...new Set(user.devices?.map(({ device }) => device))].map((id): [MemberKind, string] => ['device', id]),
    // Who leaves is pointed at by those whose calls go to them; a number outside points at nobody.
    ...(isExtension(user.forwarding) ? [['forwarding', user.forwarding] satisfies [MemberKind, string]] : []),
    ...(user.target && !isOutside(user.target) ? [['target', user.target] satisfies [MemberKind, string]] : []),
    ...[...(held.length > 0 ? [anyLicense] : []), ...held].map((id): [MemberKind, string] => ['license', id]),
  ];
}

const seen = ({ title, emoji, userType: type, state }: User) => ({ title, emoji, userType: type, state });

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
