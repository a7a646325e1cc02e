// Values that are made when they are first needed.

/** Makes a value at its first use and keeps it. Schemas are made so: a function's cold start pays for its own alone. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
