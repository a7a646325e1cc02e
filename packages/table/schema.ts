// The table's shape: keys, indexes, stream, TTL. Infra provisions it, the local tenant and the tests create it, from here alone.

export const tableSchema = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Epoch seconds; cleanup only, every read checks `expiresAt` itself. */
  ttlAttribute: 'ttl',
  indexes: [
    /** The list of users: what it shows, and what it is filtered by. A change of anything else does not write here. */
    {
      name: 'users',
      partitionKey: 'lpk',
      sortKey: 'lsk',
      projection: 'INCLUDE',
      attributes: [
        'title',
        'emoji',
        'userType',
        'state',
        'login',
        'authEmail',
        'access',
        'rights',
        'roles',
        'superUser',
        'userGroup',
        'numericId',
        'extension',
        'secondFactor',
        'lastSignInAt',
        'queued',
      ],
    },
    /** Due work: sparse, in order of time. Keys only; the sweep reads the item itself. */
    { name: 'due', partitionKey: 'dpk', sortKey: 'dsk', projection: 'KEYS_ONLY', attributes: [] },
  ],
  streamView: 'NEW_AND_OLD_IMAGES',
} as const;

export type IndexName = (typeof tableSchema.indexes)[number]['name'];
