// Two chapters of the demo: an authenticator that must be set up, and a program with an API token.

import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { generate } from 'otplib/functional';
import { type Client, createClient } from '#client/client.ts';
import type { DemoTools } from './demo-person.ts';

/** Eva's second factor becomes an authenticator, and a code by mail again. */
export async function authenticator(
  { anybody, story, baseUrl }: DemoTools,
  admin: Client,
  eva: { login: string; userId: string; password: string },
): Promise<void> {
  story.chapter('Eva gets an authenticator');
  const params = { userId: eva.userId };
  const enforce = async (secondFactor: 'authenticator-enforced' | 'email-otp') =>
    admin.changeUser({ params, body: { secondFactor }, ifMatch: (await admin.getUser({ params })).version });
  const { secondFactors, version } = await admin.getSettings();
  if (!secondFactors.includes('authenticator-enforced')) {
    // A tenant keeps the settings that it was made with; this one is older than authenticators.
    const body = { secondFactors: [...secondFactors, 'authenticator-enforced' as const] };
    await story.step('Ada allows authenticators in the settings', () =>
      admin.changeSettings({ body, ifMatch: version }),
    );
    story.note('Settings are everywhere within five seconds');
    await wait(5500);
  }
  await story.step('Ada asks Eva to use an authenticator', () => enforce('authenticator-enforced'));
  const begin = async () => (await anybody.signIn({ body: { login: eva.login, password: eva.password } })).next;

  const first = await story.step('Eva signs in', begin);
  if (first.step !== 'authenticator-setup') throw new Error(`${first.step} came, not the set-up`);
  const { challenge } = first;
  const setup = await story.step('She gets nowhere before it is set up, and asks for the key', () =>
    anybody.startTotpSetup({ body: { challenge } }),
  );
  story.note(`${setup.uri.replace(/secret=\w+/, 'secret=…')}, also as a QR code of ${setup.qrPng.length} characters`);
  const code = await generate({ secret: setup.key });
  const done = await story.step(`Her app shows ${code}, which proves it`, () =>
    anybody.confirmTotpSetup({ body: { challenge, code } }),
  );
  if (done.next.step !== 'signed-in') throw new Error(`${done.next.step} came after the set-up`);
  story.note(`She is signed in, and has ${done.recoveryCodes.length} recovery codes, like ${done.recoveryCodes[0]}`);

  const again = await begin();
  if (again.step !== 'authenticator-code') throw new Error(`${again.step} came, not the authenticator’s code`);
  await story.refused('Somebody who looked over her shoulder types the same code', 'wrong_code', () =>
    anybody.verifyCode({ body: { challenge: again.challenge, code } }),
  );
  const [recoveryCode = ''] = done.recoveryCodes;
  const recovered = await story.step('Without her phone she uses a recovery code', () =>
    anybody.verifyCode({ body: { challenge: again.challenge, recoveryCode } }),
  );
  if (recovered.next.step !== 'signed-in') throw new Error(`${recovered.next.step} came after the recovery code`);
  const me = await createClient({ baseUrl, token: recovered.next.token }).getMe();
  story.note(`Recovery codes left: ${me.authenticator?.recoveryCodesLeft}`);
  await story.step('Ada goes back to codes by mail; all that Eva was signed in with ends', () => enforce('email-otp'));
}

/** An API user and its token, from the first call to the last. */
export async function program({ story, baseUrl }: DemoTools, admin: Client): Promise<void> {
  story.chapter('A program reads the list of users');
  const login = `crm.${randomBytes(3).toString('hex')}`;
  const access = { access: 'acc_supervisor', rights: 'rgt_everything' };
  const user = await story.step('Ada creates a user for the CRM; nobody signs in as it', () =>
    admin.createUser({ body: { login, title: 'CRM', type: 'api', authEmail: `${login}@roster.example`, ...access } }),
  );
  const params = { userId: user.id };
  const made = await story.step('She makes it a token, good for reading users and nothing else', () =>
    admin.createToken({ params, body: { title: 'CRM integration - production', scopes: ['users:read'] } }),
  );
  story.note(`${made.value.slice(0, 12)}… is shown now and never again; it expires at ${made.expiresAt}`);
  const crm = createClient({ baseUrl, token: made.value });
  const { users } = await story.step('The CRM lists users with it', () => crm.listUsers({ query: { limit: 5 } }));
  story.note(users.map(({ title }) => title).join(', '));
  await story.refused('It reads the audit', 'not_permitted', () => crm.listAudit({}));
  await story.refused('It makes itself another token', 'session_needed', () =>
    crm.createToken({ params, body: { title: 'One more' } }),
  );
  await story.refused('Ada writes the token into a title', 'token_value_in_title', () =>
    admin.createToken({ params, body: { title: `CRM ${made.value}` } }),
  );
  const listed = await admin.listTokens({ params });
  story.note(`Last used: ${JSON.stringify(listed.tokens[0]?.lastUse)}`);
  await story.step('Ada disables the token', () =>
    admin.changeToken({
      params: { ...params, tokenId: made.id },
      body: { enabled: false },
      ifMatch: listed.tokens[0]?.version ?? made.version,
    }),
  );
  await story.refused('The CRM uses it once more', 'not_signed_in', () => crm.listUsers());
}
