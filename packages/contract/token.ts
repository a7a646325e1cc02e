// An API token in requests and answers.

import * as z from 'zod';
import { instant, plainText, tokenId, userId, version } from './fields.ts';
import { once } from './once.ts';
import { permissionSet } from './records.ts';

export const tokenTitle = once(() =>
  plainText(100).meta({
    description: 'Where the token is used; never the token itself (S0-46)',
    example: 'CRM integration - production',
  }),
);

export const expiry = once(() =>
  instant().meta({ description: 'Custom validity (S0-49); without it the token expires after 365 days (S0-48)' }),
);

export const scopes = once(() =>
  permissionSet().meta({ description: 'Narrows what the token may do to these of its owner’s permissions (K5)' }),
);

export const extendWithUse = once(() =>
  z.boolean().meta({ description: 'Each use moves the expiry to 365 days from that use, never later (S0-50)' }),
);

export const token = once(() =>
  z
    .object({
      id: tokenId(),
      userId: userId(),
      version: version(),
      title: z.string(),
      enabled: z.boolean().meta({ description: 'State (S0-45)' }),
      expired: z.boolean(),
      expiresAt: instant(),
      customValidity: z.boolean().meta({ description: 'Has an expiry of its own instead of the year (S0-49)' }),
      extendWithUse: z.boolean(),
      scopes: z.array(z.string()).optional().meta({ description: 'Absent: all that the owner may do' }),
      imported: z.boolean().meta({ description: 'Came from another system, by its hash (S0-52)' }),
      createdAt: instant(),
      savedAt: instant().meta({ description: 'Last saved (S0-47)' }),
      lastUse: z
        .object({ at: instant(), network: z.string(), operation: z.string() })
        .optional()
        .meta({ description: 'To five minutes' }),
    })
    .meta({ id: 'ApiToken' }),
);

/** In the answer that creates it, and never again (S0-51). */
export const tokenWithValue = once(() =>
  token()
    .extend({ value: z.string().meta({ description: 'The token, for its only time' }) })
    .meta({ id: 'ApiTokenWithValue' }),
);

/** What is said of a new one. */
export const newToken = once(() => ({
  title: tokenTitle(),
  enabled: z.boolean().default(true),
  expiresAt: expiry().optional(),
  extendWithUse: extendWithUse().default(false),
  scopes: scopes().optional(),
}));
