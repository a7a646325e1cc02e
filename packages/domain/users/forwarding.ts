// A change of where calls to a user go: whom the extensions belong to, and that calls never come back to where they were (S0-31,
// S0-43). What was found still holds when the change is written: of two that would make a loop together, one is judged again.

import { type FieldError, Problem } from '#contract/problems.ts';
import { userKeys } from '#table/keys.ts';
import { absent, check, type Write } from '#table/write.ts';
import { DefinitionsMoved } from '../definitions/moved.ts';
import type { Deps } from '../deps.ts';
import { callerChanged } from '../grants/limits.ts';
import { isInSight, type Viewer } from '../grants/sight.ts';
import { extensionsOf, keyOf, numberItem } from '../numbers/numbers.ts';
import { checkMoves } from './references.ts';
import { readUser, type User } from './user.ts';
import { isExtension, type Stop, USERS_MAX, wayFrom } from './way-of-calls.ts';

/** Fields that lead calls on, each with the rule that says so. */
const leading = { forwarding: 'S0-31', target: 'S0-43' } as const;
type Leading = keyof typeof leading;
const leadingFields = Object.keys(leading) as Leading[];

/** Extensions to which calls to a user are handed on: none of who is deactivated, who is not called. */
export function goesTo(user: Pick<User, 'state' | Leading>): string[] {
  if (user.state === 'deactivated') return [];
  return [...new Set(leadingFields.map((field) => user[field]).filter(isExtension))];
}

interface How {
  /** May calls lead to nobody? For who comes back as they were. */
  mayLeadNowhere: boolean;
}

/**
 * Nothing is read where no extension is named, and none given.
 * @returns what the change stands on; the caller's own version goes with it, unless they change themselves
 * @throws Problem `invalid_input`, `forwarding_loop`, `caller_changed`; at commit DefinitionsMoved: somebody on the way has changed
 */
export async function callsLead(
  deps: Deps,
  viewer: Viewer,
  before: User | undefined,
  after: User,
  { mayLeadNowhere }: How = { mayLeadNowhere: false },
): Promise<Write[]> {
  const [went, goes] = [before ? goesTo(before) : [], goesTo(after)];
  const named = goes.filter((extension) => !went.includes(extension));
  const [had, has] = [before && before.state !== 'deactivated' ? extensionsOf(before) : [], extensionsOf(after)];
  const isReachedAnew = has.some((extension) => !had.includes(extension));
  if (goes.length === 0 || (named.length === 0 && !isReachedAnew)) return [];
  const givenUp = (before ? extensionsOf(before) : []).filter((extension) => !has.includes(extension));
  const chart = new Charting(deps, after, givenUp);
  const way = await chart.wayFrom(after.id);
  if (!mayLeadNowhere) checkReached(viewer, after, named, chart);
  if (way.kind === 'loop') throw loop(viewer, before, after, way.ids, chart);
  if (way.kind === 'too-long') throw tooLong(after);
  const checks = [
    ...way.ids.flatMap((id) => stillSo(viewer, chart.users.get(id) as User)),
    ...way.nobodys.filter((extension) => !givenUp.includes(extension)).map(stillNobodys),
  ];
  if (before) checkMoves(before, after, checks.length);
  return checks;
}

/** What is known of the users on the way, read step by step and consistently. */
class Charting {
  readonly users = new Map<string, User>();
  readonly owners = new Map<string, string | undefined>();
  readonly #stops = new Map<string, Stop>();
  readonly #deps: Deps;

  constructor(deps: Deps, start: User, givenUp: readonly string[]) {
    this.#deps = deps;
    this.#add(start);
    for (const extension of givenUp) this.owners.set(extension, undefined);
    for (const extension of extensionsOf(start)) this.owners.set(extension, start.id);
  }

