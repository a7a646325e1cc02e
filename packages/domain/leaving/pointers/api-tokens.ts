// API tokens by which programs act as the user.

import { isLive } from '../../tokens/token.ts';
import * as tokens from '../../tokens/tokens.ts';
import type { Source } from '../pointers.ts';

export const liveTokens: Source = async (deps, { permissions }, user) => {
  const live = (await tokens.ofUser(deps, user.id)).filter((token) => isLive(token, user, deps.now()));
  return live.map(({ id, title }) => ({
    what: 'api-tokens' as const,
    id,
    ...(permissions.has('tokens:read') && { name: title }),
    effect: 'Stops at once: programs that use it are refused from the next request on',
  }));
};
