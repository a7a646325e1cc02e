// What rights may be turned into: all that they name exists, and it is not more than one transaction can count.

import type * as z from 'zod';
import type { rightsChanges } from '#contract/definition-changes.ts';
import { type FieldError, Problem } from '#contract/problems.ts';
import type { Deps } from '../deps.ts';
import { channelsOf } from '../queues/channels.ts';
import { namedQueues } from '../queues/named-queues.ts';
import { namesOf, type Rights } from '../records/record.ts';
import * as records from '../records/records.ts';
import { missingUsers } from '../users/named-users.ts';
import { checkRights, type Granter } from './limits.ts';

/** A transaction holds a hundred writes, and each queue and each other rights that are named are counted by one of them. */
const NAMED_MAX = 80;
/** An edit may begin a new edition of licenses, too, which is written on the counter of each: thirty, and some that are leaving. */
const MOVED_MAX = 60;

/** @throws Problem `grants_too_much`, `prerequisites_missing`, `invalid_input` */
export async function editedRights(
  deps: Deps,
  editor: Granter,
  before: Rights,
  changes: z.output<ReturnType<typeof rightsChanges>>,
): Promise<Rights> {
  const edited: Rights = records.edited(deps, before, changes);
  const after = await withReferences(deps, before, edited, changes.queues);
  // Also what they held before: who does not hold it must not take it away from others either.
  checkRights(editor, before, '/path/rightsId');
  checkRights(editor, after, '/body');
  return after;
}

/**
 * @param given the queues of the request; those named before are counted, and so exist
 * @returns the rights with the channels of their queues
 * @throws Problem `prerequisites_missing` with everything that is missing, `invalid_input` for more than can be counted at once
 */
export async function withReferences(
  deps: Deps,
  before: Rights | undefined,
  after: Rights,
  given: Rights['queues'] | undefined,
): Promise<Rights> {
  checkFits(before, after);
  const [{ queues, missing }, noUsers] = await Promise.all([namedQueues(deps, given ?? []), missingUsers(deps, after)]);
  if (missing.length + noUsers.length > 0) throw missingPrerequisites([...missing, ...noUsers]);
  return given === undefined ? after : { ...after, channels: channelsOf(queues) };
}

function checkFits(before: Rights | undefined, after: Rights): void {
  const named = namesOf(after).length;
  // All go at once when the rights are deleted.
  if (named > NAMED_MAX) throw tooMany(named, 'in all', NAMED_MAX, 'Leave some of them out');
  // New ones are nobody’s yet, and so move no license.
  if (!before) return;
  // Those that go are counted with those that come.
  const moves = records.namingMoves(before, after).length;
  if (moves > MOVED_MAX) {
    throw tooMany(
      moves,
      'at once',
      MOVED_MAX,
      'Do it in two steps: change some of them now, and the others after that',
    );
  }
}

function tooMany(count: number, when: string, max: number, remedy: string): Problem {
  const detail = `${count} queues and other rights ${when} are too many: ${max} is the most`;
  return new Problem('invalid_input', { detail, errors: [{ pointer: '/body', detail }], because: count, remedy });
}

function missingPrerequisites(errors: FieldError[]): Problem {
  const detail = errors.map((each) => `${each.pointer}: ${each.detail}`).join('; ');
  return new Problem('prerequisites_missing', {
    detail,
    errors,
    rule: 'S0-5',
    remedy: 'Create what is missing first, or take it out',
  });
}
