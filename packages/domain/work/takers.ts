// Who can have work at all: users who are there, of a type that has it.

import { Problem } from '#contract/problems.ts';
import { hasTelephony, type UserTypeName, userTypeNames } from '#contract/user-types.ts';
import { type WorkName, workTypes } from '#contract/work-types.ts';
import { userKeys } from '#table/keys.ts';
import { check, type Item, type Write } from '#table/write.ts';
import { readUser, type User } from '../users/user.ts';
import * as users from '../users/users.ts';

/** @throws Problem `user_deactivated`, `invalid_input` */
export function checkTakesWork(user: User, what: WorkName): void {
  checkIsOfType(user, workTypes[what], inWords[what], what === 'queues' ? '/path/userId' : '/body/userId');
}

/** Who is logged in to devices. @throws Problem `user_deactivated`, `invalid_input` */
export function checkTakesCalls(user: User): void {
  checkIsOfType(user, userTypeNames.filter(hasTelephony), 'devices', '/path/userId');
}

/** @throws Problem `user_deactivated` */
export function checkIsThere(user: User): void {
  if (user.state === 'deactivated') throw deactivated(user);
}

function checkIsOfType(user: User, types: readonly UserTypeName[], what: string, pointer: string): void {
  checkIsThere(user);
  if (types.includes(user.userType)) return;
  const detail = `is of type ${user.userType}, and ${what} are for ${types.join(', ')}`;
  throw new Problem('invalid_input', {
    detail: `${pointer} ${detail}`,
    errors: [{ pointer, detail }],
    rule: 'S0-7',
    because: user.userType,
    remedy: 'Give it to a user of such a type',
  });
}

const inWords = { activity: 'activities', 'campaign-record': 'campaign records', queues: 'queues' } as const;

/** Whoever is deactivated or deleted at this very moment is not given anything more. */
export function stillThere({ id }: User): Write {
  return check(
    userKeys.user(id),
    ['and', ['exists', 'pk'], ['<>', 'state', 'deactivated']],
    (found: Item | undefined) => (found ? deactivated(readUser(found)) : users.notFound(id)),
  );
}

function deactivated({ title, state }: User): Problem {
  return new Problem('user_deactivated', {
    detail: `${title} is deactivated and works on nothing; restore them, or give it to somebody else`,
    rule: 'S0-54',
    because: state,
    remedy: 'Give it to somebody else',
  });
}
