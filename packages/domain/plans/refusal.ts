// What a save would be refused for, found without saving: its rules are run, and the conditions of its writes judged.

import { Problem } from '#contract/problems.ts';
import type { Key } from '#table/keys.ts';
import { rehearse } from '#table/rehearse.ts';
import type { Item, Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';

/** A refusal that a plan tells of, instead of being refused itself. */
export function shownRefusal({ code, status, facts }: Problem) {
  const { detail, errors, rule, because, remedy, extra } = facts;
  const offers = extra?.offers as string[] | undefined;
  return { code, status, detail, errors, rule, because, remedy, offers };
}

/** What comes of the work, or what it is refused for; an outage is no refusal. */
export async function refusable<T>(work: () => Promise<T>): Promise<{ came: T } | { refusal: Problem }> {
  try {
    return { came: await work() };
  } catch (error) {
    return { refusal: asRefusal(error) };
  }
}

/**
 * @param beside items that are read at the same moment
 * @throws DefinitionsMoved, Problem `version_stale`: what was judged is not there any more, and is judged anew
 */
export async function refusalOf(
  deps: Pick<Deps, 'table'>,
  writes: readonly Write[],
  beside: readonly Key[] = [],
): Promise<{ refusal: Problem | undefined; beside: (Item | undefined)[] }> {
  const { failed, beside: read } = await rehearse(deps.table, writes, beside);
  const [first] = failed;
  if (!first) return { refusal: undefined, beside: read };
  const error =
    first.write.otherwise?.(first.found) ?? new Error(`${first.write.kind} would fail, and names no problem`);
  return { refusal: asRefusal(error), beside: read };
}

function asRefusal(error: unknown): Problem {
  const isRefusal = error instanceof Problem && error.status < 500 && error.code !== 'version_stale';
  if (!isRefusal) throw error;
  return error;
}
