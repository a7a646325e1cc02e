// Tables for spreadsheets: RFC 4180. What a spreadsheet would take for a formula is made text, since titles are what people type.

/** By it Excel knows that this is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Where a formula would begin: at the beginning of a cell, also of one that is none here. Where the decimal sign is a comma, Excel
 * splits at semicolons, and does not see our quotes.
 */
const FORMULAS = /^(?=[\t\r])|(^|[;\t\r\n])(?=["\p{Zs}]*[=+\-@])/gu;

/** A whole file, with its header row. */
export function csv(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return BYTE_ORDER_MARK + [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string): string {
  const text = value.replace(FORMULAS, "$1'");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
