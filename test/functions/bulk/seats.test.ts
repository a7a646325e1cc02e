import fc from 'fast-check';
import { usualCatalogue } from '#contract/license-catalogue.ts';
import { Problem } from '#contract/problems.ts';
import { allSeats, type Seats } from '#domain/licenses/seats.ts';
import { readUser, type User } from '#domain/users/user.ts';
import { userKeys } from '#table/keys.ts';
import type { Item } from '#table/write.ts';
import { peopleOf } from '#test/functions/users/people.ts';
import { watchSeats } from '#test/setup/seat-watch.ts';
import type { TestTenant } from '#test/setup/tenant.ts';
import { aBulkTenant } from './bulk-edits.ts';

const euros = (amount: number) => ({ amount, currency: 'EUR' });

type Owned = Record<'voice' | 'email' | 'chat' | 'crm' | 'call-recording', number>;

/** With queues of three channels, and rights and grants by which all few licenses are taken. */
async function aSmallTenant({ voice, email, chat, crm, 'call-recording': recording }: Owned) {
  const owned = {
    // Two administrators have one each.
    voice: { seats: voice + 2, price: euros(39.5) },
    email: { seats: email, price: euros(19.1) },
    chat: { seats: chat },
    crm: { seats: crm, price: { amount: 250, currency: 'CZK' } },
    'call-recording': { seats: recording, price: euros(0.1) },
  };
  const tenant = await aBulkTenant({}, { licenses: { owned } });
  const people = await peopleOf(tenant);
  const queues = {
    voice: await people.queue('voice'),
    email: await people.queue('email'),
    chat: await people.queue('chat'),
  };
  const rights = [
    'rgt_own',
    await people.rights({ queues: [queues.voice] }),
    await people.rights({ queues: [queues.email] }),
    await people.rights({ queues: [queues.voice, queues.email] }),
    await people.rights({ queues: [queues.chat] }),
  ];
  const accesses = ['acc_agent', await people.access('users:read', 'crm:use')];
  const role = await people.role(['crm:use']);
  return { ...tenant, people, rights, accesses, role };
}

type SmallTenant = Awaited<ReturnType<typeof aSmallTenant>>;

const seatsNow = ({ deps }: TestTenant): Promise<Seats[]> => allSeats(deps, usualCatalogue);

async function held(tenant: TestTenant, { id }: Pick<User, 'id'>): Promise<string[]> {
  return Object.keys(readUser((await tenant.read(userKeys.user(id))) as Item).seats?.held ?? {}).sort();
}

/** Undefined: there was no seat. */
async function perhaps(making: Promise<User>): Promise<User | undefined> {
  try {
    return await making;
  } catch (error) {
    if (error instanceof Problem && error.code === 'license_exhausted') return undefined;
    throw error;
  }
}

const few = fc.nat(6);
const someSeats = fc.record({ voice: few, email: few, chat: few, crm: few, 'call-recording': few });
const recording = fc.constantFrom<User['recording'][]>(undefined, 'from-call-start');
const someone = fc.record({
  userType: fc.constantFrom<User['userType'][]>('contact-center', 'contact-center', 'back-office', 'passive'),
  state: fc.constantFrom<User['state'][]>('active', 'active', 'active', 'deactivated'),
  rights: fc.nat(4),
  access: fc.nat(1),
  hasRole: fc.boolean(),
  recording,
});
type Someone = typeof someone extends fc.Arbitrary<infer S> ? S : never;
const edit = fc
  .record(
    {
      rights: fc.nat(4),
      access: fc.nat(1),
      hasRole: fc.boolean(),
      recording: fc.constantFrom('off', 'after-bridged'),
      emoji: fc.constantFrom('🎧', null),
    },
    { requiredKeys: [] },
  )
  .filter((fields) => Object.keys(fields).length > 0);

/** By which many take what few have. */
const taking = fc.record({ rights: fc.integer({ min: 1, max: 4 }), recording: fc.constant('after-bridged' as const) });

const valuesOf = ({ rights, accesses, role }: SmallTenant, given: Someone): Partial<User> => ({
  userType: given.userType,
  state: given.state,
  rights: rights[given.rights],
  access: accesses[given.access],
  roles: given.hasRole ? [role] : [],
  // Who takes no calls is not recorded.
  ...(given.recording && given.userType !== 'passive' && { recording: given.recording }),
});

