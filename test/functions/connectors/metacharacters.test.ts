import fc from 'fast-check';
import { directory, notFound, shownName } from '#domain/connectors/freeswitch.ts';
import { xml } from '#serve/xml.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';
import { read } from './freeswitch-reader.ts';
import { aSwitch, basic, FORM, routingToken, type Switch, variable } from './switch.ts';

/** What XML, dial strings, variables, SIP headers and shells read as something else than text. */
const nasty = [
  ']]><x a="b">&amp;&lt;\'"</x>',
  '<!DOCTYPE a [<!ENTITY x "y">]>&x;',
  '<X-PRE-PROCESS cmd="exec" data="id"/>',
  `${variable('system(id)')}$${variable('local_ip_v4')}`,
  'a,b|c:_:d;e[f=g]{h=i}<j>^^:k=l',
  'o\'Brien "Bob" \\\' \\n %0a `id` $(id)',
  '👩‍💻🎧 Zoë',
];
/** In a value that FreeSWITCH expands or splits none of these may stand. */
const meaning = /[$`\\"'<>|;,=[\]{}^:%&\n\r\t]/;

let tenant: TestTenant;
let token: string;
let machine: string;
let pbx: Switch;
beforeAll(async () => {
  tenant = await aTenant();
  ({ token } = await tenant.aSuperUser());
  machine = await routingToken(tenant, token);
  pbx = aSwitch(tenant, machine);
});

describe('names made of metacharacters', () => {
  it.each(nasty.map((name, n) => [name, String(410 + n)] as const))(
    '%j, of user and queue',
    async (name, extension) => {
      const device = await tenant.call('create-device', {
        token,
        body: { name: `${name} ${extension}`, kind: 'sip', address: `sip:desk-${extension}@pbx.example.com` },
      });
      const queue = await tenant.call('create-queue', {
        token,
        body: { name: `${name} ${extension}`, channel: 'voice' },
      });
      const login = `agent.${extension}`;
      const user = await tenant.call('create-user', {
        token,
        body: {
          ...{ login, title: name, type: 'contact-center', authEmail: `${login}@example.com` },
          ...{ access: 'acc_agent', rights: 'rgt_own', extension, target: queue.body.id, callerName: name },
          ...{ sipOption: 'pbx', sipPassword: nasty[5]?.replace(/[^\x21-\x7e]/g, '') },
          devices: [{ device: device.body.id, delaySeconds: 0, ringSeconds: 20 }],
        },
      });
      expect([device.status, queue.status, user.status]).toEqual([201, 201, 201]);

      const account = await pbx.registers(extension);
      const shown = account?.variables.effective_caller_id_name;
      expect(shown ?? '').not.toMatch(meaning);
      expect(Object.keys(account?.params ?? {})).toEqual(['a1-hash']);

      const inside = (await pbx.dials(extension)) as string[];
      expect(inside.filter((each) => each.startsWith('bridge'))).toEqual([
        `bridge {originate_timeout=30,ignore_early_media=ring_ready}[leg_delay_start=0,leg_timeout=20]sofia/external/sip:desk-${extension}@pbx.example.com,[leg_delay_start=0,leg_timeout=30]user/${extension}@${variable('domain_name')}`,
      ]);
      const outside = (await pbx.dials('+420601234567', { roster_user: user.body.id })) as string[];
      const called = outside.find((each) => each.startsWith('set effective_caller_id_name='));
      expect(called?.slice('set effective_caller_id_name='.length) ?? '').not.toMatch(meaning);
      expect(called).toBe(shown === undefined ? undefined : `set effective_caller_id_name=${shown}`);
    },
  );

  it('show letters of any script, and what separates names', () => {
    expect(shownName('Žluťoučký kůň, s.r.o.')).toBe('Žluťoučký kůň s.r.o.');
    expect(shownName("Siobhán O'Brien-Łukasz (Prague)")).toBe('Siobhán O’Brien-Łukasz (Prague)');
    expect(shownName('山田 太郎')).toBe('山田 太郎');
    expect(shownName('💥')).toBeUndefined();
    expect(shownName('x'.repeat(200))).toHaveLength(60);
  });

  it('mean nothing to FreeSWITCH, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (name) => {
        const shown = shownName(name);
        expect(shown ?? '').not.toMatch(meaning);
        const account = { name: 'a', domain: 'b', password: name, variables: { shown, raw: name } };
        expect(read(xml(directory(account))).user?.variables.shown).toBe(shown);
        expect(xml(notFound(name))).not.toContain('$');
      }),
      { numRuns: 300 },
    );
  });
});

describe('what a caller dials', () => {
  it.each(nasty)('%j is no number, in any field', async (value) => {
    for (const field of [
      'Caller-Destination-Number',
      'Hunt-Destination-Number',
      'Caller-Context',
      'Hunt-Context',
      'section',
      'user',
      'domain',
      'key_value',
    ]) {
      for (const section of ['dialplan', 'directory']) {
        const asked = {
          'Caller-Context': 'default',
          'Caller-Destination-Number': '410',
          user: '410',
          domain: 'a.example.com',
        };
        const answer = await pbx.ask({ section, ...asked, [field]: value });
        expect(answer.status).toBe(200);
        const ignored = section === 'directory' ? /Caller|Hunt|key_value/ : /user|domain|key_value/;
        expect(answer.read.section).toBe(ignored.test(field) ? section : 'result');
      }
    }
  });
});

describe('every answer is a document', () => {
  const asked = new URLSearchParams({ section: 'dialplan' }).toString();
  it.each([
    ['nobody', 401, 'not_signed_in', {}, asked],
    ['a made-up token', 401, 'not_signed_in', { authorization: basic('rst_nothing') }, asked],
    ['no form', 415, 'unsupported_media_type', { 'content-type': 'application/json' }, '{}'],
    ['a value too long', 422, 'invalid_input', {}, new URLSearchParams({ section: 'x'.repeat(65) }).toString()],
    ['two values of one name', 422, 'invalid_input', {}, 'section=directory&section=dialplan'],
    ['a body too large', 413, 'body_too_large', {}, `a=${'x'.repeat(128 * 1024)}`],
  ])('also to %s: %i %s', async (who, status, code, headers, rawBody) => {
    const authorization: Record<string, string> = who === 'nobody' ? {} : { authorization: basic(machine) };
    const answer = await tenant.call('answer-freeswitch', {
      rawBody,
      headers: { ...FORM, ...authorization, ...headers },
    });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('text/xml; charset=utf-8');
    expect(read(answer.body)).toMatchObject({ section: 'result', description: expect.stringMatching(`^${code}: `) });
  });

  it('also when the table does not answer', async () => {
    const broken = {
      ...tenant.deps,
      table: new Proxy(tenant.deps.table, {
        get: () => () => {
          throw new Error('gone');
        },
      }),
    };
    const { handler } = await import('#functions/connectors/answer-freeswitch.ts');
    const { eventFor, lambdaContext } = await import('#test/setup/tenant.ts');
    const event = eventFor('answer-freeswitch', {
      rawBody: asked,
      headers: { ...FORM, authorization: basic(machine) },
    });
    const answer = await handler.using(broken as never)(event as never, lambdaContext);
    expect(answer.statusCode).toBe(500);
    expect(read(answer.body as string)).toMatchObject({
      section: 'result',
      description: expect.stringMatching('^internal: '),
    });
  });

  it('also to what is not asked of Roster, and to nothing at all', async () => {
    for (const section of ['', 'configuration', 'phrases', 'languages', 'constructor', '__proto__', 'toString']) {
      expect((await pbx.ask({ section })).read).toMatchObject({ section: 'result', description: undefined });
    }
    const headers = { authorization: basic(machine) };
    const empty = await tenant.call('answer-freeswitch', { rawBody: '', headers: { ...FORM, ...headers } });
    expect(empty.status).toBe(200);
    expect(read(empty.body).section).toBe('result');
  });
});
