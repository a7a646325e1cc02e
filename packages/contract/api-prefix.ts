// Where the API stands.

/** Every path of an operation stands below this. */
export const apiPrefix = '/v1';
