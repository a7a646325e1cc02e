import { type People, peopleOf } from '#test/functions/users/people.ts';
import { streamOf, type TestStream } from '#test/setup/stream.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let stream: TestStream;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  token = people.root.token;
  stream = await streamOf(tenant);
  const jana = { title: 'Jana Nováková', login: 'jana.novakova17', authEmail: 'jana.novakova@cc.example' };
  await tenant.aUser({ ...jana, alias: 'Honey Bee', extension: '217', numericId: '4711', emoji: '🎧' });
  await tenant.aUser({ title: 'Jan Novotný', login: 'jnovotny', authEmail: 'novotny@cc.example' });
  await tenant.aUser({ title: 'Novák, Jan-Erik', login: 'erik', authEmail: 'erik+work@cc.example' });
  await tenant.aUser({ title: 'Łukasz Øster', login: 'lukasz', authEmail: undefined });
  await tenant.aUser({ title: 'Janina Janovská', login: 'janina', authEmail: 'jj@cc.example' });
  await stream.deliver();
});

const search = (text: string, query: Record<string, string> = {}, by = token) =>
  tenant.call('list-users', { token: by, query: { search: text, ...query } });
const titlesOf = async (...args: Parameters<typeof search>) => {
  const answer = await search(...args);
  expect(answer.status).toBe(200);
  return answer.body.users.map(({ title }: { title: string }) => title).sort();
};

describe('searching users', () => {
  it.each([
    ['a title, any word of it', 'novak', ['Jana Nováková', 'Novák, Jan-Erik']],
    ['accents and case aside', 'NOVÁKOV', ['Jana Nováková']],
    ['letters that Unicode takes for others', 'luk ost', ['Łukasz Øster']],
    ['one letter', 'l', ['Łukasz Øster']],
    ['a part behind a hyphen', 'erik', ['Novák, Jan-Erik']],
    ['a login', 'jnov', ['Jan Novotný']],
    ['a part of a login', 'novakova17', ['Jana Nováková']],
    ['an address, whole', 'novotny@cc.example', ['Jan Novotný']],
    ['an address, its beginning', 'jana.novakova@c', ['Jana Nováková']],
    ['an address, a part before the @', 'work', ['Novák, Jan-Erik']],
    ['an alias', 'bee', ['Jana Nováková']],
    ['an extension', '217', ['Jana Nováková']],
    ['a numeric ID', '47', ['Jana Nováková']],
    ['two words: both', 'nov jan', ['Jan Novotný', 'Jana Nováková', 'Novák, Jan-Erik']],
    ['words of different names', 'jan 4711', ['Jana Nováková']],
    ['three words', 'jana nov honey', ['Jana Nováková']],
    ['two words of one initial', 'janina janov', ['Janina Janovská']],
    ['a word that begins another one', 'jan janov', ['Janina Janovská']],
    ['a phrase', '"jan nov"', ['Jan Novotný']],
    ['a phrase that is typed further', '"jana nova"', ['Jana Nováková']],
    ['a phrase not in this order', '"novotny jan"', []],
    ['a phrase and a word', '"honey b" 217', ['Jana Nováková']],
    ['typographic quotes', '„jan nov“', ['Jan Novotný']],
    ['not the middle of a word', 'ovak', []],
    ['not the domain of an address', 'example', []],
    ['nothing but signs', '*()', []],
    ['a word that nobody has', 'jan xylophone', []],
  ])('finds by %s', async (_what, text, expected) => {
    expect(await titlesOf(text)).toEqual(expected);
  });
});
