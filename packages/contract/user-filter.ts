// Which users a list, a search or a bulk edit means.

import * as z from 'zod';
import { plainText } from './fields.ts';
import { once } from './once.ts';
import { accessId, groupId, rightsId, roleId, skillId, tagId, userGroupId } from './records.ts';
import { userState } from './user.ts';
import { secondFactor, userType } from './user-types.ts';

export const flag = (description: string) => z.stringbool().default(false).meta({ description, type: 'boolean' });

/** Which users: those for whom all of it is true. */
export const userFilter = once(() =>
  z
    .strictObject({
      tab: z
        .enum(['agents', 'ai-coworkers'])
        .default('agents')
        .meta({ description: 'Human users and programs, or AI coworkers (S0-1)' }),
      deactivated: flag('true: the deactivated ones instead (S0-56)'),
      type: userType().optional(),
      state: userState().optional(),
      access: accessId().optional(),
      rights: rightsId().optional(),
      role: roleId().optional(),
      userGroup: userGroupId().optional(),
      group: groupId().optional(),
      skill: skillId().optional(),
      tag: tagId().optional(),
      secondFactor: secondFactor().optional(),
      superUser: z.stringbool().optional().meta({ description: 'SuperUsers only, or all others', type: 'boolean' }),
      search: plainText(100).optional().meta({
        description:
          'Beginnings of words of title, login, authentication email, alias, extension or numeric ID, accents and case aside; all must be found. "In quotes": words in just this order',
        example: 'jan nov',
      }),
    })
    .meta({ id: 'UserFilter' }),
);
