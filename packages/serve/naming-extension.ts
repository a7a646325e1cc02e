// For operations that name an extension: whose it is, is read beside the authentication, and not after it.

import type { Operation, OperationSpec } from '#contract/operation.ts';
import { keyOf } from '#domain/numbers/numbers.ts';
import type { Event, Special } from './visit.ts';

/** The operation, as `serve` takes it: only functions that name this carry what it needs. */
export function namingExtension<Spec extends OperationSpec>(
  operation: Operation<string, Spec>,
  extensionIn = inPathOrQuery,
): Operation<string, Spec> & Special {
  // Not parsed yet: anything else than an extension names nothing, and is refused when it is.
  const ahead: Special['ahead'] = (event) => {
    const [extension] = /^\d{2,6}$/.exec(extensionIn(event) ?? '') ?? [];
    return extension === undefined ? undefined : keyOf('extensions', extension);
  };
  return { ...operation, ahead };
}

const inPathOrQuery = ({ pathParameters, queryStringParameters }: Event) =>
  pathParameters?.extension ?? queryStringParameters?.extension;
