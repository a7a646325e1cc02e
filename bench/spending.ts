// What one piece of work spends on the table, as the engine reports it to the table's meter.

import type { Meter } from '#table/open-table.ts';

type Request = Parameters<Meter>[0];

export interface Spending {
  readUnits: number;
  writeUnits: number;
  /** Requests that had to wait for one another; those at the same time count once. */
  trips: number;
  /** Command by command, in the order they began: "BatchGetItem 2 R". */
  commands: string[];
}

/** A meter to hand to a table, and what to ask it. The engine reports no units for requests that it refuses. */
export function spendingMeter(): { meter: Meter; of: (work: () => Promise<unknown>) => Promise<Spending> } {
  let requests: Request[] = [];
  return {
    meter: (request) => void requests.push(request),
    of: async (work) => {
      requests = [];
      await work();
      return spendingOf(requests);
    },
  };
}

export function spendingOf(requests: readonly Request[]): Spending {
  const sum = (pick: (request: Request) => number) => requests.reduce((total, each) => total + pick(each), 0);
  return {
    readUnits: sum((each) => each.readUnits),
    writeUnits: sum((each) => each.writeUnits),
    trips: tripsOf(requests),
    commands: requests.toSorted((a, b) => a.startedAt - b.startedAt).map(described),
  };
}

/** The longest row of requests of which each began after the one before had ended. */
function tripsOf(requests: readonly Pick<Request, 'startedAt' | 'endedAt'>[]): number {
  let trips = 0;
  let endedAt = Number.NEGATIVE_INFINITY;
  for (const request of requests.toSorted((a, b) => a.endedAt - b.endedAt)) {
    if (request.startedAt < endedAt) continue;
    trips++;
    endedAt = request.endedAt;
  }
  return trips;
}

function described({ command, readUnits, writeUnits }: Request): string {
  return writeUnits > 0 ? `${command} ${writeUnits} W` : `${command} ${readUnits} R`;
}
