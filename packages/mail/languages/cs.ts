// Zprávy v češtině. S diakritikou se do jedné SMS vejde 70 znaků, proto jsou jejich texty krátké.

import { deviceInWords } from '../device.ts';
import { type Language, shortened } from '../message.ts';
import { facts, shortInstant, wordsOf } from '../words.ts';

const { counted, instant } = wordsOf('cs');

// Čtvrtý pád: platí 1 minutu, 2 minuty, 5 minut.
const minutesOf = (count: string | number) =>
  counted(count, { one: 'minutu', few: 'minuty', many: 'minuty', other: 'minut' });
const hoursOf = (count: string | number) =>
  counted(count, { one: 'hodinu', few: 'hodiny', many: 'hodiny', other: 'hodin' });
const daysOf = (count: string | number) => counted(count, { one: 'den', few: 'dny', many: 'dne', other: 'dní' });
// Druhý pád: z 1 místa, z 5 míst.
const placesOf = (count: string | number) => counted(count, { one: 'místa', other: 'míst' });

const contacts = {
  authEmail: { changed: 'Váš přihlašovací e-mail byl změněn', of: 'přihlašovací e-mail', removed: 'byl odebrán' },
  mobile: { changed: 'Vaše mobilní číslo bylo změněno', of: 'mobilní číslo', removed: 'bylo odebráno' },
};

const factorChanges = {
  'set-up': 'byla nastavena ověřovací aplikace',
  removed: 'byla odebrána ověřovací aplikace',
  reset: 'byl zrušen dosavadní druhý faktor',
  'mode-changed': 'byl změněn druh druhého faktoru',
  'recovery-codes': 'byly vydány nové záchranné kódy místo dosavadních',
};

