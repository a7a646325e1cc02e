// What kinds of user there are and which fields each has (S0-7, S0-12). The one matrix: validation, OpenAPI and the form follow from it.

import * as z from 'zod';
import { once } from './once.ts';

interface UserType {
  description: string;
  /** Signs in through the pages, so they can be invited. */
  signsIn: boolean;
  /** Takes calls: how it is reached and recorded is always said (C18). */
  takesCalls: boolean;
}

export const userTypes = {
  'contact-center': { description: 'Handles customer contacts in queues', signsIn: true, takesCalls: true },
  'back-office': { description: 'Works with tickets, never in a queue', signsIn: true, takesCalls: true },
  cloudphone: { description: 'Uses a phone only', signsIn: true, takesCalls: true },
  passive: { description: 'Looks on, handles nothing', signsIn: true, takesCalls: false },
  system: { description: 'A system or ticket user; nobody signs in as it', signsIn: false, takesCalls: false },
  api: { description: 'A program that calls the API', signsIn: false, takesCalls: false },
  'ai-coworker': { description: 'An AI-powered user', signsIn: false, takesCalls: false },
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

export const recording = once(() =>
  z.enum(['off', 'from-call-start', 'after-bridged', 'after-bridged-with-transfer']).meta({
    description:
      'Calls are recorded: not (by this setting); from when they reach the user; once connected; or so, and after a transfer to an external number as well (S0-32). But for off it takes a license (S0-36)',
  }),
);

/** Does the type take calls? Then how it is reached and recorded is always said (C18). */
export function hasTelephony(type: UserTypeName): boolean {
  return userTypes[type].takesCalls;
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
export const fieldMatrix = once(() => ({
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
  description: /*   */ byType(o, o, o, o, o, o, o), // S0-10, S1-4
  steeringKeyWords: /**/ byType(o, o, o, o, n, n, o), // S0-11: callers are steered to them
  alias: /*         */ byType(o, o, n, n, n, n, o), // S0-28: who chats with customers
  notificationEmail: /**/ byType(o, o, o, o, o, o, n), // S0-26
  timeZone: /*      */ byType(o, o, o, o, n, o, n), // S0-27
  spokenLanguages: /**/ byType(o, o, o, o, n, n, o), // S4-19
  useQueueSignature: /**/ byType(o, o, n, n, n, n, n), // S0-30
  firstName: /*     */ byType(o, o, o, o, n, n, n), // S4-4
  lastName: /*      */ byType(o, o, o, o, n, n, n), // S4-5
  numericId: /*     */ byType(o, o, o, o, n, n, o), // S3-5
  extension: /*     */ byType(o, o, o, n, n, n, o), // S0-40, C18: without one it is dynamic
  virtualExtension: /**/ byType(o, o, o, n, n, n, o), // S4-17
  recording: /*     */ byType(o, o, o, n, n, n, n), // S0-32, C18: off unless said otherwise
  recordingControl: /**/ byType(o, o, o, n, n, n, n), // S0-37, C10
  forwarding: /*    */ byType(o, o, o, n, n, n, o), // S0-31: whoever is called
  target: /*        */ byType(o, o, o, n, n, n, o), // S0-43; an AI coworker falls back to it
  devices: /*       */ byType(o, o, o, n, n, n, n), // S0-41: a program has no telephone, it is reached by its SIP account
  staticLogin: /*   */ byType(o, o, o, n, n, n, n), // S0-38
  outgoingNumbers: /**/ byType(o, o, o, n, n, n, o), // S0-39; voicebots call, too
  callerName: /*    */ byType(o, o, o, n, n, n, o), // S4-15
  sipOption: /*     */ byType(o, o, o, n, n, n, o), // S4-27
  sipUri: /*        */ byType(o, o, o, n, n, n, o), // S4-27
  sipUsername: /*   */ byType(o, o, o, n, n, n, o), // S4-27
  sipPassword: /*   */ byType(o, o, o, n, n, n, o), // S4-27
  autoDial: /*      */ byType(o, o, n, n, n, n, o), // S4-13: as leads
  predictiveQueue: /**/ byType(o, n, n, n, n, n, n), // S4-14: back-office has no queues
  predictiveRatio: /**/ byType(o, n, n, n, n, n, n), // S4-14
  predictiveSorting: /**/ byType(o, n, n, n, n, n, n), // S4-14
  googleEmail: /*   */ byType(o, o, o, o, n, n, n), // S4-7
  calDavToken: /*   */ byType(o, o, o, o, n, n, n), // S4-9
  assignLeads: /*   */ byType(o, o, n, n, n, n, o), // S4-11
  activeFrom: /*    */ byType(o, o, o, o, n, o, n), // S4-10
  activeUntil: /*   */ byType(o, o, o, o, n, o, n), // S4-10
  wrapUpSeconds: /* */ byType(o, o, n, n, n, n, n), // S3-13
  resourceFilter: /**/ byType(o, o, n, n, n, n, n), // S3-14
  userGroup: /*     */ byType(o, o, o, o, o, o, o), // C13: the default one unless said otherwise
  groups: /*        */ byType(o, o, o, o, o, o, o), // S1-29
  skills: /*        */ byType(o, o, n, n, n, n, o), // S4-24
  allSkills: /*     */ byType(o, o, n, n, n, n, o), // S4-26
  tags: /*          */ byType(o, o, o, o, o, o, o), // S4-24
  allTags: /*       */ byType(o, o, o, o, o, o, o), // S4-26
}));

export type MatrixField = keyof ReturnType<typeof fieldMatrix>;

/** The matrix as a Markdown table, for the API's documentation. */
export function fieldMatrixInWords(): string {
  const signs = { required: 'required', optional: 'optional', no: '–' } as const;
  const rows = Object.entries(fieldMatrix()).map(
    ([field, row]) => `| ${field} | ${userTypeNames.map((type) => signs[row[type]]).join(' | ')} |`,
  );
  const head = `| field | ${userTypeNames.join(' | ')} |\n|---|${userTypeNames.map(() => '---|').join('')}`;
  return `${head}\n${rows.join('\n')}`;
}