  async wayFrom(id: string) {
    for (;;) {
      const way = wayFrom(id, { owners: this.owners, stops: this.#stops });
      if (way.kind !== 'unknown') return way;
      await this.#read(way.extensions);
    }
  }

  async #read(extensions: readonly string[]): Promise<void> {
    const { table } = this.#deps;
    const numbers = await table.batchGet(extensions.map((extension) => keyOf('extensions', extension)));
    const ownerIds = numbers.map((item) => {
      const number = item && numberItem().parse(item);
      return number?.leftAt === undefined ? number?.userId : undefined;
    });
    const missing = [...new Set(ownerIds)].filter((id) => id !== undefined && !this.users.has(id)) as string[];
    const found = missing.length > 0 ? await table.batchGet(missing.map(userKeys.user)) : [];
    for (const item of found) if (item) this.#add(readUser(item));
    for (const [n, extension] of extensions.entries()) {
      const id = ownerIds[n];
      this.owners.set(extension, id !== undefined && this.users.has(id) ? id : undefined);
    }
  }

  #add(user: User): void {
    this.users.set(user.id, user);
    this.#stops.set(user.id, { id: user.id, goesTo: goesTo(user) });
  }
}

/** What is named must reach somebody. @throws Problem `invalid_input` */
function checkReached(viewer: Viewer, after: User, named: readonly string[], { owners, users }: Charting): void {
  const errors = leadingFields.flatMap((field): (FieldError & { rule: string })[] => {
    const extension = after[field];
    if (!isExtension(extension) || !named.includes(extension)) return [];
    const owner = users.get(owners.get(extension) ?? '');
    if (owner && owner.state !== 'deactivated') return [];
    const detail = owner
      ? `is the extension of ${nameOf(viewer, owner)}, who is deactivated; choose another, or restore them first`
      : 'is nobody’s extension; choose one that somebody has';
    return [{ pointer: `/body/${field}`, detail: `${extension} ${detail}`, rule: leading[field] }];
  });
  const [first] = errors;
  if (!first) return;
  throw new Problem('invalid_input', {
    detail: errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; '),
    errors: errors.map(({ pointer, detail }) => ({ pointer, detail })),
    rule: first.rule,
    because: named,
    remedy: 'Choose another: GET /v1/numbers/extensions shows which are used',
  });
}

function loop(
  viewer: Viewer,
  before: User | undefined,
  after: User,
  ids: readonly string[],
  { users, owners }: Charting,
): Problem {
  const names = ids.map((id) => nameOf(viewer, users.get(id) as User));
  const way = names.join(' → ');
  const leads = leadingFields.find((field) => owners.get(after[field] ?? '') === ids[1]) as Leading;
  const isNamed = before === undefined || before.state === 'deactivated' || before[leads] !== after[leads];
  const numbered = (['extension', 'virtualExtension'] as const).find((field) => before?.[field] !== after[field]);
  const field = isNamed ? leads : (numbered ?? 'extension');
  const detail =
    ids.length === 2 ? `leads calls to ${after.title} back to themselves` : `lets calls go round in a circle: ${way}`;
  return new Problem('forwarding_loop', {
    detail: `/body/${field} ${detail}`,
    errors: [{ pointer: `/body/${field}`, detail }],
    rule: leading[leads],
    because: names,
    remedy: `Choose another extension or a number outside${ids.length === 2 ? '' : `; or let calls to ${names.at(-2)} go elsewhere first`}`,
  });
}

function tooLong(after: User): Problem {
  const field = isExtension(after.forwarding) ? 'forwarding' : 'target';
  const detail = `hands calls on to more than ${USERS_MAX} extensions in all, one after another, and then nobody would be reached; choose one with fewer behind it`;
  return new Problem('invalid_input', {
    detail: `/body/${field} ${detail}`,
    errors: [{ pointer: `/body/${field}`, detail }],
    rule: leading[field],
    because: after[field],
    remedy: 'Choose an extension from which calls are not handed on so often',
  });
}

function nameOf(viewer: Viewer, user: User): string {
  return isInSight(viewer, user) ? user.title : 'a user out of your sight';
}

/** Whoever is on the way is as they were seen: what leads on, and by which number, moves their version. */
function stillSo({ user: caller }: Viewer, { id, version }: User): Write[] {
  if (id !== caller.id) return [check(userKeys.user(id), ['=', 'version', version], moved)];
  // A transaction looks at an item once, and that the caller is as they were is looked at anyway.
  if (version !== caller.version) throw callerChanged();
  return [];
}

const stillNobodys = (extension: string): Write =>
  check(keyOf('extensions', extension), ['or', absent, ['exists', 'leftAt']], moved);

/** Decided again, as when definitions have moved: by what is there now it may be a loop, and may be none. */
const moved = () => new DefinitionsMoved('Somebody whom calls are handed on to was changed meanwhile');