const language: Language = {
  invite: ({ title, login, link, days }) => ({
    subject: 'Váš účet v Rosteru',
    greeting: `Dobrý den, ${title},`,
    paragraphs: [
      `byl pro vás založen účet s přihlašovacím jménem ${login}. Začněte tím, že si zvolíte heslo.`,
      `Odkaz lze použít jednou a platí ${daysOf(days)}.`,
    ],
    action: { label: 'Zvolit heslo', link: String(link) },
    closing: 'Pokud jste tuto zprávu nečekali, můžete ji ignorovat.',
    sms: `Roster: máte nový účet ${login}. Odkaz pro volbu hesla platí ${daysOf(days)}: ${link}`,
  }),
  'sign-in-code': ({ title, code, minutes, device, network }) => ({
    subject: 'Váš přihlašovací kód',
    greeting: `Dobrý den, ${title},`,
    paragraphs: [
      `tímto kódem dokončíte přihlášení. Platí ${minutesOf(minutes)}; novější kód ho nahradí.`,
      facts({ 'Přihlášení ze sítě': network, Zařízení: deviceInWords(device) }),
    ],
    code: String(code),
    closing: 'Někdo zadal vaše heslo. Pokud jste to nebyli vy, hned si zvolte nové heslo a kód nikomu nesdělujte.',
    sms: `Roster: ${code} je váš přihlašovací kód, platí ${minutesOf(minutes)}. Nejste to vy? Kód nikomu nesdělujte a zvolte si nové heslo.`,
  }),
  'password-reset': ({ title, login, link, minutes }) => ({
    subject: 'Zvolte si nové heslo',
    greeting: `Dobrý den, ${title},`,
    paragraphs: [
      `někdo požádal o nové heslo pro přihlašovací jméno ${login}.`,
      `Odkaz lze použít jednou a platí ${minutesOf(minutes)}. Nové heslo ukončí všechna vaše přihlášení.`,
    ],
    action: { label: 'Zvolit nové heslo', link: String(link) },
    closing: 'Pokud jste o něj nežádali, tuto zprávu ignorujte: heslo zůstane stejné.',
    sms: `Roster: pokud jste žádali o nové heslo pro ${login}, odkaz platí ${minutesOf(minutes)}: ${link}`,
  }),
  'password-reset-code': ({ title, login, code, minutes }) => ({
    subject: 'Váš kód pro nové heslo',
    greeting: `Dobrý den, ${title},`,
    paragraphs: [
      `někdo požádal o nové heslo pro přihlašovací jméno ${login}.`,
      `Kód lze použít jednou a platí ${minutesOf(minutes)}. Nové heslo ukončí všechna vaše přihlášení.`,
    ],
    code: String(code),
    closing: 'Pokud jste o něj nežádali, kód nikomu nesdělujte a zprávu ignorujte: heslo zůstane stejné.',
    sms: `Roster: ${code} je kód pro nové heslo, platí ${minutesOf(minutes)}. Nežádali jste o něj? Kód nikomu nesdělujte, heslo zůstane stejné.`,
  }),
  'contact-code': ({ title, code, minutes }) => ({
    subject: 'Váš potvrzovací kód',
    greeting: `Dobrý den, ${title},`,
    paragraphs: [
      `tímto kódem potvrdíte, že sem mohou chodit zprávy vašeho účtu v Rosteru. Platí ${minutesOf(minutes)}.`,
    ],
    code: String(code),
    closing: 'Pokud jste o něj nežádali, někdo se asi přepsal: kód nikomu nesdělujte a zprávu ignorujte.',
    sms: `Roster: kódem ${code} potvrdíte své číslo, platí ${minutesOf(minutes)}. Nežádali jste o něj? Kód nikomu nesdělujte.`,
  }),
  'new-device': ({ title, login, at, network, device }) => ({
    subject: 'Přihlášení z nového zařízení',
    greeting: `Dobrý den, ${title},`,
    paragraphs: [
      `k vašemu účtu ${login} se někdo přihlásil ze zařízení, které u něj dosud nebylo použito.`,
      facts({ Kdy: instant(at), Síť: network, Zařízení: deviceInWords(device) }),
    ],
    closing:
      'Pokud jste to byli vy, nemusíte nic dělat. Pokud ne, hned si zvolte nové heslo a řekněte to svému správci.',
    sms: `Roster: k účtu ${login} se někdo přihlásil z nového zařízení, síť ${network}, ${shortInstant(at)}. Nejste to vy? Zvolte si nové heslo a řekněte to správci.`,
  }),
  'second-factor-changed': ({ title, login, at, what, by, reason }) => ({
    subject: 'Váš druhý faktor byl změněn',
    greeting: `Dobrý den, ${title},`,
    paragraphs: [
      `pro přihlašování k účtu ${login} ${factorChanges[what]}.`,
      facts({ Kdy: instant(at), Kdo: by, Důvod: reason }),
    ],
    closing: 'Pokud jste to neudělali ani o to nežádali, hned si zvolte nové heslo a řekněte to svému správci.',
    sms: `Roster: u účtu ${login} ${factorChanges[what]}, ${shortInstant(at)}. Nevíte o tom? Zvolte si nové heslo a řekněte to správci.`,
  }),
  'password-changed': ({ title, login, at, by }) => ({
    subject: 'Vaše heslo bylo změněno',
    greeting: `Dobrý den, ${title},`,
    paragraphs: [`heslo vašeho účtu ${login} bylo změněno.`, facts({ Kdy: instant(at), Kdo: by })],
    closing:
      'Pokud jste to neudělali ani o to nežádali, hned při přihlášení zvolte „Zapomenuté heslo“ a řekněte to svému správci.',
    sms: `Roster: heslo účtu ${login} bylo změněno, ${shortInstant(at)}. Nevíte o tom? Zvolte si nové a řekněte to správci.`,
  }),
  'contact-changed': ({ title, login, at, field, newContact, isOld }) => {
    const { changed, of, removed } = contacts[field];
    return {
      subject: changed,
      greeting: `Dobrý den, ${title},`,
      paragraphs: [
        `${of} vašeho účtu ${login} ${newContact ? `je nyní ${newContact}` : removed}.`,
        ...(isOld ? ['Toto je poslední zpráva, která sem přijde; posíláme ji, aby žádná změna nezůstala skrytá.'] : []),
        facts({ Kdy: instant(at) }),
      ],
      closing: 'Pokud jste to neudělali ani o to nežádali, hned to řekněte svému správci.',
      sms: `Roster: ${of} účtu ${login} ${newContact ? `je nyní ${shortened(newContact, 60)}` : removed}, ${shortInstant(at)}. Nevíte o tom? Řekněte to správci.`,
    };
  },
  'temporary-password-set': ({ title, login, at, by, hours }) => ({
    subject: 'Máte dočasné heslo',
    greeting: `Dobrý den, ${title},`,
    paragraphs: [
      `váš účet ${login} má dočasné heslo. Platí ${hoursOf(hours)}; po přihlášení si zvolíte vlastní.`,
      'Samotné heslo nikdy neposíláme: sdělí vám ho ten, kdo ho nastavil.',
      facts({ Kdy: instant(at), Kdo: by }),
    ],
    closing: 'Pokud jste o něj nežádali, hned to řekněte svému správci.',
    sms: `Roster: účet ${login} má dočasné heslo, platí ${hoursOf(hours)}. Nastavil(a): ${shortened(by, 40)}. Nežádali jste o něj? Řekněte to správci.`,
  }),
  'token-created': ({ title, login, at, tokenTitle, by }) => ({
    subject: 'Nový token API pro váš účet',
    greeting: `Dobrý den, ${title},`,
    paragraphs: [
      `pro váš účet ${login} byl vytvořen token API „${tokenTitle}“. Programy, které ho mají, jednají vaším jménem.`,
      facts({ Kdy: instant(at), Kdo: by }),
    ],
    closing: 'Pokud jste to neudělali ani o to nežádali, hned to řekněte svému správci.',
    sms: `Roster: pro účet ${login} vznikl token API „${shortened(tokenTitle, 40)}“, ${shortInstant(at)}. Vytvořil(a): ${shortened(by, 40)}. Nevíte o tom? Řekněte to správci.`,
  }),
  'token-expiring': ({ title, login, tokenTitle, days, expiresAt }) => {
    const left = Number(days) > 0 ? `za ${daysOf(days)}` : 'dnes';
    return {
      subject: 'Platnost tokenu API brzy skončí',
      greeting: `Dobrý den, ${title},`,
      paragraphs: [
        `platnost tokenu API „${tokenTitle}“ vašeho účtu ${login} skončí ${left}. Programy, které ho používají, pak budou odmítnuty.`,
        facts({ Konec: instant(expiresAt) }),
      ],
      closing: 'Pokud je ještě potřeba, nechte jeho platnost včas prodloužit. Pokud ne, nemusíte nic dělat.',
      sms: `Roster: token API „${shortened(tokenTitle, 40)}“ účtu ${login} skončí ${left}, ${shortInstant(expiresAt)}. Je ještě potřeba? Nechte ho včas prodloužit.`,
    };
  },
  moved: ({ title, login, at, userGroup, by, gained, lost }) => ({
    subject: 'Jste v jiné skupině uživatelů',
    greeting: `Dobrý den, ${title},`,
    paragraphs: [
      `váš účet ${login} je nyní ve skupině uživatelů „${userGroup}“.`,
      facts({ 'Profily, které nyní můžete používat': gained }),
      facts({ 'Profily, které už používat nemůžete': lost }),
      facts({ Kdy: instant(at), Kdo: by }),
    ].filter((paragraph) => paragraph !== ''),
    closing: 'Vaše vlastní nastavení a profily zůstaly, jak byly. Pokud vám něco chybí, řekněte to svému správci.',
    sms: `Roster: ${login} je nyní ve skupině ${shortened(userGroup, 30)}. Profily se mohly změnit; před přihlášením do fronty je zkontrolujte.`,
  }),
  'seats-running-out': ({ title, login, license, level, used, owned }) => {
    const isFull = Number(level) >= 100;
    return {
      subject: isFull ? `Licence ${license}: žádné místo není volné` : `Licence ${license}: využito ${level} % míst`,
      greeting: `Dobrý den, ${title},`,
      paragraphs: [
        `z licence ${license} je využito ${used} z celkem ${placesOf(owned)}.${isFull ? ' Dokud se některé neuvolní, nikdo další místo nedostane.' : ''}`,
        'Místo uvolníte deaktivací uživatele, který ho už nepotřebuje, nebo si další vyžádejte u dodavatele.',
      ],
      closing: `Zprávu dostáváte, protože váš účet ${login} má přístup k licencím. Chodí nejvýše jednou denně.`,
      sms: `Roster: pro ${login}: licence ${shortened(license, 40)}: využito ${used} z ${owned}.`,
    };
  },
  'seats-unused': ({ title, login, license, unused, owned, days }) => ({
    subject: `Licence ${license}: některá místa nikdo nevyužívá`,
    greeting: `Dobrý den, ${title},`,
    paragraphs: [
      `z celkem ${placesOf(owned)} licence ${license} nebylo za poslední období (${daysOf(days)}) nikdy využito: ${unused}.`,
      'Pokud je nepotřebujete, dodavatel je může odebrat.',
    ],
    closing: `Zprávu dostáváte, protože váš účet ${login} má přístup k licencím. Chodí nejvýše jednou za ${daysOf(days)}.`,
    sms: `Roster: pro ${login}: licence ${shortened(license, 40)}: za ${daysOf(days)} nevyužito ${unused} z ${owned}.`,
  }),
};

export default language;
