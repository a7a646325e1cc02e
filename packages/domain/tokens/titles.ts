// Titles of API tokens say where a token is used, and never hold one (S0-46, K6).

import { Problem } from '#contract/problems.ts';
import type { Deps } from '../deps.ts';
import { isAnyKnown, sha256Of } from './claims.ts';

/** The first 27 characters after the prefix only say where to look; what is longer holds a part of the secret. */
const OUR_VALUE = /rst_[\w-]{28}/i;

/** What people put around a value that they paste. An equals sign is not among it: it may be the value's own end. */
const AROUND = /["'`<>()[\]{},;:|]+/;

/** As many as one read takes; a title of 100 characters hardly has as many. */
const PARTS_MAX = 100;

/**
 * Values that were made here are known by their form, imported ones by their hash.
 * @param importing the hash of the token that is to get this title
 * @throws Problem `token_value_in_title`
 */
export async function checkTitle(deps: Deps, title: string, importing?: string): Promise<void> {
  if (OUR_VALUE.test(title)) throw refusal();
  const words = title.split(/\s+/);
  const parts = words.flatMap((word) => word.split(AROUND));
  const assigned = parts.map((part) => part.slice(part.indexOf('=') + 1));
  const held = [...new Set([title, ...words, ...parts, ...assigned])].filter((part) => part !== '');
  const hashes = held.slice(0, PARTS_MAX).map(sha256Of);
  const isHeld = (importing !== undefined && hashes.includes(importing)) || (await isAnyKnown(deps, hashes));
  if (isHeld) throw refusal();
}

/** Does not repeat the title: it is a secret. */
function refusal(): Problem {
  const detail = 'holds the value of an API token; write where the token is used instead';
  return new Problem('token_value_in_title', {
    detail: `/body/title ${detail}`,
    errors: [{ pointer: '/body/title', detail }],
    rule: 'S0-46',
    remedy: 'Write where the token is used, like "CRM integration - production"',
  });
}
