// The catalogue: which kinds of seats there are, and what takes one. Data of the operator (S1-35): rules are read, never coded.

import * as z from 'zod';
import { channel } from './channels.ts';
import { plainText } from './fields.ts';
import { once } from './once.ts';
import { type Permission, permissions } from './permissions.ts';
import { userType } from './user-types.ts';

export const licenseId = once(() =>
  z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,29}$/, 'must be 2 to 30 of a-z, 0-9 and -, starting with a letter')
    .meta({ description: 'A kind of seat', example: 'voice' }),
);

const license = once(() =>
  z.strictObject({
    id: licenseId(),
    name: plainText(64),
    description: plainText(300).optional(),
    channel: channel().optional().meta({
      description:
        'A core license: for work in queues of this channel. Whoever works in contact centers has one at least',
    }),
  }),
);

export type License = z.output<ReturnType<typeof license>>;

const types = once(() => z.array(userType()).min(1));

/** What takes a license, by what of the user it shows. */
export const licenseRule = once(() =>
  z.discriminatedUnion('by', [
    z.strictObject({ by: z.literal('type'), types: types(), license: licenseId() }),
    z.strictObject({
      by: z.literal('queues'),
      types: types(),
      otherwise: licenseId().optional().meta({ description: 'Taken by whose rights name no queue' }),
    }),
    z.strictObject({
      by: z.literal('permission'),
      types: types(),
      permission: z.enum(permissions as [Permission, ...Permission[]]),
      license: licenseId(),
    }),
    z.strictObject({ by: z.literal('recording'), types: types(), license: licenseId() }),
    z.strictObject({
      by: z.literal('never'),
      types: types(),
      licenses: z.array(licenseId()).min(1).meta({ description: 'No rule may give these types one of them' }),
    }),
  ]),
);

export type LicenseRule = z.output<ReturnType<typeof licenseRule>>;

/** As it is kept, once it was found sound. */
export const catalogue = once(() =>
  z.strictObject({ licenses: z.array(license()).max(30), rules: z.array(licenseRule()).max(100) }),
);

export type Catalogue = z.output<ReturnType<typeof catalogue>>;

/** What S0+ says of each type, with one core license a channel. */
export const usualCatalogue: Catalogue = {
  licenses: [
    { id: 'voice', name: 'Voice', channel: 'voice' },
    { id: 'email', name: 'Email', channel: 'email' },
    { id: 'chat', name: 'Chat', channel: 'chat' },
    { id: 'sms', name: 'SMS', channel: 'sms' },
    { id: 'social', name: 'Social media', channel: 'social' },
    { id: 'back-office', name: 'Back-office' },
    { id: 'cloudphone', name: 'Cloudphone' },
    { id: 'ai-coworker', name: 'AI coworker' },
    { id: 'call-recording', name: 'Call recording' },
    { id: 'crm', name: 'CRM' },
    { id: 'quality', name: 'Quality management' },
  ],
  rules: [
    { by: 'queues', types: ['contact-center'], otherwise: 'voice' },
    { by: 'type', types: ['back-office'], license: 'back-office' },
    { by: 'permission', types: ['back-office'], permission: 'calls:make', license: 'cloudphone' },
    { by: 'type', types: ['cloudphone'], license: 'cloudphone' },
    { by: 'type', types: ['ai-coworker'], license: 'ai-coworker' },
    { by: 'recording', types: ['contact-center', 'back-office', 'cloudphone'], license: 'call-recording' },
    { by: 'permission', types: ['contact-center', 'back-office', 'passive'], permission: 'crm:use', license: 'crm' },
    {
      by: 'permission',
      types: ['contact-center', 'back-office', 'passive'],
      permission: 'quality:use',
      license: 'quality',
    },
    { by: 'never', types: ['back-office', 'cloudphone'], licenses: ['voice', 'email', 'chat', 'sms', 'social'] },
  ],
};

export interface Contradiction {
  path: (string | number)[];
  message: string;
}

/** What is wrong with a catalogue beside its form: names that stand twice, rules that refer to nothing or contradict each other. */
export function contradictionsIn({ licenses, rules }: Catalogue): Contradiction[] {
  const found: Contradiction[] = [];
  for (const [n, { id, channel }] of licenses.entries()) {
    const before = licenses.slice(0, n);
    if (before.some((other) => other.id === id)) {
      found.push({ path: ['licenses', n, 'id'], message: `${id} is there already; each license stands once` });
    }
    if (channel && before.some((other) => other.channel === channel)) {
      found.push({
        path: ['licenses', n, 'channel'],
        message: `${channel} has a license already; one license a channel`,
      });
    }
  }
  for (const [n, each] of rules.entries()) {
    const wrong = [
      ...unknownIn(each, licenses),
      ...notCore(each, licenses),
      ...rules.slice(0, n).flatMap((other, at) => (saysTheSame(each, other) ? [`rule ${at} says the same`] : [])),
      ...rules.flatMap((other, at) =>
        forbids(other, each, licenses) ? [`rule ${at} says that these types never take it`] : [],
      ),
    ];
    found.push(...wrong.map((message) => ({ path: ['rules', n], message })));
  }
  return found;
}

function unknownIn(each: LicenseRule, licenses: readonly License[]): string[] {
  return namedIn(each)
    .filter((id) => !licenses.some((license) => license.id === id))
    .map((id) => `there is no license ${id}; add it to licenses, or name one of them`);
}

function namedIn(each: LicenseRule): string[] {
  if (each.by === 'never') return each.licenses;
  if (each.by === 'queues') return each.otherwise === undefined ? [] : [each.otherwise];
  return [each.license];
}

function notCore(each: LicenseRule, licenses: readonly License[]): string[] {
  if (each.by !== 'queues' || each.otherwise === undefined) return [];
  const isCore = licenses.some(({ id, channel }) => id === each.otherwise && channel !== undefined);
  return isCore ? [] : [`${each.otherwise} has no channel; name a core license`];
}

function saysTheSame(one: LicenseRule, other: LicenseRule): boolean {
  const [a, b] = [one, other].map(({ types: _types, ...rest }) => JSON.stringify(rest));
  return a === b && haveTypeInCommon(one, other);
}

function forbids(never: LicenseRule, each: LicenseRule, licenses: readonly License[]): boolean {
  if (never.by !== 'never' || each.by === 'never' || !haveTypeInCommon(never, each)) return false;
  const core = licenses.filter(({ channel }) => channel !== undefined).map(({ id }) => id);
  const given = [...namedIn(each), ...(each.by === 'queues' ? core : [])];
  return never.licenses.some((id) => given.includes(id));
}

function haveTypeInCommon(one: LicenseRule, other: LicenseRule): boolean {
  return one.types.some((type) => other.types.includes(type));
}
