import { aPlatform, type Platform } from './platform.ts';

let here: Platform;
beforeAll(async () => {
  here = await aPlatform();
});

const route = (query: Record<string, string>) => here.ask('route-inbound-call', { query });

describe('K5 who may ask the platform’s questions', () => {
  it('an API token with just routing:read, and nobody without', async () => {
    await here.person({ extension: '701' });
    const query = { extension: '701' };
    expect(await route(query)).toMatchObject({ status: 200 });
    const other = await here.aToken(['routing:read', 'users:read'], ['users:read']);
    expect(await here.call('route-inbound-call', { token: other, query })).toMatchObject({
      status: 403,
      body: { code: 'not_permitted' },
    });
    const agent = await here.aUser({ access: 'acc_agent', rights: 'rgt_everything' });
    const token = await here.signIn(agent.login);
    for (const [id, call] of [
      ['route-inbound-call', { query }],
      ['route-outbound-call', { query }],
      ['find-extension', { params: query }],
      ['decide-recording', { query: { event: 'ringing', user: agent.id } }],
      ['steer-call', { query: { words: 'x' } }],
    ] as const) {
      expect(await here.call(id, { token, ...call })).toMatchObject({ status: 403, body: { because: 'routing:read' } });
    }
    expect(await here.ask('list-users')).toMatchObject({ status: 403 });
  });

  it('whoever is refused hears the same of an extension that is somebody’s as of one that is not', async () => {
    await here.person({ extension: '702' });
    // Well-formed, with another secret: both the token and the extension are read.
    const token = `${here.token.slice(0, -6)}AAAAAA`;
    const answers = await Promise.all(
      ['702', '799'].map((extension) => here.call('route-inbound-call', { token, query: { extension } })),
    );
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    const bare = answers.map(({ body }) => ({ ...body, instance: '' }));
    expect(bare[0]).toEqual(bare[1]);
    // No credential at all: nothing is read for them.
    const query = { extension: '702' };
    expect(await here.call('route-inbound-call', { query })).toMatchObject({ status: 401 });
  });

  it('an answer that has not changed is not sent again; one that has is', async () => {
    const jana = await here.person({ extension: '703', forwarding: '+420601999999' });
    const ask = (headers = {}) => here.ask('route-inbound-call', { query: { extension: '703' }, headers });
    const { etag } = (await ask()).headers;
    expect(await ask({ 'if-none-match': etag })).toMatchObject({ status: 304, body: null });
    await here.set(jana.id, { forwarding: '+420601999998' });
    expect(await ask({ 'if-none-match': etag })).toMatchObject({
      status: 200,
      body: { goesTo: { number: '+420601999998' } },
    });
  });
});
