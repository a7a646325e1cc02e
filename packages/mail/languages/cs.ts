// Maily v češtině.

import type { Language } from '../message.ts';

const language: Language = {
  invite: ({ title, login, link, days }) => ({
    subject: 'Váš účet v Rosteru',
    greeting: `Dobrý den, ${title},`,
    paragraphs: [
      `byl pro vás založen účet s přihlašovacím jménem ${login}. Začněte tím, že si zvolíte heslo.`,
      `Odkaz lze použít jednou a platí ${days} dní.`,
    ],
    action: { label: 'Zvolit heslo', link: String(link) },
    closing: 'Pokud jste tento e-mail nečekali, můžete ho ignorovat.',
  }),
  'sign-in-code': ({ title, code, minutes, device, network }) => ({
    subject: 'Váš přihlašovací kód',
    greeting: `Dobrý den, ${title},`,
    paragraphs: [`tímto kódem dokončíte přihlášení. Platí ${minutes} minut; novější kód ho nahradí.`],
    code: String(code),
    closing: `Někdo zadal vaše heslo z adresy ${network}${device ? ` (${device})` : ''}. Pokud jste to nebyli vy, hned si zvolte nové heslo a kód nikomu nesdělujte.`,
  }),
  'password-reset': ({ title, login, link, minutes }) => ({
    subject: 'Zvolte si nové heslo',
    greeting: `Dobrý den, ${title},`,
    paragraphs: [
      `někdo požádal o nové heslo pro přihlašovací jméno ${login}.`,
      `Odkaz lze použít jednou a platí ${minutes} minut. Nové heslo ukončí všechna vaše přihlášení.`,
    ],
    action: { label: 'Zvolit nové heslo', link: String(link) },
    closing: 'Pokud jste o něj nežádali, tento e-mail ignorujte: heslo zůstane stejné.',
  }),
};

export default language;
