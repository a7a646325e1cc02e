// What kinds of user there are and what each implies (S0-12). Fields by type follow from here, in validation and documentation alike.

import * as z from 'zod';
import { once } from './once.ts';

interface UserType {
  description: string;
  /** Signs in through the pages, so they can be invited. */
  signsIn: boolean;
  /** Must have an authentication email (S0-25, C4). */
  needsEmail: boolean;
}

export const userTypes = {
  'contact-center': { description: 'Handles customer contacts in queues', signsIn: true, needsEmail: true },
  'back-office': { description: 'Works with tickets, never in a queue', signsIn: true, needsEmail: true },
  cloudphone: { description: 'Uses a phone only', signsIn: true, needsEmail: true },
  passive: { description: 'Looks on, handles nothing', signsIn: true, needsEmail: true },
  system: { description: 'A system or ticket user; nobody signs in as it', signsIn: false, needsEmail: false },
  api: { description: 'A program that calls the API', signsIn: false, needsEmail: true },
  'ai-coworker': { description: 'An AI-powered user', signsIn: false, needsEmail: false },
} as const satisfies Record<string, UserType>;

export type UserTypeName = keyof typeof userTypes;

export const userType = once(() =>
  z
    .enum(Object.keys(userTypes) as [UserTypeName, ...UserTypeName[]])
    .meta({ description: 'Decides behavior, applicable fields and licenses (S0-12)' }),
);

export const secondFactor = once(() =>
  z.enum(['off', 'email-otp']).meta({ description: 'Second factor at sign-in: off, or a code by email (S0-18…S0-20)' }),
);
