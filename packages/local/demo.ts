// `npm run demo`: the first day of a tenant, walked through against a running one by the typed client, with mails from its inbox.
// May run any number of times: it keeps nothing, and makes a user with a new login each time.

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Client, createClient, RosterError } from '#client/client.ts';
import { calls } from './demo-calls.ts';
import { authenticator, program } from './demo-credentials.ts';
import { DemoInbox, tokenIn, withLink } from './demo-inbox.ts';
import { licenses } from './demo-licenses.ts';
import { DemoPerson, type DemoTools } from './demo-person.ts';
import { records } from './demo-records.ts';
import { Story } from './demo-story.ts';
import { type Addresses, addressesFile, host } from './ports.ts';
import { localTenant } from './tenant.ts';

// Of a tenant that holds nothing real; a second run signs in with them again.
const adaPassword = 'seven quiet herons';
const evaPassword = 'forty yellow trams';
const evaNewPassword = 'a lamp behind the stairs';

const started = lastStarted();
const baseUrl = process.env.ROSTER_URL || started.api || `http://${host}:${process.env.ROSTER_PORT || 3000}`;
const mailUrl =
  process.env.ROSTER_MAIL_URL || started.inbox || `http://${host}:${process.env.ROSTER_MAIL_PORT || 8005}`;

const story = new Story();
const inbox = new DemoInbox(mailUrl);
const anybody = createClient({ baseUrl });
const tools: DemoTools = { baseUrl, anybody, inbox, story };

try {
  await checkRunning();
  const admin = await superUserSignsIn();
  const eva = await newcomer(admin);
  await administration(admin, eva.userId);
  await forgottenPassword(eva);
  await authenticator(tools, admin, { ...eva.person, userId: eva.userId, password: evaNewPassword });
  await program(tools, admin);
  await records(tools, admin, eva.userId);
  await licenses(tools, admin, eva.userId);
  await calls(tools, admin);
  await theEnd(admin, eva);
  story.end();
} catch (error) {
  process.stderr.write(`\n✗ ${error instanceof Error ? error.message : error}\n\n`);
  process.exitCode = 1;
}

/** @throws Error that says what to start, or where to look */
async function checkRunning(): Promise<void> {
  try {
    await anybody.getHealth({ timeoutMs: 10_000 });
  } catch (error) {
    const isAbsent = error instanceof RosterError && error.code === 'unreachable';
    const found = isAbsent
      ? `No tenant runs at ${baseUrl}. Run \`npm start\` first, in another terminal`
      : `What answers at ${baseUrl} is not a healthy Roster (${(error as Error).message})`;
    const remedy = 'If `npm start` says other addresses, set ROSTER_URL and ROSTER_MAIL_URL to them';
    throw new Error(`${found}.\n  ${remedy}.`, { cause: error });
  }
  story.note(`Talking to ${baseUrl}, reading mails at ${mailUrl}`);
}

