// Where calls to a user go on: by forwarding and target to the extension of another user, from there on by theirs (S0-31, S0-43).
// Pure: who has which extension is asked for step by step, and what was found stands in a chart.

/** Calls go to an extension, to a number outside, or to a queue. */
export function isExtension(place: string | null | undefined): place is string {
  return typeof place === 'string' && /^\d+$/.test(place);
}

/** Where charges may apply (S1-18). */
export function isOutside(place: string | null | undefined): boolean {
  return place?.startsWith('+') ?? false;
}

/**
 * So many users are behind one at most, with numbers that are nobody's: a call is never handed on further, and so many conditions
 * fit into the transaction of a change.
 */
export const USERS_MAX = 8;

/** A user as calls see them: extensions where theirs go on. Nowhere, of who is deactivated. */
export interface Stop {
  id: string;
  goesTo: readonly string[];
}

/** What is known: the owner of an extension (undefined: nobody), and where calls to each user go on. */
export interface Chart {
  owners: ReadonlyMap<string, string | undefined>;
  stops: ReadonlyMap<string, Stop>;
}

export type Way =
  /** Extensions whose owners must be known before anything can be said. */
  | { kind: 'unknown'; extensions: string[] }
  /** Calls come back: ids of the users whom they pass, from the first one back to it. */
  | { kind: 'loop'; ids: string[] }
  /** More than a call may pass. */
  | { kind: 'too-long' }
  /** They end: ids of all users behind, and extensions that are nobody's. */
  | { kind: 'ends'; ids: string[]; nobodys: string[] };

/**
 * Follows all that calls to a user can do, the nearest users first. What has not changed was judged when it did, so every loop that
 * a change of this user makes leads back to them.
 */
export function wayFrom(start: string, { owners, stops }: Chart): Way {
  const comesFrom = new Map<string, string>();
  const nobodys = new Set<string>();
  const waiting = [start];
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    const goesTo = stops.get(id)?.goesTo ?? [];
    const unknown = goesTo.filter((extension) => !owners.has(extension));
    if (unknown.length > 0) return { kind: 'unknown', extensions: unknownOf([id, ...waiting], { owners, stops }) };
    for (const extension of goesTo) {
      const owner = owners.get(extension);
      if (owner === undefined) {
        nobodys.add(extension);
        continue;
      }
      if (owner === start) return { kind: 'loop', ids: [...pathTo(id, start, comesFrom), start] };
      if (comesFrom.has(owner)) continue;
      comesFrom.set(owner, id);
      waiting.push(owner);
    }
    if (comesFrom.size + nobodys.size > USERS_MAX) return { kind: 'too-long' };
  }
  return { kind: 'ends', ids: [...comesFrom.keys()], nobodys: [...nobodys] };
}

/** Of all who wait at once, so that one step takes one read. */
function unknownOf(ids: readonly string[], { owners, stops }: Chart): string[] {
  const all = ids.flatMap((id) => stops.get(id)?.goesTo ?? []);
  return [...new Set(all.filter((extension) => !owners.has(extension)))];
}

function pathTo(id: string, start: string, comesFrom: ReadonlyMap<string, string>): string[] {
  const path = [id];
  for (let at = id; at !== start; ) {
    at = comesFrom.get(at) as string;
    path.unshift(at);
  }
  return path;
}
