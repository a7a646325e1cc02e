// Conditions and updates as data, compiled to DynamoDB expressions with placeholders only. The one place where expressions are built.

export type Condition =
  | readonly ['absent' | 'exists', path: string]
  | readonly ['=' | '<>' | '<' | '<=' | '>' | '>=', path: string, value: unknown]
  | readonly ['size>', path: string, size: number]
  | readonly ['contains', path: string, value: unknown]
  | readonly ['and' | 'or', ...Condition[]];

export interface Changes {
  set?: Record<string, unknown>;
  /** Adds to a number that exists, or starts it. Only in transactions, or where counting twice is harmless. */
  increase?: Record<string, number>;
  remove?: readonly string[];
  /** Adds members to a set, or takes them out. */
  addTo?: Record<string, Set<string>>;
  takeFrom?: Record<string, Set<string>>;
}

/** Gathers names and values of one request's expressions. */
export class Placeholders {
  readonly #names = new Map<string, string>();
  readonly #values: Record<string, unknown> = {};
  #count = 0;

  /** A dot in the path goes into a map: each part becomes a placeholder of its own. */
  name(path: string): string {
    return path
      .split('.')
      .map((part) => {
        const known = this.#names.get(part);
        if (known) return known;
        const made = `#n${this.#names.size}`;
        this.#names.set(part, made);
        return made;
      })
      .join('.');
  }

  value(value: unknown): string {
    const made = `:v${this.#count++}`;
    this.#values[made] = value;
    return made;
  }

  condition(condition: Condition): string {
    switch (condition[0]) {
      case 'absent':
        return `attribute_not_exists(${this.name(condition[1])})`;
      case 'exists':
        return `attribute_exists(${this.name(condition[1])})`;
      case 'size>':
        return `size(${this.name(condition[1])}) > ${this.value(condition[2])}`;
      case 'contains':
        return `contains(${this.name(condition[1])}, ${this.value(condition[2])})`;
      case 'and':
      case 'or': {
        const [word, ...parts] = condition;
        // In parentheses twice, which DynamoDB refuses, where it stands in another one.
        if (parts.length === 1) return this.condition(parts[0] as Condition);
        return parts.map((part) => `(${this.condition(part)})`).join(` ${word.toUpperCase()} `);
      }
      default:
        return `${this.name(condition[1])} ${condition[0]} ${this.value(condition[2])}`;
    }
  }

  update(changes: Changes): string {
    const sets = [
      ...Object.entries(changes.set ?? {}).map(([path, value]) => `${this.name(path)} = ${this.value(value)}`),
      ...Object.entries(changes.increase ?? {}).map(([path, by]) => {
        const name = this.name(path);
        return `${name} = if_not_exists(${name}, ${this.value(0)}) + ${this.value(by)}`;
      }),
    ];
    const clauses = [
      sets.length > 0 && `SET ${sets.join(', ')}`,
      changes.remove?.length && `REMOVE ${changes.remove.map((path) => this.name(path)).join(', ')}`,
      changes.addTo && `ADD ${this.#members(changes.addTo)}`,
      changes.takeFrom && `DELETE ${this.#members(changes.takeFrom)}`,
    ];
    return clauses.filter(Boolean).join(' ');
  }

  #members(sets: Record<string, Set<string>>): string {
    return Object.entries(sets)
      .map(([path, members]) => `${this.name(path)} ${this.value(members)}`)
      .join(', ');
  }

  /** The two members that go beside an expression; absent where empty, as DynamoDB demands. */
  get attributes(): {
    ExpressionAttributeNames?: Record<string, string>;
    ExpressionAttributeValues?: Record<string, unknown>;
  } {
    const names = Object.fromEntries([...this.#names].map(([name, placeholder]) => [placeholder, name]));
    return {
      ...(this.#names.size > 0 && { ExpressionAttributeNames: names }),
      ...(this.#count > 0 && { ExpressionAttributeValues: this.#values }),
    };
  }
}
