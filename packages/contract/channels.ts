// How customers reach the contact center. Each queue serves one channel; what a user's rights let them serve follows from it.

import * as z from 'zod';
import { once } from './once.ts';

export const channels = ['voice', 'email', 'chat', 'sms', 'social'] as const;

export type Channel = (typeof channels)[number];

export const channel = once(() =>
  z.enum(channels).meta({ description: 'How customers reach the queue; licenses follow from it (S0-14)' }),
);