function bodyOf(
  { rights, accesses, role }: SmallTenant,
  wanted: { rights?: number; access?: number; hasRole?: boolean },
) {
  const { rights: r, access: a, hasRole, ...others } = wanted;
  return {
    ...others,
    ...(r !== undefined && { rights: rights[r] }),
    ...(a !== undefined && { access: accesses[a] }),
    ...(hasRole !== undefined && { roles: hasRole ? [role] : [] }),
  };
}

interface Outcome {
  userId: string;
  result: string;
  changes?: { licenses?: { before: string[]; after: string[] } };
  problem?: { code: string };
}

interface PlannedSeats {
  license: string;
  owned: number;
  before: { used: number; free: number };
  after: { used: number; free: number };
  price?: { amount: number; currency: string };
}

/** People as they were made, the plan of their edit, and what each held before. */
async function planned(tenant: SmallTenant, crowd: Someone[], wanted: object) {
  const made: (User | undefined)[] = [];
  for (const each of crowd) made.push(await perhaps(tenant.aUser(valuesOf(tenant, each))));
  const users = made.filter((user) => user !== undefined);
  if (users.length === 0) return undefined;
  const before = new Map<string, string[]>();
  for (const user of users) before.set(user.id, await held(tenant, user));
  const { body } = await tenant.plan({ users: tenant.ids(users), changes: bodyOf(tenant, wanted) });
  const outcomes = (await tenant.outcomes(body.id)) as Outcome[];
  return { users, before, plan: body as { id: string; seats: PlannedSeats[]; money: object[] }, outcomes };
}

/** Sums of the seats that are used, of these licenses. */
function costOf(seats: readonly PlannedSeats[], when: 'before' | 'after') {
  const cents = new Map<string, number>();
  for (const { price, ...each } of seats) {
    if (!price) continue;
    const known = cents.get(price.currency) ?? 0;
    cents.set(price.currency, known + Math.round(price.amount * 100) * each[when].used);
  }
  return cents;
}

/** SEAT_PLANS=50 is a long run, for who has changed how bulk edits are planned or committed. */
const RUNS = Number(process.env.SEAT_PLANS ?? 8);

