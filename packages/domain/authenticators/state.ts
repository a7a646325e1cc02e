// What a user is told of their own authenticator. Apart from the codes, whose arithmetic not every bundle needs.

import { userKeys } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import { left } from './recovery-codes.ts';

export async function state(deps: Deps, userId: string): Promise<{ setUp: boolean; recoveryCodesLeft: number }> {
  const keys = [userKeys.authenticator(userId), userKeys.recoveryCodes(userId)];
  const [authenticator, recoveryCodes] = await deps.table.batchGet(keys);
  return { setUp: authenticator !== undefined, recoveryCodesLeft: left(recoveryCodes) };
}
