// Where calls of many users go: not to an extension, since whether calls would come back from there is judged user by user.

import { type FieldError, Problem } from '#contract/problems.ts';
import type { Changes } from '../users/judging.ts';
import { isExtension } from '../users/way-of-calls.ts';

/** @throws Problem `invalid_input` (S0-31, S0-43) */
export function checkLeadsToNoExtension(changes: Pick<Changes, 'forwarding' | 'target'>): void {
  const fields = (['forwarding', 'target'] as const).filter((field) => isExtension(changes[field]));
  const errors = fields.map(
    (field): FieldError => ({
      pointer: `/body/${field}`,
      detail: `leads to the extension ${changes[field]}, and whether calls would go round in a circle is judged one user at a time; PATCH /v1/users/{userId}`,
    }),
  );
  if (errors.length === 0) return;
  throw new Problem('invalid_input', {
    detail: errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; '),
    errors,
    rule: 'S0-31',
    because: fields.map((field) => changes[field]),
    remedy: 'Give a number outside or a queue, or change these users one by one',
  });
}
