import { readdirSync } from 'node:fs';
import { languageFor } from '#mail/language.ts';
import { composeMail, composeSms, shortened, smsMax } from '#mail/message.ts';
import type { Data, TemplateName, Templates } from '#mail/templates.ts';

const title = 'Jana <b>&"\'';
const at = '2026-03-02T08:00:00.000Z';
const told = { title, login: 'jana', at };
const link = 'https://acme.example/x#rinv_a';
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';

const data: { [Name in TemplateName]: Templates[Name] } = {
  invite: { title, login: 'jana', link, days: 7 },
  'sign-in-code': { title, code: '012345', minutes: 10, device: firefox, network: '2001:db8::/64' },
  'password-reset': { title, login: 'jana', link, minutes: 60 },
  'password-reset-code': { title, login: 'jana', code: '01234567', minutes: 10 },
  'contact-code': { title, code: '012345', minutes: 10 },
  'new-device': { ...told, network: '2001:db8::/64', device: firefox },
  'second-factor-changed': { ...told, what: 'reset', by: 'Ada <i>', reason: 'A lost phone <i>' },
  'password-changed': { ...told, by: 'Ada <i>' },
  'contact-changed': { ...told, field: 'authEmail', newContact: 'j…@example.com', isOld: 1 },
  'temporary-password-set': { ...told, by: 'Ada <i>', hours: 72 },
  'token-created': { ...told, tokenTitle: 'Nightly <i>export', by: 'Ada <i>' },
  'token-expiring': { ...told, tokenTitle: 'Nightly <i>export', days: 14, expiresAt: '2026-03-16T00:00:00.000Z' },
  moved: { ...told, userGroup: 'Sales <i>', by: 'Ada <i>', gained: 'Inbound <i>, Chat', lost: 'Evening <i>' },
  'seats-running-out': { ...told, license: 'Voice <i>', level: 95, used: 19, owned: 20 },
  'seats-unused': { ...told, license: 'Voice <i>', unused: 3, owned: 20, days: 30 },
};

const names = Object.keys(data) as TemplateName[];
const tags = readdirSync('packages/mail/languages').map((file) => file.replace('.ts', ''));
const cases = tags.flatMap((tag) => names.map((name) => [tag, name] as const));

const mailOf = async (tag: string, name: string, given: Data) =>
  composeMail((await languageFor(tag)).language, tag, name, given);
const smsOf = async (tag: string, name: string, given: Data) =>
  composeSms((await languageFor(tag)).language, name, given);

/** What a template is told, each text replaced by the longest and worst that a user or a header can bring in. */
function hostile(name: TemplateName): Data {
  const typed = `</p><script>x()</script>\r\nBcc: all@example.com\u2028${'ž'.repeat(100)}`;
  const worst: Data = {
    title: typed,
    login: 'ž'.repeat(32),
    by: typed,
    reason: typed,
    tokenTitle: typed,
    device: typed,
    userGroup: typed,
    gained: typed,
    lost: typed,
  };
  const long = { newContact: `ž…@${'x'.repeat(240)}.example`, network: 'ffff:ffff:ffff:ffff::/64', minutes: 10_000 };
  const given: Data = data[name] as Data;
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, { ...worst, ...long }[key] ?? value]));
}

