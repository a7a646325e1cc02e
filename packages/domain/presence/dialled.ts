// Who is it that dialled a numeric ID and a PIN? One answer, after the same work, whatever is wrong: which IDs there are, and whose
// they are, is nobody's to try out (K14). Failures are counted even though the request fails, and judged with the write.

import { createHash } from 'node:crypto';
import { Problem, type ProblemCode } from '#contract/problems.ts';
import { workTypes } from '#contract/work-types.ts';
import { userKeys } from '#table/keys.ts';
import type { Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { add, isReached, notReached, refusal } from '../limits/limits.ts';
import { keyOf, numberItem } from '../numbers/numbers.ts';
import { verifyPassword } from '../passwords/hash.ts';
import { isAdmitted, readUser, type User } from '../users/user.ts';
import { pinGuesses, pinGuessesOfNetwork } from './limits.ts';
import { hashOf, isNumericId, stillThat } from './pin.ts';

/** Deactivated or deleted at this very moment: like who was before. */
const GONE: readonly ProblemCode[] = ['user_deactivated', 'user_not_found'];

export interface Proven {
  user: User;
  /** Hold at the commit: the PIN is that one, and the wrong ones before it were few enough. @throws `invalid_credentials`, `too_many_attempts` */
  guards: () => Write[];
  /** What becomes of a refusal, which commits nothing and would tell all the same that the PIN was right. */
  refused: (error: unknown) => Promise<unknown>;
}

/** @throws Problem `invalid_credentials`, `too_many_attempts` */
export async function proven(
  deps: Deps,
  { numericId, pin }: { numericId: string; pin: string },
  network: string,
): Promise<Proven> {
  const accountId = await accountOf(deps, numericId);
  const [byUser, byNetwork] = [pinGuesses(accountId), pinGuessesOfNetwork(network)];
  const keys = [userKeys.user(accountId), userKeys.pin(accountId), byUser.key, byNetwork.key];
  const [userFound, pinFound, ofUser, ofNetwork] = await deps.table.batchGet(keys);
  const now = deps.now();
  if (isReached(byUser, ofUser, now)) throw refusal(byUser, ofUser, now);
  if (isReached(byNetwork, ofNetwork, now)) throw refusal(byNetwork, ofNetwork, now);

  const phc = hashOf(pinFound);
  const isRight = await verifyPassword(pin, phc);
  const user = userFound && readUser(userFound);
  if (!user || phc === undefined || !isRight || !opensTo(user, numericId, pin, deps.now())) {
    await add(deps, byUser, ofUser, (addition) => deps.table.write(addition));
    await add(deps, byNetwork, ofNetwork, (addition) => deps.table.write(addition));
    deps.log({ level: 'warn', event: 'authn_pin_fail', network });
    throw wrong();
  }
  return {
    user,
    guards: () => [stillThat(user.id, phc, wrong), notReached(byUser, deps.now())],
    refused: async (error) => {
      if (!(error instanceof Problem)) return error;
      const item = await deps.table.get(byUser.key);
      if (isReached(byUser, item, deps.now())) return refusal(byUser, item, deps.now());
      return GONE.includes(error.code) ? wrong() : error;
    },
  };
}

/** Whose number it is; of one that is nobody's an id that nobody has, always the same, so that failures of it are counted, too. */
async function accountOf(deps: Deps, numericId: string): Promise<string> {
  const found = await deps.table.get(keyOf('numeric-ids', numericId));
  const item = found && numberItem().parse(found);
  if (item && item.leftAt === undefined) return item.userId;
  return `usr_nobody-${createHash('sha256').update(`numeric ID ${numericId}`).digest('hex').slice(0, 24)}`;
}

/** A numeric ID that was given after the PIN was set may be the PIN itself: then it is none. */
function opensTo(user: User, numericId: string, pin: string, now: number): boolean {
  const isInQueues = (workTypes.queues as readonly string[]).includes(user.userType);
  return isInQueues && isAdmitted(user, now) && !isNumericId(pin, numericId);
}

function wrong(): Problem {
  return new Problem('invalid_credentials', {
    detail: 'Check both: no such numeric ID opens with this PIN',
    rule: 'S3-5',
  });
}
