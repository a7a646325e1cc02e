// How the demo tells its story: numbered steps, what came of each, and refusals that are meant to happen.

import { RosterError } from '#client/client.ts';
import type { ProblemCode } from '#contract/problems.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

export class Story {
  #steps = 0;

  chapter(title: string): void {
    say(`\n${title}`);
  }

  /** One step; a failure is told with the step it happened in. */
  async step<T>(what: string, act: () => Promise<T>): Promise<T> {
    this.#steps++;
    try {
      const result = await act();
      say(`  ✓ ${what}`);
      return result;
    } catch (error) {
      throw new Error(`Step ${this.#steps} failed: ${what}\n    ${inWords(error)}`, { cause: error });
    }
  }

  /** What a step brought, below it. */
  note(text: string): void {
    say(`      ${text}`);
  }

  /** A step that has to be refused with this code; shows the refusal as its receiver would read it. */
  async refused(what: string, code: ProblemCode, act: () => Promise<unknown>): Promise<RosterError> {
    const error = await this.step(what, async () => {
      const error = await act().then(
        () => undefined,
        (error: unknown) => error,
      );
      if (error instanceof RosterError && error.code === code) return error;
      throw error ?? new Error(`It was accepted, but should have been refused with ${code}`);
    });
    this.note(`Refused, as it should be: ${inWords(error)}`);
    const { rule, because, remedy } = error.problem ?? {};
    const decided = because === undefined ? '' : `, decided by ${JSON.stringify(because)}`;
    if (rule) this.note(`Rule ${rule}${decided}. ${remedy ?? ''}`);
    return error;
  }

  end(): void {
    say(`\nAll ${this.#steps} steps went as they should.\n`);
  }
}

function inWords(error: unknown): string {
  if (error instanceof RosterError) return `${error.status} ${error.code}: ${error.detail}`;
  return error instanceof Error ? error.message : String(error);
}
