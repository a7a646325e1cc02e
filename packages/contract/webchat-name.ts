// By which name customers in webchat know who talks to them (C8).

import * as z from 'zod';
import { once } from './once.ts';

export const webchatNames = ['operator', 'title', 'alias'] as const;

export const webchatName = once(() =>
  z.enum(webchatNames).meta({
    description:
      'What customers in webchat see of who talks to them: the word Operator, the title, or the alias; who has none is Operator then (S0-28, C8)',
  }),
);
