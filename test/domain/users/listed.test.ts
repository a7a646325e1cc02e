import { listedFields } from '#domain/users/user.ts';
import { tableSchema } from '#table/schema.ts';

describe('the list of users', () => {
  it('has in its index what is read from there, and nothing that is not', () => {
    const index = tableSchema.indexes.find(({ name }) => name === 'users');
    // The id stands in the key.
    expect([...(index?.attributes ?? []), 'id'].sort()).toEqual(listedFields().sort());
  });
});
