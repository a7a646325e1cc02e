// How far a plan has got with the users that it means.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import type { Place } from '../directory/find.ts';

export const position = once(() =>
  z.union([
    /** Of the ids, or of the chunks of what is undone. */
    z.object({ next: z.number() }),
    z.object({ place: z.custom<Place>() }),
  ]),
);

export type Position = z.output<ReturnType<typeof position>>;
