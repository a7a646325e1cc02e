// A virtual extension that Roster chooses (S4-17): the next free one when the request is judged. Should somebody else take it before
// that is written, the work is done again with another one.

import { Problem } from '#contract/problems.ts';
import type { Deps } from '../deps.ts';
import { nextFree } from './next-free.ts';
import type { Rules } from './numbers.ts';

/** What a request says instead of a number. */
const GENERATE = 'generate';
/** Work that lost every race so often has met more than chance. */
const TRIES_MAX = 8;

export interface Wanting {
  virtualExtension?: string | null | undefined;
  /** Of the same request: it is not chosen for the other. */
  extension?: string | null | undefined;
}

/**
 * Does the work with the request as it is, or with a number in the place of `generate`.
 * @throws Problem `try_again`, `number_taken` when all are used, and what the work throws
 */
export async function withGenerated<Request extends Wanting, T>(
  deps: Deps,
  rules: Rules,
  request: Request,
  work: (request: Request) => Promise<T>,
): Promise<T> {
  if (request.virtualExtension !== GENERATE) return work(request);
  let taken: string | undefined;
  for (let tries = 1; ; tries++) {
    const virtualExtension = await chosen(deps, rules, request, taken && after(deps, taken, tries));
    try {
      return await work({ ...request, virtualExtension });
    } catch (error) {
      if (!isTaken(error, virtualExtension)) throw error;
      if (tries === TRIES_MAX) throw new Problem('try_again', { retryAfterSeconds: 1, cause: error });
      taken = virtualExtension;
    }
  }
}

/** The same once, for who writes nothing. */
export async function asGenerated<Request extends Wanting>(
  deps: Deps,
  rules: Rules,
  request: Request,
): Promise<Request> {
  if (request.virtualExtension !== GENERATE) return request;
  return { ...request, virtualExtension: await chosen(deps, rules, request, undefined) };
}

async function chosen(deps: Deps, rules: Rules, { extension }: Wanting, from: string | undefined): Promise<string> {
  const besides = extension ? [extension] : [];
  const find = (start: string | undefined) => nextFree(deps, 'extensions', start, rules, besides);
  const found = (from === undefined ? undefined : await find(from)) ?? (await find(undefined));
  if (found) return found;
  const detail = 'finds no free extension: all are used, rest or are reserved; name one, or free some first';
  throw new Problem('number_taken', {
    detail: `/body/virtualExtension ${detail}`,
    errors: [{ pointer: '/body/virtualExtension', detail }],
    rule: 'S4-17',
    because: GENERATE,
    remedy: 'Look at who has which: GET /v1/numbers/extensions',
  });
}

/** Not the very next: all who lost the same race would meet there again. */
function after(deps: Deps, number: string, tries: number): string {
  const leap = 1 + ((deps.randomBytes(1)[0] as number) % (8 * tries));
  return String(Number(number) + leap).padStart(number.length, '0');
}

function isTaken(error: unknown, number: string): boolean {
  return error instanceof Problem && error.code === 'number_taken' && error.facts.because === number;
}
