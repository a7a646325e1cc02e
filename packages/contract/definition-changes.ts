// Edits of accesses, rights and roles: what the save takes, and the plan of it.

import * as z from 'zod';
import { once } from './once.ts';
import {
  changesSomething,
  mustChangeSomething,
  namesOnce,
  permissionSet,
  recordDescription,
  recordName,
  roleId,
} from './records.ts';
import { contentNames, queuesGiven, usersInSight } from './rights-content.ts';

export const accessChanges = once(() =>
  z
    .strictObject({
      name: recordName().optional(),
      description: recordDescription().nullable().optional().meta({ description: 'null removes it' }),
      permissions: permissionSet().optional(),
    })
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'AccessChanges' }),
);

export const rightsChanges = once(() =>
  z
    .strictObject({
      name: recordName().optional(),
      description: recordDescription().nullable().optional().meta({ description: 'null removes it' }),
      queues: queuesGiven().optional(),
      categories: contentNames().optional(),
      groups: contentNames().optional(),
      databases: contentNames().optional(),
      users: usersInSight().optional(),
    })
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'RightsChanges' }),
);

export const roleChanges = once(() =>
  z
    .strictObject({
      name: recordName().optional(),
      description: recordDescription().nullable().optional().meta({ description: 'null removes it' }),
      permissions: permissionSet().optional(),
      includes: z
        .array(roleId())
        .max(20)
        .refine(...namesOnce)
        .optional(),
    })
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'RoleChanges' }),
);
