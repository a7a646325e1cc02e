// What kinds of user there are and which fields each has (S0-7, S0-12). The one matrix: validation, OpenAPI and the form follow from it.

import * as z from 'zod';
import { once } from './once.ts';

interface UserType {
  description: string;
  /** Signs in through the pages, so they can be invited. */
  signsIn: boolean;
}

export const userTypes = {
  'contact-center': { description: 'Handles customer contacts in queues', signsIn: true },
  'back-office': { description: 'Works with tickets, never in a queue', signsIn: true },
  cloudphone: { description: 'Uses a phone only', signsIn: true },
  passive: { description: 'Looks on, handles nothing', signsIn: true },
  system: { description: 'A system or ticket user; nobody signs in as it', signsIn: false },
  api: { description: 'A program that calls the API', signsIn: false },
  'ai-coworker': { description: 'An AI-powered user', signsIn: false },
} as const satisfies Record<string, UserType>;

export type UserTypeName = keyof typeof userTypes;

export const userTypeNames = Object.keys(userTypes) as [UserTypeName, ...UserTypeName[]];

export const userType = once(() =>
  z.enum(userTypeNames).meta({ description: 'Decides behavior, applicable fields and licenses (S0-12)' }),
);

export const secondFactor = once(() =>
  z.enum(['off', 'email-otp', 'authenticator-optional', 'authenticator-enforced']).meta({
    description:
      'Second factor at sign-in: off; a code by email; an authenticator if the user sets one up; or an authenticator that must be set up at the next sign-in (S0-18…S0-23)',
  }),
);

/** Asked for at each sign-in: what an authenticator is that nobody need set up, it is not. */
export function isFactorEnforced(factor: z.output<ReturnType<typeof secondFactor>>): boolean {
  return factor === 'email-otp' || factor === 'authenticator-enforced';
}

export function isAuthenticator(factor: z.output<ReturnType<typeof secondFactor>>): boolean {
  return factor === 'authenticator-optional' || factor === 'authenticator-enforced';
}

export const verifyType = once(() =>
  z.enum(['password', 'active-directory', 'azure-ad', 'oauth2', 'google']).meta({
    description: 'How the first factor is checked; all but password need a configured integration (S0-16, S1-10)',
  }),
);

type Applies = 'required' | 'optional' | 'no';

const byType = (...row: [Applies, Applies, Applies, Applies, Applies, Applies, Applies]) =>
  Object.fromEntries(userTypeNames.map((type, n) => [type, row[n] as Applies])) as Record<UserTypeName, Applies>;

const [R, o, n] = ['required', 'optional', 'no'] as const;

/** Field → does the type have it? Columns in the order of `userTypes`. */
export const fieldMatrix = {
  //                     cc bo cp pa sy api ai
  title: /*         */ byType(R, R, R, R, R, R, R),
  login: /*         */ byType(R, R, R, R, R, R, R),
  emoji: /*         */ byType(o, o, o, o, o, o, o),
  authEmail: /*     */ byType(R, R, R, R, n, R, n), // S0-25; a mobile number instead where the tenant’s contact policy says so (C4)
  mobile: /*        */ byType(o, o, o, o, n, o, n),
  verifyType: /*    */ byType(o, o, o, o, n, n, n),
  password: /*      */ byType(o, o, o, o, n, n, n), // temporary, instead of an invite (C3, K3)
  apiToken: /*      */ byType(n, n, n, n, n, o, n), // made with the user (C6)
  secondFactor: /*  */ byType(o, o, o, o, n, n, n), // who never signs in has none
  language: /*      */ byType(o, o, o, o, n, o, n),
  sessionSeconds: /**/ byType(o, o, o, o, n, n, n),
  maxSessions: /*   */ byType(o, o, o, o, n, n, n),
  allowedNetworks: /**/ byType(o, o, o, o, n, o, n),
  access: /*        */ byType(R, R, n, R, n, R, n), // cloudphone has neither access nor rights (S0+)
  rights: /*        */ byType(R, R, n, R, n, R, n),
  roles: /*         */ byType(o, o, n, o, n, o, n),
  superUser: /*     */ byType(o, o, n, n, n, n, n), // somebody must be able to sign in as one
} as const;

export type MatrixField = keyof typeof fieldMatrix;

/** The matrix as a Markdown table, for the API's documentation. */
export function fieldMatrixInWords(): string {
  const signs = { required: 'required', optional: 'optional', no: '–' } as const;
  const rows = Object.entries(fieldMatrix).map(
    ([field, row]) => `| ${field} | ${userTypeNames.map((type) => signs[row[type]]).join(' | ')} |`,
  );
  const head = `| field | ${userTypeNames.join(' | ')} |\n|---|${userTypeNames.map(() => '---|').join('')}`;
  return `${head}\n${rows.join('\n')}`;
}
