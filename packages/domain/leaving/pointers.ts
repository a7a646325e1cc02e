// What points at a user who leaves, so that nobody is surprised. Each kind is a file in pointers/ and a line here.

import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import type { Granter } from '../grants/limits.ts';
import type { User } from '../users/user.ts';
import { liveTokens } from './pointers/api-tokens.ts';
import { leadsTo } from './pointers/forwarding.ts';
import { rightsThatName } from './pointers/rights.ts';

export interface Pointer {
  what: 'rights' | 'api-tokens' | 'forwarding' | 'target';
  /** Of what points; of users whom the asker does not see, the extension that they point at. */
  id: string;
  /** Absent where the asker may not see these. */
  name?: string;
  /** What becomes of it. */
  effect: string;
}

export type Asker = Granter & { definitions: Definitions };
export type Source = (deps: Deps, asker: Asker, user: User) => Promise<Pointer[]>;

const sources: readonly Source[] = [rightsThatName, liveTokens, leadsTo];

export async function pointersAt(deps: Deps, asker: Asker, user: User): Promise<Pointer[]> {
  return (await Promise.all(sources.map((source) => source(deps, asker, user)))).flat();
}
