// Rights that name the user among those whom their holders see.

import type { Source } from '../pointers.ts';

export const rightsThatName: Source = async (_deps, { permissions, definitions }, { id }) => {
  const naming = [...definitions.rights.values()].filter(({ users }) => users !== 'all' && users.ids.includes(id));
  return naming.map((rights) => ({
    what: 'rights' as const,
    id: rights.id,
    ...(permissions.has('rights:read') && { name: rights.name }),
    effect: 'Go on naming the user: seen again when restored, and nobody once the user is gone for good',
  }));
};