describe('messages', () => {
  it('are the same in every language', async () => {
    for (const tag of tags) expect(Object.keys((await languageFor(tag)).language).sort()).toEqual([...names].sort());
  });

  it.each(cases)('in %s: %s is a mail with subject, text and HTML, and escapes what users typed', async (tag, name) => {
    const { subject, text, html } = await mailOf(tag, name, data[name] as Data);
    expect(subject).not.toMatch(/[\r\n]/);
    expect(html).toContain(`<html lang="${tag}">`);
    expect(html).not.toMatch(/<[bi]>/);
    expect(html).toContain('Jana &lt;b&gt;&amp;&quot;&#39;');
    expect(text).toContain(title);
    const { code, link } = data[name] as Data;
    for (const part of [text, html]) expect(part).toContain(code ?? link ?? 'jana');
    expect(`${text}${html}`).not.toMatch(/undefined|NaN|\[object/);
  });

  it.each(cases)('in %s: %s is an SMS of one short line, with its code or link', async (tag, name) => {
    const sms = await smsOf(tag, name, data[name] as Data);
    expect(sms).toMatch(/^Roster: [^\r\n]+$/);
    expect(sms).not.toMatch(/undefined|NaN|\[object/);
    const { code, link, login } = data[name] as Data;
    expect(sms).toContain(code ?? link ?? login);
    // A letter beyond the phone's own alphabet would make two or three SMS of one.
    if (tag === 'en') expect(sms).toMatch(/^[\x20-\x7e]*$/);
  });

  it.each(cases)('in %s: %s stays harmless and short, whatever users typed', async (tag, name) => {
    const { subject, text, html } = await mailOf(tag, name, hostile(name));
    expect(subject).not.toMatch(/[\r\n]/);
    expect(html).not.toContain('<script');
    expect(`${text}\n${html}`).not.toMatch(/^\s*Bcc:/m);
    const sms = await smsOf(tag, name, hostile(name));
    expect(sms).not.toMatch(/[\p{Cc}\u2028]/u);
    expect(sms.length).toBeLessThanOrEqual(smsMax);
    const { code, link } = data[name] as Data;
    if (code ?? link) expect(sms).toContain(code ?? link);
  });

  it('keep an invite’s link whole in an SMS, where the tenant has a long address', async () => {
    const long = `https://${'users.'.repeat(20)}example/invite#rinv_${'a'.repeat(70)}`;
    for (const tag of tags) {
      for (const name of ['invite', 'password-reset'] as const) {
        expect((await smsOf(tag, name, { ...data[name], link: long })).endsWith(long)).toBe(true);
      }
    }
  });

  it('name a device only in our own words, never in those of its header', async () => {
    const { text } = await mailOf('en', 'new-device', data['new-device']);
    expect(text).toContain('Device: Firefox, Windows');
    const stranger = { ...data['new-device'], device: 'Your account is blocked, open http://evil.example' };
    for (const part of Object.values(await mailOf('en', 'new-device', stranger)))
      expect(part).not.toMatch(/evil|Device:/);
    expect((await mailOf('en', 'sign-in-code', { ...data['sign-in-code'], device: stranger.device })).text).not.toMatch(
      /evil/,
    );
  });

  it('say when, in the reader’s way of writing and in UTC', async () => {
    expect((await mailOf('en', 'password-changed', data['password-changed'])).text).toContain(
      'March 2, 2026 at 08:00 UTC',
    );
    expect((await mailOf('cs', 'password-changed', data['password-changed'])).text).toMatch(
      /2\. března 2026.+8:00 UTC/,
    );
    expect(await smsOf('en', 'password-changed', data['password-changed'])).toContain('2026-03-02 08:00 UTC');
  });

  it('count in the right number and case', async () => {
    const days = async (tag: string, days: number) => (await mailOf(tag, 'invite', { ...data.invite, days })).text;
    expect(await days('en', 1)).toContain('for 1 day.');
    expect(await days('en', 7)).toContain('for 7 days.');
    expect(await days('cs', 1)).toContain('platí 1 den.');
    expect(await days('cs', 3)).toContain('platí 3 dny.');
    expect(await days('cs', 7)).toContain('platí 7 dní.');
  });

  it('tell who and why only where it is known', async () => {
    const { by, reason, ...self } = data['second-factor-changed'];
    expect((await mailOf('en', 'second-factor-changed', self)).text).not.toMatch(/By:|Reason:/);
    const { text } = await mailOf('en', 'second-factor-changed', data['second-factor-changed']);
    expect(text).toContain(`By: ${by} · Reason: ${reason}`);
    const { newContact, ...removed } = data['contact-changed'];
    expect((await mailOf('en', 'contact-changed', removed)).text).toContain('was removed');
    expect((await mailOf('cs', 'contact-changed', { ...removed, field: 'mobile' })).text).toContain('bylo odebráno');
  });

  it('tell each change of the second factor and each kind of contact apart', async () => {
    for (const tag of tags) {
      const factors = (['set-up', 'removed', 'reset', 'mode-changed'] as const).map((what) =>
        smsOf(tag, 'second-factor-changed', { ...data['second-factor-changed'], what }),
      );
      expect(new Set(await Promise.all(factors)).size).toBe(4);
      const contacts = (['authEmail', 'mobile'] as const).map((field) =>
        smsOf(tag, 'contact-changed', { ...data['contact-changed'], field }),
      );
      expect(new Set(await Promise.all(contacts)).size).toBe(2);
    }
  });

  it('that this version does not know are refused with an error, not sent empty', async () => {
    for (const name of ['from-the-future', 'toString', '__proto__']) {
      await expect(mailOf('en', name, {})).rejects.toThrow(`There is no template "${name}"`);
    }
  });
});

describe('a shortened text', () => {
  it('is whole up to its limit, ends in dots beyond, and never in half a character', () => {
    expect(shortened('12345', 5)).toBe('12345');
    expect(shortened('123456', 5)).toBe('12...');
    expect(shortened('🎧🎧🎧🎧🎧🎧', 5)).toBe('🎧🎧...');
  });
});

describe('the language of a message', () => {
  it('is the user’s, else its base language, else English', async () => {
    expect((await languageFor('cs')).tag).toBe('cs');
    expect((await languageFor('cs-CZ')).tag).toBe('cs');
    expect((await languageFor('fi')).tag).toBe('en');
    expect((await languageFor('zh-Hant-TW')).tag).toBe('en');
  });
});
