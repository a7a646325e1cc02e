// Rows as a table for the terminal that is valid Markdown, too.

/** The first row is the heading; the first and the last column stand left, figures between them right. */
export function textTable([heading = [], ...rows]: string[][]): string {
  const widths = heading.map((_, column) => Math.max(...[heading, ...rows].map((row) => (row[column] ?? '').length)));
  const isText = (column: number) => column === 0 || column === widths.length - 1;
  const line = (row: string[]) =>
    `| ${widths.map((width, n) => (isText(n) ? (row[n] ?? '').padEnd(width) : (row[n] ?? '').padStart(width))).join(' | ')} |`;
  const rule = `|${widths.map((width, n) => `${'-'.repeat(width + 1)}${isText(n) ? '-' : ':'}`).join('|')}|`;
  return [line(heading), rule, ...rows.map(line)].join('\n');
}
