// Which schedule is to run by hand, and for when: the words after `npm run job --`.

import { parseArgs } from 'node:util';
import * as z from 'zod';
import { reactions } from '#contract/reactions.ts';
import { StartError } from './ports.ts';

export interface Asked {
  id: string;
  timeoutSeconds: number;
  /** As EventBridge Scheduler would send it; without a time it is asked for now. */
  event: { scheduledAt?: string };
}

const example = 'npm run job -- snapshot-licenses --at 2026-01-01';
const schedules = reactions.filter(({ on }) => on.from === 'schedule');
const dateOrInstant = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** @throws StartError that says what may be asked for */
export function askedFor(words: string[], now: number): Asked {
  const { positionals, at } = parsed(words);
  const [id, ...more] = positionals;
  const found = schedules.find((each) => each.id === id);
  if (!found || more.length > 0) {
    const wrong = id === undefined ? 'Which one is missing' : `${positionals.join(' ')} is no schedule`;
    throw new StartError(`${wrong}: it is one of ${schedules.map((each) => each.id).join(', ')}, like ${example}`);
  }
  return {
    id: found.id,
    timeoutSeconds: found.timeoutSeconds,
    event: at === undefined ? {} : { scheduledAt: instant(at, now) },
  };
}

function parsed(words: string[]): { positionals: string[]; at: string | undefined } {
  try {
    const { positionals, values } = parseArgs({
      args: words,
      allowPositionals: true,
      options: { at: { type: 'string' } },
    });
    return { positionals, at: values.at };
  } catch (error) {
    throw new StartError(`${(error as Error).message}. It is asked for like ${example}`, { cause: error });
  }
}

function instant(at: string, now: number): string {
  if (!dateOrInstant.safeParse(at).success) {
    throw new StartError(`--at is "${at}": it must be a date like 2026-01-01, or an instant like 2026-01-01T00:15:00Z`);
  }
  const time = Date.parse(at);
  if (time > now)
    throw new StartError(`--at is ${at}, which is still to come: a schedule runs for a time that has passed`);
  return new Date(time).toISOString();
}