/** Where `npm start` was last ready with this data folder; it may have had to choose other ports. */
function lastStarted(): Partial<Addresses> {
  const file = join(process.env.ROSTER_DATA || '.roster', addressesFile);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

async function superUserSignsIn(): Promise<Client> {
  const { login, title, authEmail } = localTenant.firstSuperUser;
  const ada = new DemoPerson(tools, { name: 'Ada', login, email: authEmail });
  story.chapter(`${title}, the first SuperUser`);
  if (!(await adaAcceptsInvite(authEmail))) {
    story.note('Her invite was used before this run');
  }
  const api = await ada.signIn(adaPassword, { otherwiseReset: true });
  const me = await story.step('Ada asks who she is and what she may do', () => api.getMe());
  story.note(`${me.user.title}, SuperUser: ${me.user.superUser}; may ${me.permissions.join(', ')}`);
  return api;
}

/** @returns false when the invite was used already, as on every run after the first */
async function adaAcceptsInvite(address: string): Promise<boolean> {
  const invite = await inbox.newestFor(address, /\/invite#/);
  if (!invite) return false;
  try {
    await anybody.acceptInvite({ body: { token: tokenIn(invite), password: adaPassword } });
  } catch (error) {
    if (error instanceof RosterError && error.code === 'link_over') return false;
    throw error;
  }
  await story.step(`Ada finds her invite in the inbox and chooses the password "${adaPassword}"`, async () => {});
  return true;
}

interface Newcomer {
  person: DemoPerson;
  userId: string;
  /** The API with a session of theirs. */
  api: Client;
}

async function newcomer(admin: Client): Promise<Newcomer> {
  const login = `eva.${randomBytes(3).toString('hex')}`;
  const email = `${login}@roster.example`;
  const eva = new DemoPerson(tools, { name: 'Eva', login, email });
  story.chapter(`Eva, a new agent in Prague (login ${login})`);
  const body = {
    ...{
      login,
      title: 'Eva Dvořáková',
      type: 'contact-center' as const,
      access: 'acc_agent',
      rights: 'rgt_own',
      authEmail: email,
    },
    ...{ secondFactor: 'email-otp' as const, language: 'cs' },
  };
  const { result: user, mail } = await story.step('Ada creates Eva; nobody sets a password for her', () =>
    inbox.after(email, withLink, () => admin.createUser({ body, idempotencyKey: `demo-${login}` })),
  );
  story.note(`Her state is "${user.state}", and a mail in Czech is in her inbox: "${mail.subject}"`);
  if (!mail.body.html?.includes('<html lang="cs">')) throw new Error('The invite should be in Czech, but is not');
  await story.refused('Ada creates another user with that login', 'login_taken', () =>
    admin.createUser({ body: { ...body, authEmail: `other-${email}` } }),
  );
  const token = tokenIn(mail);
  await story.refused('Eva tries a short password', 'password_refused', () =>
    anybody.acceptInvite({ body: { token, password: 'abc' } }),
  );
  await story.step(`Eva follows the link and chooses the password "${evaPassword}"`, () =>
    anybody.acceptInvite({ body: { token, password: evaPassword } }),
  );
  await story.refused('The link is opened a second time', 'link_over', () =>
    anybody.acceptInvite({ body: { token, password: evaPassword } }),
  );
  const api = await eva.signIn(evaPassword, { wrongFirst: true });
  const { users } = await story.step('Eva lists the users in her sight', () => api.listUsers());
  story.note(users.map(({ title }) => title).join(', '));
  await story.refused('Eva tries to create a user', 'not_permitted', () => api.createUser({ body }));
  return { person: eva, userId: user.id, api };
}

async function administration(admin: Client, userId: string): Promise<void> {
  story.chapter('Ada administers');
  const { users, next } = await story.step('Ada lists the users', () => admin.listUsers({ query: { limit: 20 } }));
  const shown = users.slice(0, 5).map(({ title, login, state }) => `${title} (${login}, ${state})`);
  const isMore = users.length > shown.length || next !== undefined;
  story.note(`${shown.join(', ')}${isMore ? ' and more' : ''}`);
  const read = await story.step('Ada reads Eva', () => admin.getUser({ params: { userId } }));
  story.note(`Version ${read.version}, type ${read.type}, second factor ${read.secondFactor}`);
  const change = (title: string) =>
    admin.changeUser({ params: { userId }, body: { title, emoji: '🎧' }, ifMatch: read.version });
  const changed = await story.step(
    `Ada changes Eva's title, sending the version ${read.version} that she has read`,
    () => change('Eva Dvořáková-Malá'),
  );
  story.note(`${changed.emoji} ${changed.title} has version ${changed.version} now`);
  await story.refused(`A colleague changes her too, still at version ${read.version}`, 'version_stale', () =>
    change('Eva Malá'),
  );
  const promote = (query: { when?: 'nextSignOut' }) =>
    admin.changeUser({ params: { userId }, query, body: { access: 'acc_supervisor' }, ifMatch: changed.version });
  await story.refused('Ada makes Eva a supervisor while Eva is signed in', 'user_signed_in', () => promote({}));
  const { queued } = await story.step('Ada lets it wait until Eva signs out', () => promote({ when: 'nextSignOut' }));
  story.note(`Waiting: ${JSON.stringify(queued)}`);
  await story.step('Ada looks up why Eva may do what she may', async () => {
    const { permissions } = await admin.getUserPermissions({ params: { userId } });
    for (const { name, from } of permissions.filter(({ granted }) => granted)) {
      story.note(`${name}, from ${from.map((source) => `${source.from} ${source.name}`).join(' and ')}`);
    }
  });
}

async function forgottenPassword({ person, api }: Newcomer): Promise<void> {
  story.chapter('Eva forgets her password');
  await person.chooseNewPassword(evaNewPassword);
  await story.refused('Her old session is used', 'not_signed_in', () => api.getMe());
  await story.refused('Her old password is tried', 'invalid_credentials', () =>
    anybody.signIn({ body: { login: person.login, password: evaPassword } }),
  );
}

async function theEnd(admin: Client, { person, userId }: Newcomer): Promise<void> {
  story.chapter('Eva leaves');
  const api = await person.signIn(evaNewPassword);
  await story.refused('Ada deactivates Eva, who is signed in', 'blockers_stand', () =>
    admin.deactivateUser({ params: { userId }, body: {} }),
  );
  const { preview, pointers } = await story.step('Ada looks at what stands against it, and what points at Eva', () =>
    admin.getRemovalImpact({ params: { userId } }),
  );
  story.note(pointers.map(({ what, name }) => `${what}: ${name}`).join(', ') || 'Nothing points at her');
  const gone = await story.step('Ada confirms that she has seen it', () =>
    admin.deactivateUser({ params: { userId }, body: { preview: preview.deactivate } }),
  );
  story.note(`${gone.title} is "${gone.state}": kept, and nothing of hers works any more`);
  story.note(`Closed by it: ${JSON.stringify(gone.receipt)}`);
  await story.refused('Her session is used at that very moment', 'not_signed_in', () => api.getMe());
  await story.refused('She signs in again', 'invalid_credentials', () =>
    anybody.signIn({ body: { login: person.login, password: evaNewPassword } }),
  );
  const events = await story.step('Ada reads in the audit what happened to Eva', () => eventsAbout(admin, userId));
  story.note(events.join(', '));
  await story.step('Ada signs out', () => admin.signOut());
  await story.refused('Her session is used once more', 'not_signed_in', () => admin.getMe());
}

/** Newest first, once the deactivation is among them: the audit shows a change a moment after it. */
async function eventsAbout(admin: Client, subject: string): Promise<string[]> {
  for (let tries = 0; tries < 50; tries++) {
    const { entries } = await admin.listAudit({ query: { subject } });
    const events = entries.map(({ event }) => event);
    if (events[0] === 'user.deactivated') return events;
    await wait(100);
  }
  throw new Error('The deactivation is not in the audit');
}
