// Definitions are kept for seconds. Where a decision must not be seconds old, its writes stand on the edition that it was made by,
// and fail with this when there is another one: read them anew, and decide again.

export class DefinitionsMoved extends Error {
  override readonly name = 'DefinitionsMoved';
}