describe('S0-15 S0-57 what a bulk edit does to seats', () => {
  it('is shown before it is committed: seats and money of all, licenses of each; and so is taking it back', async () => {
    const tenant = await aSmallTenant({ voice: 5, email: 2, chat: 0, crm: 0, 'call-recording': 5 });
    const [, voice, email] = tenant.rights;
    const users = await Promise.all(
      Array.from({ length: 3 }, (_, n) => tenant.aUser({ access: 'acc_agent', rights: voice, title: `Agent ${n}` })),
    );
    const changes = { rights: email, recording: 'after-bridged' };
    const { body } = await tenant.plan({ users: tenant.ids(users), changes });
    expect(body.counts).toMatchObject({ changes: 2, refused: 1 });
    const [voiceSeats, emailSeats, recordingSeats] = body.seats;
    expect(voiceSeats).toEqual({
      ...{ license: 'voice', name: 'Voice', owned: 7, price: euros(39.5) },
      ...{ before: { used: 5, free: 2 }, after: { used: 3, free: 4 } },
    });
    expect(emailSeats).toEqual({
      ...{ license: 'email', name: 'Email', owned: 2, price: euros(19.1) },
      ...{ before: { used: 0, free: 2 }, after: { used: 2, free: 0 } },
    });
    expect(recordingSeats).toEqual({
      ...{ license: 'call-recording', name: 'Call recording', owned: 5, price: euros(0.1) },
      ...{ before: { used: 0, free: 5 }, after: { used: 2, free: 3 } },
    });
    expect(body.seats).toHaveLength(3);
    expect(body.money).toEqual([{ currency: 'EUR', before: 197.5, after: 156.9 }]);
    const outcomes = (await tenant.outcomes(body.id)) as Outcome[];
    expect(outcomes.map(({ result }) => result)).toEqual(['planned', 'planned', 'refused']);
    expect(outcomes[0]?.changes?.licenses).toEqual({ before: ['voice'], after: ['call-recording', 'email'] });
    const detail = expect.not.stringMatching(/owned|used|[0-9]|\/v1\//);
    expect(outcomes[2]?.problem).toEqual({ code: 'license_exhausted', detail });

    await tenant.commit(body.id);
    const undo = (await tenant.plan({ undo: body.id })).body;
    expect(undo.money).toEqual([{ currency: 'EUR', before: 156.9, after: 197.5 }]);
    const undone = (await tenant.outcomes(undo.id)) as Outcome[];
    expect(undone[0]?.changes?.licenses).toEqual({ before: ['call-recording', 'email'], after: ['voice'] });
    // Licenses are no field that an undoing could find changed.
    expect((await tenant.commit(undo.id)).body.counts).toMatchObject({ changes: 2, refused: 0 });
    expect(await held(tenant, users[0] as User)).toEqual(['voice']);
  });

  it('is shown only to who may see licenses, or details of users', async () => {
    const tenant = await aSmallTenant({ voice: 5, email: 2, chat: 0, crm: 0, 'call-recording': 5 });
    const user = await tenant.aUser({ access: 'acc_agent', rights: tenant.rights[1] as string });
    const { token } = await tenant.people.person(['users:read', 'users:change'], { userType: 'back-office' });
    const { body } = await tenant.plan({ users: { ids: [user.id] }, changes: { recording: 'after-bridged' } }, token);
    expect(body).not.toHaveProperty('seats');
    expect(body).not.toHaveProperty('money');
    expect((await tenant.outcomes(body.id, {}, token))[0]).toMatchObject({ result: 'planned', changes: {} });
    expect((await tenant.outcomes(body.id, {}, token))[0].changes).not.toHaveProperty('licenses');
  });
});

describe('S1-34 I2 whoever is left out leaves what they would have taken to the others', () => {
  const plan = (tenant: SmallTenant, users: readonly User[], changes: object) =>
    tenant.plan({ users: tenant.ids([...users]), changes });
  const results = async (tenant: SmallTenant, planId: string, users: readonly User[]) => {
    const became = await tenant.became(planId);
    return users.map(({ id }) => became[id].problem?.code ?? became[id].result);
  };

  it('S0-5 who was changed meanwhile, their seat: another who came for it leaves enough for the others', async () => {
    const tenant = await aSmallTenant({ voice: 6, email: 3, chat: 0, crm: 0, 'call-recording': 0 });
    const [own, , email] = tenant.rights;
    const users: User[] = [];
    for (let n = 0; n < 3; n++) users.push(await tenant.aUser({ access: 'acc_agent', rights: own }));
    const { body } = await plan(tenant, users, { rights: email });
    expect(body.counts).toMatchObject({ changes: 3 });
    await tenant.people.change((users[0] as User).id, { language: 'cs' });
    await tenant.aUser({ access: 'acc_agent', rights: email });
    await tenant.commit(body.id);
    expect(await results(tenant, body.id, users)).toEqual(['version_stale', 'changed', 'changed']);
    const { used, free } = (await seatsNow(tenant)).find(({ license }) => license === 'email') as Seats;
    expect({ used, free }).toEqual({ used: 3, free: 0 });
    expect((await watchSeats(tenant)).violations).toEqual([]);
  });

  it('S0-5 who lacks a seat of one license, those of the other', async () => {
    const tenant = await aSmallTenant({ voice: 6, email: 3, chat: 0, crm: 3, 'call-recording': 0 });
    const { role } = tenant;
    const [own, , email] = tenant.rights;
    const users = [
      await tenant.aUser({ access: 'acc_agent', rights: own, roles: [role] }),
      await tenant.aUser({ access: 'acc_agent', rights: own }),
      await tenant.aUser({ access: 'acc_agent', rights: email }),
    ];
    const { body } = await plan(tenant, users, { rights: email, roles: [role] });
    expect(body.counts).toMatchObject({ changes: 3 });
    await tenant.aUser({ access: 'acc_agent', rights: email });
    await tenant.aUser({ access: 'acc_agent', rights: own, roles: [role] });
    await tenant.commit(body.id);
    // Of both licenses one is left: the second user would need both, the others one each.
    expect(await results(tenant, body.id, users)).toEqual(['changed', 'license_exhausted', 'changed']);
    expect((await watchSeats(tenant)).violations).toEqual([]);
  });

  it('I6 who is no SuperUser any more, the roll: the others leave it as planned', async () => {
    const tenant = await aSmallTenant({ voice: 6, email: 0, chat: 0, crm: 0, 'call-recording': 0 });
    const users = [await tenant.aUser({ superUser: true }), await tenant.aUser({ superUser: true })];
    const { body } = await plan(tenant, users, { superUser: false });
    expect(body.counts).toMatchObject({ changes: 2 });
    await tenant.people.change((users[0] as User).id, { superUser: false });
    await tenant.commit(body.id);
    expect(await results(tenant, body.id, users)).toEqual(['version_stale', 'changed']);
  });
});

describe('S1-34 I2 the plan is what happens to seats', () => {
  it('for random people, few seats and random edits, when nobody else takes one', async () => {
    const seen = { moved: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        someSeats,
        fc.array(someone, { minLength: 4, maxLength: 24 }),
        edit,
        async (owned, crowd, wanted) => {
          const tenant = await aSmallTenant(owned);
          const came = await planned(tenant, crowd, wanted);
          if (!came) return;
          const { users, before, plan, outcomes } = came;
          const seatsBefore = await seatsNow(tenant);
          await tenant.commit(plan.id);
          const became = await tenant.became(plan.id);
          for (const [n, user] of users.entries()) {
            const outcome = outcomes[n] as Outcome;
            expect(became[user.id].result).toBe(outcome.result === 'planned' ? 'changed' : outcome.result);
            expect(await held(tenant, user)).toEqual(outcome.changes?.licenses?.after ?? before.get(user.id));
            if (outcome.changes?.licenses) expect(outcome.changes.licenses.before).toEqual(before.get(user.id));
            if (outcome.changes?.licenses) seen.moved++;
            if (outcome.problem?.code === 'license_exhausted') seen.refused++;
          }
          const said = new Map(plan.seats.map((each) => [each.license, each]));
          for (const [n, now] of (await seatsNow(tenant)).entries()) {
            const { license, used, free } = seatsBefore[n] as Seats;
            expect({ used: now.used, free: now.free }).toEqual(said.get(license)?.after ?? { used, free });
            expect(said.get(license)?.before ?? { used, free }).toEqual({ used, free });
          }
          const [was, is] = [costOf(plan.seats, 'before'), costOf(plan.seats, 'after')];
          const currencies = [...was.keys()].sort();
          expect(plan.money).toEqual(
            currencies.map((currency) => ({
              currency,
              before: (was.get(currency) ?? 0) / 100,
              after: (is.get(currency) ?? 0) / 100,
            })),
          );
          expect((await watchSeats(tenant)).violations).toEqual([]);
        },
      ),
      { numRuns: RUNS },
    );
    // Else nothing was compared.
    expect(Math.min(seen.moved, seen.refused)).toBeGreaterThan(0);
  }, 240_000);

  it('but for those whose seat others have taken since: these are refused one by one, and none is sold twice', async () => {
    const seen = { changed: 0, refused: 0 };
    const intruders = fc.array(someone, { minLength: 3, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        ...[someSeats, fc.array(someone, { minLength: 4, maxLength: 20 }), taking, intruders],
        async (owned, crowd, wanted, others) => {
          const tenant = await aSmallTenant(owned);
          const came = await planned(tenant, crowd, wanted);
          if (!came) return;
          const { users, before, plan, outcomes } = came;
          // They want the same; some of them before the commit, the others at the same time.
          const wants = { ...wanted, userType: 'contact-center', state: 'active' } as const;
          const come = (some: Someone[]) =>
            some.map((each) => perhaps(tenant.aUser(valuesOf(tenant, { ...each, ...wants }))));
          await Promise.all(come(others.slice(0, 2)));
          await Promise.all([tenant.commit(plan.id), ...come(others.slice(2))]);
          const became = await tenant.became(plan.id);
          for (const [n, user] of users.entries()) {
            const { result, changes } = outcomes[n] as Outcome;
            const is = became[user.id];
            if (result === 'planned' && is.result === 'refused') {
              expect(is.problem.code).toBe('license_exhausted');
              expect(await held(tenant, user)).toEqual(before.get(user.id));
              seen.refused++;
              continue;
            }
            expect(is.result).toBe(result === 'planned' ? 'changed' : result);
            expect(await held(tenant, user)).toEqual(changes?.licenses?.after ?? before.get(user.id));
            if (changes?.licenses) seen.changed++;
          }
          const { violations } = await watchSeats(tenant);
          expect(violations).toEqual([]);
        },
      ),
      // The same ones in each suite, in which seats are both taken and refused.
      { numRuns: Math.max(RUNS, 12), ...(!process.env.SEAT_PLANS && { seed: 7 }) },
    );
    expect(Math.min(seen.changed, seen.refused)).toBeGreaterThan(0);
  }, 240_000);
});
