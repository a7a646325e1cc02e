// A signature as it may be kept: formatting, links and pictures, and nothing that runs, loads in secret or reaches out of its
// place (S0-30, K8, decision 021). What is not on these lists is left out.

import sanitizeHtml from 'sanitize-html';
import { Problem } from '#contract/problems.ts';
import { signatureMax } from '#contract/user.ts';

const inline = ['a', 'b', 'strong', 'i', 'em', 'u', 's', 'small', 'sub', 'sup', 'span', 'br', 'img'];
const blocks = ['p', 'div', 'h1', 'h2', 'h3', 'blockquote', 'ul', 'ol', 'li', 'hr'];
const tables = ['table', 'thead', 'tbody', 'tr', 'td', 'th'];

/** Their text goes with them: to a browser it is no text. */
const dropped = [
  ...['script', 'style', 'noscript', 'template', 'title', 'head', 'textarea', 'select', 'option', 'iframe', 'object'],
  ...['embed', 'applet', 'svg', 'math', 'xmp', 'plaintext', 'noembed', 'noframes', 'frameset'],
];

const color = /^(#[0-9a-f]{3,8}|[a-z]{3,20}|rgba?\([\d\s.,%]{5,30}\))$/i;
const styles: Record<string, RegExp[]> = {
  color: [color],
  'background-color': [color],
  'font-size': [/^\d{1,2}(\.\d{1,2})?(px|pt|em|rem)$|^\d{1,3}%$/i],
  'font-family': [/^[\p{L}\d\s,'"-]{1,100}$/u],
  'font-weight': [/^(normal|bold|[1-9]00)$/],
  'font-style': [/^(normal|italic)$/],
  'text-decoration': [/^(none|underline|line-through)$/],
  'text-align': [/^(left|right|center|justify)$/],
};

const sizeOf = (given: string | undefined) => (given !== undefined && /^\d{1,4}$/.test(given) ? given : undefined);

function present(attributes: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).filter((each): each is [string, string] => each[1] !== undefined),
  );
}

const rules: sanitizeHtml.IOptions = {
  allowedTags: [...inline, ...blocks, ...tables],
  nonTextTags: dropped,
  allowedAttributes: {
    '*': ['style'],
    a: ['href', 'rel', 'title'],
    img: ['src', 'alt', 'width', 'height'],
    td: ['colspan', 'rowspan'],
    th: ['colspan', 'rowspan'],
  },
  allowedStyles: { '*': styles },
  allowedSchemes: ['https', 'http', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['https'] },
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  nestingLimit: 20,
  transformTags: {
    a: (tagName, { href, title }) => {
      const target = addressOf(href, ['https:', 'http:', 'mailto:', 'tel:']);
      const rel = target && 'noopener noreferrer nofollow';
      return { tagName, attribs: present({ href: target, rel, title }) };
    },
    img: (tagName, { src, alt = '', width, height }) => {
      return {
        tagName,
        attribs: present({ src: addressOf(src, ['https:']), alt, width: sizeOf(width), height: sizeOf(height) }),
      };
    },
  },
  // A picture of nowhere is none.
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && attribs.src === undefined,
};

/** As a browser would read it: what is judged is what is kept. */
function addressOf(given: string | undefined, protocols: readonly string[]): string | undefined {
  if (given === undefined || !URL.canParse(given)) return undefined;
  const { protocol, href } = new URL(given);
  return protocols.includes(protocol) ? href : undefined;
}

const CONTROL = /[^\P{Cc}\n\t]/gu;

/** @returns undefined when nothing is left. @throws Problem `invalid_input` when it has become too long */
export function sanitized(html: string): string | undefined {
  const clean = settled(html.normalize('NFC').replace(CONTROL, ''));
  if (clean.length > signatureMax) {
    throw refused(
      `has ${clean.length} characters once it is written as safe HTML, and ${signatureMax} is the most; shorten it`,
      clean.length,
    );
  }
  return clean === '' ? undefined : clean;
}

const PASSES_MAX = 10;

/**
 * Sanitized until that changes nothing any more: where a tag between two others is left out, the two may close one another as they
 * did not before, and what is kept must be read by everybody alike.
 */
function settled(html: string): string {
  let before = html;
  for (let passes = 0; passes < PASSES_MAX; passes++) {
    const after = sanitizeHtml(before, rules).replace(CONTROL, '').trim();
    if (after === before) return after;
    before = after;
  }
  throw refused('is nested in a way that can be read as this or as that; write it in a simpler way', PASSES_MAX);
}

function refused(detail: string, because: number): Problem {
  return new Problem('invalid_input', {
    detail: `/body/signature ${detail}`,
    errors: [{ pointer: '/body/signature', detail }],
    rule: 'K8',
    because,
  });
}
