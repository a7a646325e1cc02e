// Plans: what would this save do? By the rules of the save itself, to seats and money as well, and nothing is changed by asking
// (S0-15, S0-57).

import * as z from 'zod';
import { accessChanges, rightsChanges, roleChanges } from './definition-changes.ts';
import { userId, version } from './fields.ts';
import { licenseId } from './license-catalogue.ts';
import { licenseCause } from './license-cause.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { plannedMoney, plannedSeats } from './planned-seats.ts';
import { accessId, force, rightsId, roleId } from './records.ts';
import { price } from './seats.ts';
import { newUser, userChanges } from './user.ts';
import { userType } from './user-types.ts';

/** As the save would answer it, but for type, title and instance. */
const refusal = once(() =>
  z
    .object({
      code: z.string(),
      status: z.int(),
      detail: z.string().optional(),
      errors: z
        .array(z.object({ pointer: z.string(), detail: z.string() }))
        .optional()
        .meta({ description: 'Pointers into the request that saves' }),
      rule: z.string().optional(),
      because: z.unknown().optional(),
      remedy: z.string().optional(),
      offers: z.array(z.string()).optional().meta({ description: 'Values of `when` by which it would be done (C2)' }),
    })
    .meta({ id: 'PlannedRefusal' }),
);

const allowed = once(() => z.boolean().meta({ description: 'Saving would succeed at this moment' }));

const lacking = once(() =>
  z.array(licenseId()).meta({ description: 'Licenses of which there are not enough free seats: saving is refused' }),
);

const taken = once(() =>
  z.array(
    z.object({
      license: licenseId(),
      name: z.string(),
      causes: z.array(licenseCause()).meta({ description: 'Why' }),
    }),
  ),
);

const userPlan = once(() =>
  z
    .object({
      allowed: allowed(),
      refusal: refusal().optional().meta({ description: 'What saving would answer instead' }),
      version: version()
        .optional()
        .meta({ description: 'Of the user as judged; save with it as If-Match. Absent for a new one' }),
      changes: z
        .record(z.string(), z.object({ before: z.unknown().optional(), after: z.unknown().optional() }))
        .optional()
        .meta({
          description:
            'Field by field, secrets only by their presence; but for title, emoji and state with the permission `users:read-details`. Absent where saving is refused before it comes to that',
        }),
      endsSessions: z.boolean().optional().meta({ description: 'The user is signed in, and signed out by it' }),
      licenses: z.object({ before: taken(), after: taken().optional() }).optional().meta({
        description:
          'Of a user who is there already with one of the permissions `users:read-details` and `licenses:read`',
      }),
      lacking: lacking().optional(),
      seats: plannedSeats(),
      money: plannedMoney(),
      cheaper: z
        .object({
          type: userType(),
          how: z.string(),
          licenses: z.array(licenseId()).meta({ description: 'What would be taken instead' }),
          saves: z.object({
            money: z.array(price()).meta({ description: 'A month' }),
            seats: z.int().meta({ description: 'Of licenses without a price' }),
          }),
        })
        .optional()
        .meta({
          description:
            'The cheapest other type that has every field given, the same permissions and the same content to work on, and its seats free. Absent where there is none, and without the permission `licenses:read`',
        }),
    })
    .meta({ id: 'UserPlan' }),
);

const definitionPlan = once(() =>
  z
    .object({
      allowed: allowed(),
      refusal: refusal().optional(),
      version: version().meta({ description: 'Of what is edited, as judged; save with it as If-Match' }),
      users: z.int().meta({ description: 'Users who have it, or will have it at their next sign-out' }),
      done: z.enum(['at-once', 'by-job']).optional().meta({
        description:
          'by-job: users take the seats that they will need first, and then it is in force. Absent where saving is refused before it comes to that',
      }),
      moving: z
        .object({
          users: z.int().meta({ description: 'Who take or free a license by it' }),
          licenses: z.array(
            z.object({
              license: licenseId(),
              name: z.string(),
              takes: z.int().meta({ description: 'Users who take it' }),
              frees: z.int().meta({ description: 'Users who free it' }),
            }),
          ),
          lookedAt: z.int().meta({ description: 'Users who were looked at' }),
          isComplete: z.boolean().meta({
            description: 'false: there are more users than time; all that is said here counts those looked at',
          }),
        })
        .optional(),
      lacking: lacking().optional(),
      seats: plannedSeats(),
      money: plannedMoney(),
    })
    .meta({ id: 'DefinitionPlan' }),
);

const planning = { method: 'POST', status: 200, audit: null, plans: true } as const;

export const plans = domain('plans', {
  'plan-user': () => ({
    ...planning,
    path: '/users/plan',
    summary:
      'What would this save of a user do: fields, licenses and why, seats, money, and what it would be refused for',
    caller: 'users:change',
    body: z
      .strictObject({
        create: newUser()
          .optional()
          .meta({ description: 'As POST /v1/users has it; needs the permission `users:create`, too' }),
        userId: userId()
          .optional()
          .meta({ description: 'Whom `changes` are of, as PATCH /v1/users/{userId} has them' }),
        restore: userId().optional().meta({
          description: 'Whom POST /v1/users/{userId}/restore would bring back; needs `users:deactivate`, too',
        }),
        changes: userChanges().optional(),
        when: z.enum(['signOutNow', 'nextSignOut']).optional().meta({ description: 'As when saving (C2)' }),
        force: z.boolean().optional().meta({ description: 'As when saving (K13)' }),
      })
      .refine(
        ({ create, userId: id, restore }) => [create, id, restore].filter((each) => each !== undefined).length === 1,
        {
          error: 'must have exactly one of create, userId and restore',
        },
      )
      .refine(
        ({ create, userId: id, changes }) => (id === undefined || changes !== undefined) && !(create && changes),
        {
          error: 'must have changes with userId, may have them with restore, and has none with create',
          path: ['changes'],
        },
      )
      .refine(({ userId: id, when, force: isForced }) => id !== undefined || (when ?? isForced) === undefined, {
        error: 'when and force go with userId',
      }),
    output: userPlan(),
    problems: ['user_not_found'],
    needs: ['read', 'write', 'seal'],
  }),
  'plan-access': () => ({
    ...planning,
    path: '/accesses/{accessId}/plan',
    summary:
      'What would this edit of an access do to its users: licenses, seats, money, and what it would be refused for',
    caller: 'accesses:change',
    params: z.strictObject({ accessId: accessId() }),
    query: force(),
    body: accessChanges(),
    output: definitionPlan(),
    problems: ['record_not_found'],
    needs: ['read', 'write'],
  }),
  'plan-rights': () => ({
    ...planning,
    path: '/rights/{rightsId}/plan',
    summary:
      'What would this edit of rights do to their users: licenses, seats, money, and what it would be refused for',
    caller: 'rights:change',
    params: z.strictObject({ rightsId: rightsId() }),
    body: rightsChanges(),
    output: definitionPlan(),
    problems: ['record_not_found'],
    needs: ['read', 'write'],
  }),
  'plan-role': () => ({
    ...planning,
    path: '/roles/{roleId}/plan',
    summary: 'What would this edit of a role do to its users: licenses, seats, money, and what it would be refused for',
    caller: 'roles:change',
    params: z.strictObject({ roleId: roleId() }),
    query: force(),
    body: roleChanges(),
    output: definitionPlan(),
    problems: ['record_not_found'],
    needs: ['read', 'write'],
  }),
});
