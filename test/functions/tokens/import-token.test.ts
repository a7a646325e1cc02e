import { createHash } from 'node:crypto';
import { type Issuing, issuing } from './issuing.ts';

let here: Issuing;
beforeAll(async () => {
  here = await issuing();
});

const hashOf = (value: string) => createHash('sha256').update(value).digest('hex');
const importFor = (userId: string, value: string, body: object = {}) =>
  here.asRoot('import-token', { params: { userId }, body: { title: 'Old CRM', sha256: hashOf(value), ...body } });

describe('S0-52 tokens of another system', () => {
  it.each(['0123456789abcdef', 'Zm9v+YmFy/baz==', 'a.b-c_d~e!f', 'rst_of-another-make', 'x'.repeat(512)])(
    'work on as they are: %s',
    async (value) => {
      const owner = await here.tenant.aUser();
      expect(await here.use(value)).toBe('not_signed_in');
      const answer = await importFor(owner.id, value);
      expect(answer).toMatchObject({ status: 201, body: { imported: true, userId: owner.id, version: 1 } });
      expect(answer.body).not.toHaveProperty('value');
      expect(await here.use(value)).toBe('works');
      expect((await here.tenant.call('get-me', { token: value })).body).toMatchObject({
        user: { id: owner.id },
        token: answer.body.id,
      });
      await here.change(answer.body, { enabled: false });
      expect(await here.use(value)).toBe('not_signed_in');
    },
  );

  it('belong to one user once: the same hash again is refused, also at the same time', async () => {
    const [a, b] = [await here.tenant.aUser(), await here.tenant.aUser()];
    const answers = await Promise.all([importFor(a.id, 'twice'), importFor(b.id, 'twice'), importFor(a.id, 'twice')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'token_known', rule: 'S0-52' });
    expect([...(await here.listed(a.id)), ...(await here.listed(b.id))]).toHaveLength(1);
  });

  it('can be imported again once they are deleted, for somebody else', async () => {
    const [a, b] = [await here.tenant.aUser(), await here.tenant.aUser()];
    const { body } = await importFor(a.id, 'moved');
    const params = { userId: a.id, tokenId: body.id };
    expect(await here.asRoot('delete-token', { params })).toMatchObject({ status: 204 });
    expect(await here.use('moved')).toBe('not_signed_in');
    expect(await importFor(b.id, 'moved')).toMatchObject({ status: 201 });
    expect((await here.tenant.call('get-me', { token: 'moved' })).body.user.id).toBe(b.id);
  });

  it('are told to the owner and recorded, and neither value nor hash stands in the audit', async () => {
    const owner = await here.tenant.aUser();
    const { body } = await importFor(owner.id, 'recorded');
    const templates = (await here.tenant.mails()).filter(({ to }) => to === owner.authEmail);
    expect(templates).toMatchObject([{ template: 'token-created' }]);
    const entries = (await here.tenant.audit()).filter(({ subject }) => (subject as { id: string }).id === body.id);
    expect(entries).toMatchObject([{ event: 'token.imported', actor: here.root.id }]);
    expect(JSON.stringify(entries)).not.toContain(hashOf('recorded'));
    expect(JSON.stringify(here.tenant.logged)).not.toContain(hashOf('recorded'));
  });

  it('take a SHA-256 in hexadecimal, and a longer header than 512 characters is nobody’s', async () => {
    const owner = await here.tenant.aUser();
    for (const sha256 of ['x', hashOf('a').toUpperCase(), hashOf('a').slice(1)]) {
      expect(await importFor(owner.id, 'a', { sha256 })).toMatchObject({
        status: 422,
        body: { code: 'invalid_input' },
      });
    }
    const long = 'y'.repeat(513);
    await importFor(owner.id, long);
    expect(await here.use(long)).toBe('not_signed_in');
    expect(await here.use('two words')).toBe('not_signed_in');
  });
});
