// Messages in English. Their SMS keep to the letters of a phone's own alphabet, of which 160 fit into one.

import { deviceInWords } from '../device.ts';
import { type Language, shortened } from '../message.ts';
import { facts, shortInstant, wordsOf } from '../words.ts';

const { counted, instant } = wordsOf('en');

const minutesOf = (count: string | number) => counted(count, { one: 'minute', other: 'minutes' });
const hoursOf = (count: string | number) => counted(count, { one: 'hour', other: 'hours' });
const daysOf = (count: string | number) => counted(count, { one: 'day', other: 'days' });
const seatsOf = (count: string | number) => counted(count, { one: 'seat', other: 'seats' });

const contacts = { authEmail: 'authentication email', mobile: 'mobile number' };

const factorChanges = {
  'set-up': 'an authenticator app was set up',
  removed: 'the authenticator app was removed',
  reset: 'the second factor was reset',
  'mode-changed': 'the kind of second factor was changed',
  'recovery-codes': 'new recovery codes replaced those before',
};

const language: Language = {
  invite: ({ title, login, link, days }) => ({
    subject: 'Your Roster account',
    greeting: `Hello ${title},`,
    paragraphs: [
      `an account with the login ${login} was made for you. Choose a password to start.`,
      `The link works once, for ${daysOf(days)}.`,
    ],
    action: { label: 'Choose a password', link: String(link) },
    closing: 'If you did not expect this message, you can ignore it.',
    sms: `Roster: the account ${login} was made for you. Choose its password within ${daysOf(days)}: ${link}`,
  }),
  'sign-in-code': ({ title, code, minutes, device, network }) => ({
    subject: 'Your sign-in code',
    greeting: `Hello ${title},`,
    paragraphs: [
      `this code finishes your sign-in. It is good for ${minutesOf(minutes)}; a newer code replaces it.`,
      facts({ 'Signing in from': network, Device: deviceInWords(device) }),
    ],
    code: String(code),
    closing:
      'Somebody has typed your password. If that was not you, choose a new password now and tell nobody the code.',
    sms: `Roster: ${code} is your sign-in code, good for ${minutesOf(minutes)}. Not you? Tell nobody the code and choose a new password.`,
  }),
  'password-reset': ({ title, login, link, minutes }) => ({
    subject: 'Choose a new password',
    greeting: `Hello ${title},`,
    paragraphs: [
      `somebody asked for a new password for the login ${login}.`,
      `The link works once, for ${minutesOf(minutes)}. A new password ends all your sessions.`,
    ],
    action: { label: 'Choose a new password', link: String(link) },
    closing: 'If you did not ask for it, ignore this message: your password stays as it is.',
    sms: `Roster: if you asked for a new password for ${login}, choose it within ${minutesOf(minutes)}: ${link}`,
  }),
  'password-reset-code': ({ title, login, code, minutes }) => ({
    subject: 'Your code for a new password',
    greeting: `Hello ${title},`,
    paragraphs: [
      `somebody asked for a new password for the login ${login}.`,
      `This code works once, for ${minutesOf(minutes)}. A new password ends all your sessions.`,
    ],
    code: String(code),
    closing: 'If you did not ask for it, tell nobody the code and ignore this message: your password stays as it is.',
    sms: `Roster: ${code} is your code for a new password, good for ${minutesOf(minutes)}. Not you? Tell nobody the code: your password stays as it is.`,
  }),
  'contact-code': ({ title, code, minutes }) => ({
    subject: 'Your confirmation code',
    greeting: `Hello ${title},`,
    paragraphs: [
      `this code confirms that messages of your Roster account may come here. It is good for ${minutesOf(minutes)}.`,
    ],
    code: String(code),
    closing:
      'If you did not ask for it, somebody may have mistyped theirs: tell nobody the code and ignore this message.',
    sms: `Roster: ${code} confirms your number, good for ${minutesOf(minutes)}. Not you? Tell nobody the code and ignore this message.`,
  }),
  'new-device': ({ title, login, at, network, device }) => ({
    subject: 'A sign-in from a new device',
    greeting: `Hello ${title},`,
    paragraphs: [
      `your account ${login} was signed in to from a device that it has not seen before.`,
      facts({ When: instant(at), Network: network, Device: deviceInWords(device) }),
    ],
    closing: 'If that was you, there is nothing to do. If not, choose a new password now and tell your administrator.',
    sms: `Roster: ${login} was signed in to from a new device at ${network}, ${shortInstant(at)}. Not you? Choose a new password now and tell your administrator.`,
  }),
  'second-factor-changed': ({ title, login, at, what, by, reason }) => ({
    subject: 'Your second factor was changed',
    greeting: `Hello ${title},`,
    paragraphs: [
      `${factorChanges[what]} for signing in as ${login}.`,
      facts({ When: instant(at), By: by, Reason: reason }),
    ],
    closing: 'If you neither did this nor asked for it, choose a new password now and tell your administrator.',
    sms: `Roster: ${factorChanges[what]} for ${login}, ${shortInstant(at)}. Not you? Choose a new password now and tell your administrator.`,
  }),
  'password-changed': ({ title, login, at, by }) => ({
    subject: 'Your password was changed',
    greeting: `Hello ${title},`,
    paragraphs: [`the password of your account ${login} was changed.`, facts({ When: instant(at), By: by })],
    closing:
      'If you neither did this nor asked for it, choose "Forgot password" at the sign-in now and tell your administrator.',
    sms: `Roster: the password of ${login} was changed, ${shortInstant(at)}. Not you? Choose a new one now and tell your administrator.`,
  }),
  'contact-changed': ({ title, login, at, field, newContact, isOld }) => {
    const change = newContact ? `is ${newContact} now` : 'was removed';
    return {
      subject: `Your ${contacts[field]} was changed`,
      greeting: `Hello ${title},`,
      paragraphs: [
        `the ${contacts[field]} of your account ${login} ${change}.`,
        ...(isOld ? ['This is the last message that comes here; it is sent so that no change goes unnoticed.'] : []),
        facts({ When: instant(at) }),
      ],
      closing: 'If you neither did this nor asked for it, tell your administrator now.',
      sms: `Roster: the ${contacts[field]} of ${login} ${newContact ? `is ${shortened(newContact, 60)} now` : change}, ${shortInstant(at)}. Not you? Tell your administrator now.`,
    };
  },
  'temporary-password-set': ({ title, login, at, by, hours }) => ({
    subject: 'You have a temporary password',
    greeting: `Hello ${title},`,
    paragraphs: [
      `your account ${login} has a temporary password. It is good for ${hoursOf(hours)}; you choose your own when you sign in with it.`,
      `The password itself is never sent: you get it from who has set it.`,
      facts({ When: instant(at), By: by }),
    ],
    closing: 'If you did not ask for it, tell your administrator now.',
    sms: `Roster: ${login} has a temporary password, set by ${shortened(by, 40)}, good for ${hoursOf(hours)}. Not asked for? Tell your administrator now.`,
  }),
  'token-created': ({ title, login, at, tokenTitle, by }) => ({
    subject: 'A new API token for your account',
    greeting: `Hello ${title},`,
    paragraphs: [
      `the API token "${tokenTitle}" was created for your account ${login}. Programs that have it act in your name.`,
      facts({ When: instant(at), By: by }),
    ],
    closing: 'If you neither did this nor asked for it, tell your administrator now.',
    sms: `Roster: API token "${shortened(tokenTitle, 40)}" was created for ${login} by ${shortened(by, 40)}, ${shortInstant(at)}. Not asked for? Tell your administrator now.`,
  }),
  'token-expiring': ({ title, login, tokenTitle, days, expiresAt }) => {
    const left = Number(days) > 0 ? `in ${daysOf(days)}` : 'today';
    return {
      subject: 'An API token is about to expire',
      greeting: `Hello ${title},`,
      paragraphs: [
        `the API token "${tokenTitle}" of your account ${login} expires ${left}. Programs that use it will then be refused.`,
        facts({ Expires: instant(expiresAt) }),
      ],
      closing: 'If it is still needed, have its validity extended in time. If not, there is nothing to do.',
      sms: `Roster: API token "${shortened(tokenTitle, 40)}" of ${login} expires ${left}, ${shortInstant(expiresAt)}. Still needed? Have it extended in time.`,
    };
  },
  moved: ({ title, login, at, userGroup, by, gained, lost }) => ({
    subject: 'You are in another user group',
    greeting: `Hello ${title},`,
    paragraphs: [
      `your account ${login} is now in the user group "${userGroup}".`,
      facts({ 'Profiles that you can use now': gained }),
      facts({ 'Profiles that you cannot use any more': lost }),
      facts({ When: instant(at), By: by }),
    ].filter((paragraph) => paragraph !== ''),
    closing: 'Your own settings and profiles are as they were. If something is missing, tell your administrator.',
    sms: `Roster: ${login} is now in the user group ${shortened(userGroup, 30)}. Your profiles may be others; see them before you log on to a queue.`,
  }),
  'seats-running-out': ({ title, login, license, level, used, owned }) => {
    const isFull = Number(level) >= 100;
    return {
      subject: isFull ? `No seat of ${license} is free` : `${level} % of the seats of ${license} are used`,
      greeting: `Hello ${title},`,
      paragraphs: [
        `${used} of ${seatsOf(owned)} of the license ${license} are used.${isFull ? ' Nobody gets one until another is freed.' : ''}`,
        'Free seats by deactivating who needs theirs no more, or ask your vendor for more.',
      ],
      closing: `You get this message because your account ${login} has access to Licensing. It comes once a day at most.`,
      sms: `Roster: for ${login}: ${used} of ${seatsOf(owned)} of ${shortened(license, 40)} are used.`,
    };
  },
  'seats-unused': ({ title, login, license, unused, owned, days }) => ({
    subject: `Seats of ${license} are not used`,
    greeting: `Hello ${title},`,
    paragraphs: [
      `of ${seatsOf(owned)} of the license ${license}, ${unused} ${Number(unused) === 1 ? 'was' : 'were'} used by nobody at any time of the last ${daysOf(days)}.`,
      'If they are not needed, your vendor can take them back.',
    ],
    closing: `You get this message because your account ${login} has access to Licensing. It comes once in ${daysOf(days)} at most.`,
    sms: `Roster: for ${login}: ${unused} of ${seatsOf(owned)} of ${shortened(license, 40)} were not used in the last ${daysOf(days)}.`,
  }),
};

export default language;
