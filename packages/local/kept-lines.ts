// A file that keeps one JSON value a line, so that what was written survives a kill at any moment.

import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** The newest values of the file, oldest first. A last line cut short by a kill is left out: nobody was told that it is kept. */
export function keptLines<Value>(file: string, max: number): Value[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .slice(-max)
    .flatMap(parsed<Value>);
}

export function keepLine(file: string, value: unknown): void {
  appendFileSync(file, `${JSON.stringify(value)}\n`, { mode: 0o600 });
}

function parsed<Value>(line: string): Value[] {
  try {
    return [JSON.parse(line) as Value];
  } catch {
    return [];
  }
}
