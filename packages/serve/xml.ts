// Documents in XML. Elements and attributes alone, which is all that is asked for; well-formed whatever the values hold.

import type { XmlElement } from '#contract/operation.ts';

/** Everything outside of what XML 1.0 §2.2 knows for a character: it cannot be written in any way, not even escaped. */
const NO_CHARACTER = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
/** Line breaks, too: written as they are, a parser would read spaces (§3.3.3). */
const ESCAPED = /[&<>"'\t\n\r]/g;
const NAME = /^[a-z][a-z0-9-]*$/;

/** One element a line: some readers take a document line by line, and have room for short ones. */
export function xml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n${element(root, '')}`;
}

function element({ name, attributes = {}, children = [] }: XmlElement, indent: string): string {
  const written = Object.entries(attributes).map(([each, value]) => ` ${nameOf(each)}="${escaped(value)}"`);
  const tag = `${nameOf(name)}${written.join('')}`;
  if (children.length === 0) return `${indent}<${tag}/>\n`;
  const inside = children.map((child) => element(child, `${indent}  `)).join('');
  return `${indent}<${tag}>\n${inside}${indent}</${name}>\n`;
}

/** Names are constants of ours: one that is none is a mistake in the code. */
function nameOf(name: string): string {
  if (!NAME.test(name)) throw new Error(`${JSON.stringify(name)} is no name of XML`);
  return name;
}

function escaped(value: string): string {
  return value.replace(NO_CHARACTER, '').replace(ESCAPED, (each) => `&#${each.charCodeAt(0)};`);
}
