// A session as its owner and administrators see it.

import * as z from 'zod';
import { instant, sessionId } from './fields.ts';
import { once } from './once.ts';

export const session = once(() =>
  z
    .object({
      id: sessionId(),
      current: z.boolean().meta({ description: 'The session that asks' }),
      createdAt: instant(),
      lastSeenAt: instant().meta({ description: 'To five minutes' }),
      expiresAt: instant(),
      amr: z
        .array(z.string())
        .meta({ description: 'How the user proved who they are (RFC 8176 and K2)', example: ['pwd', 'otp-email'] }),
      network: z.string().meta({ description: 'Where it was made from' }),
      device: z.string().meta({ description: 'User agent that made it' }),
    })
    .meta({ id: 'Session' }),
);
