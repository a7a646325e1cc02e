import { usualCatalogue } from '#contract/license-catalogue.ts';
import type { Permission } from '#contract/permissions.ts';
import { settings } from '#contract/settings.ts';
import type { Definitions } from '#domain/definitions/definitions.ts';
import type { Seats } from '#domain/licenses/seats.ts';
import { cheaperType } from '#domain/plans/cheaper.ts';
import type { Access, Rights } from '#domain/records/record.ts';
import type { Details } from '#domain/users/details.ts';
import type { User } from '#domain/users/user.ts';

const record = { v: 1 as const, version: 1, name: 'Name', usedBy: 0, updatedAt: 0 };
const none = { queues: [], channels: {}, categories: [], groups: [], databases: [] };
const nobody = { types: [], rights: [], ids: [] };
const rights = (id: string, content: Partial<Rights>): [string, Rights] => [
  id,
  { ...record, type: 'rights', id, ...none, users: nobody, ...content },
];
const access = (id: string, ...permissions: Permission[]): [string, Access] => [
  id,
  { ...record, type: 'access', id, permissions },
];
const definitions: Definitions = {
  settings: settings().parse({}),
  licensing: { edition: 1, catalogue: usualCatalogue },
  accesses: new Map([access('reads', 'users:read'), access('calls', 'calls:make'), access('crm', 'crm:use')]),
  rights: new Map([
    rights('nothing', {}),
    rights('tickets', { categories: ['Complaints'] }),
    rights('queue', { queues: ['que_000'], channels: { voice: { queue: 'que_000', count: 1 } } }),
    rights('both', {
      ...{ categories: 'all', queues: ['que_000'], channels: { voice: { queue: 'que_000', count: 1 } } },
    }),
  ]),
  roles: new Map(),
  userGroups: new Map(),
};

const euros = (amount: number) => ({ amount, currency: 'EUR' });
type Prices = Record<string, { amount: number; currency: string } | null>;
const usual: Prices = { voice: euros(40), 'back-office': euros(20), cloudphone: euros(5) };

const seatsAt = (prices: Prices, full: string[] = []): Seats[] =>
  usualCatalogue.licenses.map(({ id: license }) => {
    const free = full.includes(license) ? 0 : 9;
    const counts = { owned: 9, used: 9 - free, free, edition: 1, moves: 0, version: 1, updatedAt: 0 };
    const price = prices[license];
    return { type: 'seats', v: 1, license, ...counts, ...(price && { price }) };
  });

const aPerson = (values: Partial<User>, details: Details = {}) => ({
  user: {
    ...{ type: 'user', v: 1, id: 'usr_0', version: 1, login: 'jana', title: 'Jana', authEmail: 'jana@example.com' },
    ...{ userType: 'contact-center', state: 'active', secondFactor: 'off', access: 'reads', rights: 'nothing' },
    ...{ epoch: 1, createdAt: 0, updatedAt: 0 },
    ...values,
  } as User,
  details,
});

const found = (values: Partial<User>, details?: Details, seats = seatsAt(usual), held: string[] = []) =>
  cheaperType(aPerson(values, details), definitions, seats, new Set(held));

describe('S0-12 S0-15 the cheapest type that does for the same', () => {
  it.each<[what: string, values: Partial<User>, type: string | undefined]>([
    ['with nothing to work on', {}, 'passive'],
    ['with tickets', { rights: 'tickets' }, 'back-office'],
    ['with a queue', { rights: 'queue' }, undefined],
    ['with both', { rights: 'both' }, undefined],
    ['who calls without a queue: with a phone', { access: 'calls' }, 'back-office'],
    ['with an extension, which who looks on has not', { extension: '200' }, 'back-office'],
    ['who is recorded', { recording: 'after-bridged' }, 'back-office'],
    ['with a filter at work', { rights: 'tickets', numericId: '7' }, 'back-office'],
    ['who leads', { superUser: true }, 'back-office'],
    ['with rights that wait', { queued: { rights: 'queue', by: 'usr_1', at: 0, dueAt: 0 } }, undefined],
    ['in the back office, with tickets', { userType: 'back-office', rights: 'tickets' }, undefined],
    ['in the back office, with queues that it has not', { userType: 'back-office', rights: 'queue' }, 'passive'],
    ['who looks on already', { userType: 'passive' }, undefined],
    ['on a phone alone', { userType: 'cloudphone', access: undefined, rights: undefined }, undefined],
    ['that is a program', { userType: 'api' }, undefined],
    ['that is made', { userType: 'ai-coworker', access: undefined, rights: undefined }, undefined],
  ])('of a user %s', (_what, values, type) => {
    expect(found(values)?.type).toBe(type);
  });

  it.each<[what: string, details: Details, type: string]>([
    ['an own signature, which who looks on has not', { signature: '<p>Jana</p>' }, 'back-office'],
    ['an own wrap-up time, which who looks on has not', { wrapUpSeconds: 60 }, 'back-office'],
    ['own profiles', { profiles: [{ id: 'prf_0', name: 'Own', skills: [] }] as never }, 'back-office'],
    ['leads assigned', { assignLeads: true }, 'back-office'],
  ])('of a user with %s', (_what, details, type) => {
    expect(found({}, details)?.type).toBe(type);
  });

  it('says what it saves: in money to the cent, in seats where a license has no price', () => {
    expect(found({ rights: 'tickets' })?.saves).toEqual({ money: [euros(20)], seats: 0 });
    expect(found({}, {}, seatsAt({}))?.saves).toEqual({ money: [], seats: 1 });
    const fine = seatsAt({ voice: euros(0.3), 'back-office': euros(0.1) });
    expect(found({ rights: 'tickets' }, {}, fine)?.saves.money).toEqual([euros(0.2)]);
  });

  it('is none that costs more in another currency, or in seats', () => {
    const crowns = { amount: 1, currency: 'CZK' };
    expect(found({ rights: 'tickets' }, {}, seatsAt({ voice: euros(40), 'back-office': crowns }))).toBeUndefined();
    expect(found({ rights: 'tickets' }, {}, seatsAt({ voice: euros(40), 'back-office': null }))).toBeUndefined();
    expect(found({ rights: 'tickets' }, {}, seatsAt({ voice: euros(20), 'back-office': euros(20) }))).toBeUndefined();
    // Two seats of little are more than one.
    const phone = seatsAt({ voice: euros(22), 'back-office': euros(20), cloudphone: euros(5) });
    expect(found({ access: 'calls' }, {}, phone)).toBeUndefined();
  });

  it('is none for which there is no seat, unless the user has one', () => {
    const full = seatsAt(usual, ['back-office']);
    expect(found({ rights: 'tickets' }, {}, full)).toBeUndefined();
    expect(found({ rights: 'tickets' }, {}, full, ['back-office'])?.type).toBe('back-office');
  });

  it('keeps the modules that access and roles give, and their licenses', () => {
    expect(found({ access: 'crm', rights: 'tickets' })?.licenses).toEqual(['back-office', 'crm']);
  });
});
