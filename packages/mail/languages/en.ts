// Mails in English.

import type { Language } from '../message.ts';

const language: Language = {
  invite: ({ title, login, link, days }) => ({
    subject: 'Your Roster account',
    greeting: `Hello ${title},`,
    paragraphs: [
      `an account with the login ${login} was made for you. Choose a password to start.`,
      `The link works once, for ${days} days.`,
    ],
    action: { label: 'Choose a password', link: String(link) },
    closing: 'If you did not expect this mail, you can ignore it.',
  }),
  'sign-in-code': ({ title, code, minutes, device, network }) => ({
    subject: 'Your sign-in code',
    greeting: `Hello ${title},`,
    paragraphs: [`this code finishes your sign-in. It is good for ${minutes} minutes; a newer code replaces it.`],
    code: String(code),
    closing: `Somebody typed your password at ${network}${device ? ` (${device})` : ''}. If that was not you, choose a new password now and tell nobody the code.`,
  }),
  'password-reset': ({ title, login, link, minutes }) => ({
    subject: 'Choose a new password',
    greeting: `Hello ${title},`,
    paragraphs: [
      `somebody asked for a new password for the login ${login}.`,
      `The link works once, for ${minutes} minutes. A new password ends all your sessions.`,
    ],
    action: { label: 'Choose a new password', link: String(link) },
    closing: 'If you did not ask for it, ignore this mail: your password stays as it is.',
  }),
};

export default language;
