// People to fill a tenant with: names as they are in a Czech contact center, the n-th always the same one.

import { createHash } from 'node:crypto';
import { folded } from '#domain/users/names.ts';
import type { User } from '#domain/users/user.ts';

const women =
  'Jana Marie Eva Anna Hana Věra Lenka Alena Petra Lucie Kateřina Tereza Veronika Barbora Zuzana Martina Michaela Ivana Jitka Šárka';
const men =
  'Jiří Jan Petr Josef Pavel Martin Tomáš Jaroslav Miroslav Zdeněk Václav Michal František Jakub Milan Karel Lukáš David Ondřej Čeněk';
const families = [
  ...'Novák Svoboda Novotný Dvořák Černý Procházka Kučera Veselý Horák Němec Pokorný Pospíšil Hájek Jelínek Král Růžička Beneš Fiala'.split(
    ' ',
  ),
  ...'Sedláček Doležal Zeman Kolář Navrátil Čermák Vaněk Urban Blažek Kříž Kopecký Konečný Malý Holub Čech Štěpánek Staněk Kadlec'.split(
    ' ',
  ),
  ...'Dostál Soukup Šťastný Mareš Moravec Sýkora Tichý Valenta Vávra Matoušek Bláha Říha Ševčík Bureš Hruška Mašek Dušek Pavlík'.split(
    ' ',
  ),
];
const first = [...women.split(' '), ...men.split(' ')];

/** The same id whenever the n-th person is made: to make them again is to make nobody new. */
const idOf = (n: number) => `usr_${createHash('sha256').update(`person ${n}`).digest('hex').slice(0, 24)}`;

const hourMs = 3_600_000;

/** @param n below 400,000 */
export function person(n: number, now: number): User {
  const given = first[(n * 7) % first.length] as string;
  const family = families[(n * 13 + Math.floor(n / first.length)) % families.length] as string;
  const isWoman = first.indexOf(given) < 20;
  const title = `${given} ${isWoman ? feminine(family) : family}`;
  const login = `${folded(title).replace(' ', '.')}${n}`;
  const isGone = n % 40 === 7;
  const signedIn = n % 5 === 0 ? {} : { lastSignInAt: now - (n % 2000) * hourMs - n };
  return {
    type: 'user',
    v: 1,
    id: idOf(n),
    version: 1,
    login,
    title,
    userType: n % 9 === 0 ? 'back-office' : 'contact-center',
    state: isGone ? 'deactivated' : 'active',
    authEmail: `${login}@contact-center.example`,
    secondFactor: n % 3 === 0 ? 'email-otp' : 'off',
    access: n % 50 === 0 ? 'acc_supervisor' : 'acc_agent',
    rights: 'rgt_own',
    ...(n % 20 === 0 && { roles: ['rol_auditor'] }),
    numericId: String(100_000 + n),
    extension: String(500_000 + n),
    ...signedIn,
    epoch: 1,
    createdAt: now,
    updatedAt: now,
  };
}

function feminine(family: string): string {
  if (/[ýí]$/.test(family)) return `${family.slice(0, -1)}á`;
  return `${family.replace(/ek$/, 'k').replace(/ec$/, 'c').replace(/a$/, '')}ová`;
}
