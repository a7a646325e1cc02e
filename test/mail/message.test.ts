import { readdirSync } from 'node:fs';
import { languageFor } from '#mail/language.ts';
import { compose, type TemplateName } from '#mail/message.ts';

const templates: TemplateName[] = ['invite', 'sign-in-code', 'password-reset'];
const data = {
  title: 'Jana <b>&"\'',
  login: 'jana',
  link: 'https://acme.example/x#rinv_a',
  code: '012345',
  minutes: 10,
  days: 7,
  device: 'jest',
  network: '::1',
};
const tags = readdirSync('packages/mail/languages').map((file) => file.replace('.ts', ''));

describe.each(tags)('mails in %s', (tag) => {
  it.each(templates)('%s has subject, text and HTML, and escapes what users typed', async (template) => {
    const { language } = await languageFor(tag);
    const { subject, text, html } = compose(language, tag, template, data);
    expect(subject).not.toMatch(/[\r\n]/);
    expect(html).toContain(`<html lang="${tag}">`);
    expect(html).not.toContain('<b>');
    expect(html).toContain('Jana &lt;b&gt;&amp;&quot;&#39;');
    expect(text).toContain(data.title);
    for (const part of [text, html]) expect(part).toContain(template === 'sign-in-code' ? data.code : data.link);
    expect(`${text}${html}`).not.toMatch(/undefined|NaN|\[object/);
  });
});

describe('the language of a mail', () => {
  it('is the user’s, else its base language, else English', async () => {
    expect((await languageFor('cs')).tag).toBe('cs');
    expect((await languageFor('cs-CZ')).tag).toBe('cs');
    expect((await languageFor('fi')).tag).toBe('en');
    expect((await languageFor('zh-Hant-TW')).tag).toBe('en');
  });
});
