// Messages as pure functions: data in, a mail or an SMS out. What users typed can neither break a line nor become markup.

import type { Data, TemplateName, Templates } from './templates.ts';

/** What a message says, apart from how it looks. */
export interface Content {
  subject: string;
  greeting: string;
  paragraphs: string[];
  /** Shown large and alone, to be typed. */
  code?: string;
  /** A link to follow, with the words on its button. */
  action?: { label: string; link: string };
  /** Below, in small: what to do when one did not ask for this message, or did not do what it tells. */
  closing: string;
  /** The same as one short text: `smsMax` characters, code or link among them. Each 160 (70 with diacritics) are charged as one SMS. */
  sms: string;
}

/** One file of `languages/` is one language. */
export type Language = { [Name in TemplateName]: (data: Templates[Name]) => Content };

export interface Mail {
  subject: string;
  text: string;
  html: string;
}

export const smsMax = 300;

export function composeMail(language: Language, languageTag: string, template: string, data: Data): Mail {
  const content = contentOf(language, template, data);
  return { subject: content.subject, text: textOf(content), html: htmlOf(content, languageTag) };
}

export function composeSms(language: Language, template: string, data: Data): string {
  // The one character of masked addresses would turn the whole SMS into one of 70 characters.
  return shortened(contentOf(language, template, data).sms.replaceAll('…', '...'), smsMax);
}

/** Clipped, the dots included. */
export function shortened(text: string | number, max: number): string {
  const characters = [...String(text)];
  return characters.length > max ? `${characters.slice(0, max - 3).join('')}...` : characters.join('');
}

/** @throws Error for a template that this version does not know: a newer one may, so it is tried again */
function contentOf(language: Language, template: string, data: Data): Content {
  if (!Object.hasOwn(language, template)) throw new Error(`There is no template "${template}"`);
  const compose = language[template as TemplateName] as (data: Data) => Content;
  return compose(onOneLine(data));
}

/** A line break in a title would forge a paragraph of ours, or a header. */
function onOneLine(data: Data): Data {
  const entries = Object.entries(data).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim() : value,
  ]);
  return Object.fromEntries(entries) as Data;
}

function textOf({ greeting, paragraphs, code, action, closing }: Content): string {
  const parts = [greeting, ...paragraphs, code, action && `${action.label}:\n${action.link}`, closing];
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`;
}

function htmlOf({ subject, greeting, paragraphs, code, action, closing }: Content, languageTag: string): string {
  const body = [greeting, ...paragraphs].map((text) => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`);
  if (code) {
    body.push(`<p style="margin:0 0 16px;font:600 32px/1.2 monospace;letter-spacing:6px">${escapeHtml(code)}</p>`);
  }
  if (action) {
    const link = escapeHtml(action.link);
    body.push(
      `<p style="margin:0 0 16px"><a href="${link}" style="display:inline-block;padding:12px 20px;background:#1f4e79;color:#ffffff;text-decoration:none;border-radius:6px">${escapeHtml(action.label)}</a></p>`,
      `<p style="margin:0 0 16px;font-size:13px;word-break:break-all">${link}</p>`,
    );
  }
  body.push(`<p style="margin:24px 0 0;font-size:13px;color:#595959">${escapeHtml(closing)}</p>`);
  return `<!doctype html>
<html lang="${escapeHtml(languageTag)}">
<head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 sans-serif;color:#1a1a1a"><div style="max-width:560px">
${body.join('\n')}
</div></body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
