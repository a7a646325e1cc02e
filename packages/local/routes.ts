// Which operation a method and a path mean, as API Gateway's HTTP API decides it: literal segments win over parameters.

import { apiPrefix } from '#contract/operations.ts';

export interface Routed {
  id: string;
  method: string;
  /** Below the prefix; parameters in braces. */
  path: string;
}

export interface Match {
  id: string;
  routeKey: string;
  pathParameters: Record<string, string>;
}

interface Branch {
  literal: Map<string, Branch>;
  parameter?: Branch;
  byMethod: Map<string, { route: Routed; names: string[] }>;
}

/** Builds the matcher of a list. It gives undefined where no route matches. @throws URIError when a parameter's escapes are broken. */
export function routesOf(list: readonly Routed[], prefix: string = apiPrefix) {
  const root = branch();
  for (const route of list) {
    const names: string[] = [];
    let at = root;
    for (const segment of segmentsOf(prefix + route.path)) {
      const name = /^\{(.+)\}$/.exec(segment)?.[1];
      if (name) names.push(name);
      at = name ? parameterOf(at) : literalOf(at, segment);
    }
    at.byMethod.set(route.method, { route, names });
  }
  return (method: string, path: string): Match | undefined => {
    const values: string[] = [];
    const found = descend(root, segmentsOf(path), method, values);
    if (!found) return undefined;
    const { route, names } = found;
    return {
      id: route.id,
      routeKey: `${route.method} ${prefix}${route.path}`,
      pathParameters: Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(values[index] ?? '')])),
    };
  };
}

/** Depth first, literal before parameter; steps back when a literal branch has no route for the rest or the method. */
function descend(at: Branch, [segment, ...rest]: string[], method: string, values: string[]): Found | undefined {
  if (segment === undefined) return at.byMethod.get(method);
  const literal = at.literal.get(segment);
  const found = literal && descend(literal, rest, method, values);
  if (found || !at.parameter || segment === '') return found;
  values.push(segment);
  const below = descend(at.parameter, rest, method, values);
  if (!below) values.pop();
  return below;
}

type Found = { route: Routed; names: string[] };

const branch = (): Branch => ({ literal: new Map(), byMethod: new Map() });

function literalOf(at: Branch, segment: string): Branch {
  const known = at.literal.get(segment) ?? branch();
  at.literal.set(segment, known);
  return known;
}

function parameterOf(at: Branch): Branch {
  at.parameter ??= branch();
  return at.parameter;
}

/** A slash at the end is a segment of its own, and so another path. */
function segmentsOf(path: string): string[] {
  return path.split('/').slice(1);
}
