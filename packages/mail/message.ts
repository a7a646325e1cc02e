// Messages as pure functions: data in, subject, text and HTML out. What users typed is escaped in the HTML part.

/** What a mail says, apart from how it looks. */
export interface Content {
  subject: string;
  greeting: string;
  paragraphs: string[];
  /** Shown large and alone, to be typed. */
  code?: string;
  /** A link to follow, with the words on its button. */
  action?: { label: string; link: string };
  /** Below, in small: what to do when one did not ask for this mail. */
  closing: string;
}

export type Data = Record<string, string | number>;
export type TemplateName = 'invite' | 'sign-in-code' | 'password-reset';

/** One file of `languages/` is one language. */
export type Language = Record<TemplateName, (data: Data) => Content>;

export interface Message {
  subject: string;
  text: string;
  html: string;
}

export function compose(language: Language, languageTag: string, template: TemplateName, data: Data): Message {
  const content = language[template](data);
  return { subject: content.subject, text: textOf(content), html: htmlOf(content, languageTag) };
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
