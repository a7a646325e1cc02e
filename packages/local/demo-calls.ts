// The part of the demo about calls: what becomes of one to a user just created, before and after they forward their calls, what is
// recorded, and what a telephone switch is told that may ask for nothing else.

import { randomBytes } from 'node:crypto';
import { type Client, createClient } from '#client/client.ts';
import { apiPrefix } from '#contract/api-prefix.ts';
import type { DemoTools } from './demo-person.ts';

export async function calls({ story, baseUrl }: DemoTools, admin: Client): Promise<void> {
  const run = randomBytes(3).toString('hex');
  story.chapter('Calls reach Olga');
  const [extension, other] = await freeExtensions(admin);
  const [desk, mobile] = await story.step('Ada makes a desk phone and a mobile known', async () =>
    Promise.all([
      admin.createDevice({
        body: { name: `Desk ${run}`, kind: 'sip', address: `sip:desk-${run}@pbx.roster.example` },
      }),
      admin.createDevice({ body: { name: `Mobile ${run}`, kind: 'external', address: '+420601234567' } }),
    ]),
  );
  const olga = await story.step(
    `Ada creates Olga with the extension ${extension}: the mobile rings ten seconds later`,
    () =>
      admin.createUser({
        body: {
          ...person(`olga.${run}`, 'Olga'),
          ...{ extension, recording: 'after-bridged' as const, recordingControl: true },
          devices: [
            { device: desk.id, delaySeconds: 0, ringSeconds: 20 },
            { device: mobile.id, delaySeconds: 10, ringSeconds: 30 },
          ],
        },
      }),
  );

  const { token, owner } = await switchToken(admin, run);
  const pbx = createClient({ baseUrl, token });
  await story.refused('The switch, which may only ask about calls, lists users', 'not_permitted', () =>
    pbx.listUsers(),
  );
  const rings = await story.step(`It asks where a call to ${extension} goes`, () =>
    pbx.routeInboundCall({ query: { extension } }),
  );
  for (const { device, startsAt, endsAt } of rings.ring ?? []) {
    story.note(`${device.name} rings from second ${startsAt} to ${endsAt}`);
  }
  if (rings.ring?.length !== 2) throw new Error('Two devices should ring, but do not');
  const recording = await story.step('It asks whether the call is recorded', () =>
    pbx.decideRecording({ query: { event: 'connected', user: olga.id } }),
  );
  story.note(`${recording.recorded ? 'Yes' : 'No'}: ${recording.trace.map(({ detail }) => detail).join('; ')}`);
  await askedTwice(story, `${baseUrl}${apiPrefix}/routing/extensions/${extension}`, token);
  const form = { section: 'dialplan', 'Caller-Context': 'default', 'Caller-Destination-Number': extension };
  const { text } = await story.step('FreeSWITCH asks the same, and gets a document in its own format', () =>
    pbx.answerFreeswitch({ body: form }),
  );
  for (const line of text.split('\n').filter((each) => each.includes('<action '))) story.note(line.trim());

  await forwards({ story }, admin, pbx, { olga, extension, other, run });
  await story.step('Ada deletes all that again', async () => {
    for (const userId of [olga.id, owner]) await leave(admin, userId);
    for (const deviceId of [desk.id, mobile.id]) {
      const { version } = await admin.getDevice({ params: { deviceId } });
      await admin.deleteDevice({ params: { deviceId }, ifMatch: version });
    }
  });
}

/** Olga's calls go elsewhere; and whoever would close a circle is told so. */
async function forwards(
  { story }: Pick<DemoTools, 'story'>,
  admin: Client,
  pbx: Client,
  { olga, extension, other, run }: { olga: { id: string }; extension: string; other: string; run: string },
): Promise<void> {
  const forward = async (userId: string, forwarding: string | null) => {
    const { version } = await admin.getUser({ params: { userId } });
    return admin.changeUser({ params: { userId }, body: { forwarding }, ifMatch: version });
  };
  await story.step('Ada forwards Olga’s calls to +420777888999', () => forward(olga.id, '+420777888999'));
  const forwarded = await story.step('The switch asks again', () => pbx.routeInboundCall({ query: { extension } }));
  if (forwarded.outcome !== 'forward') throw new Error(`The call should be forwarded, but: ${forwarded.outcome}`);
  story.note(`${forwarded.outcome}: ${forwarded.trace.map(({ rule, detail }) => `${detail} (${rule})`).join('; ')}`);
  const pavel = await story.step(`Ada creates Pavel, whose calls go to Olga’s ${extension}`, () =>
    admin.createUser({ body: { ...person(`pavel.${run}`, 'Pavel'), extension: other, forwarding: extension } }),
  );
  await story.refused('Ada forwards Olga’s calls to Pavel', 'forwarding_loop', () => forward(olga.id, other));
  await story.step('Ada lets Olga’s phones ring again', () => forward(olga.id, null));
  const { hops, ring } = await story.step('Somebody calls Pavel', () =>
    pbx.routeInboundCall({ query: { extension: other } }),
  );
  story.note(
    `By ${hops.map(({ title }) => title).join(', ')} to ${ring?.map(({ device }) => device.name).join(' and ')}`,
  );
  await leave(admin, pavel.id);
}

/** What says the same is not sent twice. */
async function askedTwice(story: DemoTools['story'], url: string, token: string): Promise<void> {
  const ask = (known: string) => fetch(url, { headers: { authorization: `Bearer ${token}`, 'if-none-match': known } });
  const { status, etag } = await story.step('It asks whose the extension is, twice', async () => {
    const tag = (await ask('')).headers.get('etag') ?? '';
    return { status: (await ask(tag)).status, etag: tag };
  });
  if (status !== 304) throw new Error(`The second answer should be 304, but is ${status}`);
  story.note(`The second answer is ${status} and empty: nothing has changed since ${etag.slice(0, 12)}…"`);
}

async function switchToken(admin: Client, run: string): Promise<{ token: string; owner: string }> {
  const login = `pbx.${run}`;
  const user = { login, title: 'Switch', type: 'api' as const, authEmail: `${login}@roster.example` };
  const { id } = await admin.createUser({ body: { ...user, access: 'acc_administrator', rights: 'rgt_everything' } });
  const body = { title: 'FreeSWITCH', scopes: ['routing:read' as const] };
  return { token: (await admin.createToken({ params: { userId: id }, body })).value, owner: id };
}

async function freeExtensions(admin: Client): Promise<[string, string]> {
  const next = async (from?: string) => {
    const { nextFree } = await admin.listNumbers({ params: { kind: 'extensions' }, query: { from } });
    if (nextFree === undefined) throw new Error('No extension is free; start with another data folder');
    return nextFree;
  };
  const first = await next();
  return [first, await next(String(Number(first) + 1))];
}

async function leave(admin: Client, userId: string): Promise<void> {
  const { preview } = await admin.getRemovalImpact({ params: { userId } });
  await admin.deleteUser({ params: { userId }, query: { preview: preview.delete } });
}

const person = (login: string, title: string) => ({
  ...{ login, title, type: 'contact-center' as const, authEmail: `${login}@roster.example` },
  ...{ access: 'acc_agent', rights: 'rgt_own' },
});
