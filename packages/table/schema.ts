// The table's shape: keys, indexes, stream, TTL. Infra provisions it, the local tenant and the tests create it, from here alone.

export const tableSchema = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Epoch seconds; cleanup only, every read checks `expiresAt` itself. */
  ttlAttribute: 'ttl',
  indexes: [
    /** Lists: what stands in an order that people page through. All attributes, so items in it stay small. */
    { name: 'list', partitionKey: 'lpk', sortKey: 'lsk', projection: 'ALL' },
    /** Due work: sparse, in order of time. Keys only; the sweep reads the item itself. */
    { name: 'due', partitionKey: 'dpk', sortKey: 'dsk', projection: 'KEYS_ONLY' },
  ],
  streamView: 'NEW_AND_OLD_IMAGES',
} as const;

export type IndexName = (typeof tableSchema.indexes)[number]['name'];
