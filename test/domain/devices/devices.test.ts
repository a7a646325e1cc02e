import { randomBytes } from 'node:crypto';
import { recognized, remembering } from '#domain/devices/devices.ts';
import { mintToken } from '#domain/secrets/token.ts';
import type { Origin } from '#domain/sessions/sessions.ts';
import { userKeys } from '#table/keys.ts';
import type { Item } from '#table/write.ts';

const DAY_MS = 86_400_000;
const userId = 'usr_0123456789abcdef01234567';
const otherId = 'usr_76543210fedcba9876543210';
const from = (network: string): Origin => ({ address: network, network, device: 'a browser' });
const [office, home, hotel] = [from('198.51.100.7'), from('2001:db8:1:2::/64'), from('203.0.113.9')];

/** A user who signs in now and then; what is stored is what the last sign-in wrote. */
function aUser() {
  let now = Date.parse('2026-03-02T08:00:00Z');
  let item: Item | undefined;
  const deps = { now: () => now, randomBytes };
  return {
    deps,
    item: () => item,
    devices: () => (item?.devices ?? []) as { id: string; network: string; seenAt: number }[],
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
    recognized: (origin: Origin, token?: string) => recognized(item, userId, origin, token, now),
    /** @returns the new device's token, and whether anything was written */
    signIn: (origin: Origin, token?: string) => {
      const { device, writes } = remembering(deps, item, userId, origin, token);
      for (const write of writes) {
        expect(write).toMatchObject({ kind: 'put' });
        if (write.kind === 'put') item = write.item;
      }
      return { device, isWritten: writes.length > 0 };
    },
  };
}

describe('G3 known devices', () => {
  it('are none at first', () => {
    expect(aUser().recognized(office)).toEqual({ byDevice: false, byNetwork: false, isFirst: true });
  });

  it('get a token with their first sign-in, and are known by it anywhere', () => {
    const user = aUser();
    const { device } = user.signIn(office);
    expect(device).toMatch(/^rdev_/);
    expect(user.item()).toMatchObject({ ...userKeys.devices(userId), type: 'devices', v: 1 });
    expect(user.recognized(office, device)).toEqual({ byDevice: true, byNetwork: true, isFirst: false });
    expect(user.recognized(hotel, device)).toEqual({ byDevice: true, byNetwork: false, isFirst: false });
    expect(user.recognized(office)).toEqual({ byDevice: false, byNetwork: true, isFirst: false });
    expect(user.recognized(hotel)).toEqual({ byDevice: false, byNetwork: false, isFirst: false });
  });

  it('are stored without their token', () => {
    const user = aUser();
    const { device = '' } = user.signIn(office);
    expect(JSON.stringify(user.item())).not.toContain(device.slice(-40));
  });

  it('are not known by a bent token, another kind of token, or one of another user', () => {
    const user = aUser();
    const { device = '' } = user.signIn(office);
    const bent = `${device.slice(0, -8)}${device.endsWith('A') ? 'B' : 'A'}${device.slice(-7)}`;
    const foreign = mintToken(user.deps, 'rdev', otherId).token;
    for (const token of ['', 'rdev_', bent, foreign, device.replace('rdev', 'rses'), `${device}A`]) {
      expect(user.recognized(hotel, token)).toMatchObject({ byDevice: false });
    }
    // Its own token helps nobody with another account.
    expect(recognized(user.item(), otherId, hotel, device, user.deps.now())).toMatchObject({ byDevice: false });
    expect(recognized(undefined, 'usr_nobody-0123456789abcdef01234567', hotel, device, 0)).toMatchObject({
      byDevice: false,
      byNetwork: false,
    });
  });

  it('are known for ninety days after they were seen, and new again then, but not the first', () => {
    const user = aUser();
    const { device } = user.signIn(office);
    user.advance(90 * DAY_MS - 1);
    expect(user.recognized(office, device)).toMatchObject({ byDevice: true, byNetwork: true });
    user.advance(1);
    expect(user.recognized(office, device)).toEqual({ byDevice: false, byNetwork: false, isFirst: false });
    const again = user.signIn(office, device);
    expect(again.device).toMatch(/^rdev_/);
    expect(again.device).not.toBe(device);
    expect(user.devices()).toHaveLength(1);
  });
});

describe('remembering devices', () => {
  it('writes nothing for one that was noted less than a day ago at the same network', () => {
    const user = aUser();
    const { device } = user.signIn(office);
    user.advance(DAY_MS - 1);
    expect(user.signIn(office, device)).toEqual({ device: undefined, isWritten: false });
  });

  it('notes one anew after a day, or from another network, without a new token', () => {
    const user = aUser();
    const { device } = user.signIn(office);
    user.advance(DAY_MS);
    expect(user.signIn(office, device)).toEqual({ device: undefined, isWritten: true });
    expect(user.devices()).toMatchObject([{ network: office.network, seenAt: user.deps.now() }]);
    expect(user.signIn(home, device)).toEqual({ device: undefined, isWritten: true });
    expect(user.devices()).toMatchObject([{ network: home.network, seenAt: user.deps.now() }]);
    expect(user.recognized(hotel, device)).toMatchObject({ byDevice: true });
  });

  it('makes no device of each sign-in of a client that keeps no token', () => {
    const user = aUser();
    const { device } = user.signIn(office);
    for (let n = 0; n < 20; n++) expect(user.signIn(office)).toEqual({ device: undefined, isWritten: false });
    user.advance(DAY_MS);
    expect(user.signIn(office)).toEqual({ device: undefined, isWritten: true });
    expect(user.signIn(office)).toEqual({ device: undefined, isWritten: false });
    expect(user.devices()).toMatchObject([{ network: office.network, seenAt: user.deps.now() }]);
    expect(user.recognized(hotel, device)).toMatchObject({ byDevice: true });
  });

  it('keeps the eight that were seen last, newest first, in little more than a kilobyte', () => {
    const user = aUser();
    const tokens = Array.from({ length: 10 }, (_, n) => {
      user.advance(1000);
      return user.signIn(from(`2001:db8:ffff:fff${n}::/64`)).device as string;
    });
    const known = () => tokens.map((token) => user.recognized(hotel, token).byDevice);
    expect(known()).toEqual([false, false, ...Array(8).fill(true)]);
    expect(user.devices().map(({ seenAt }) => seenAt)).toEqual(
      user
        .devices()
        .map(({ seenAt }) => seenAt)
        .toSorted((a, b) => b - a),
    );
    expect(Buffer.byteLength(JSON.stringify(user.item()))).toBeLessThan(1500);
    // Who is seen again is the newest, and the next one pushes out another.
    user.signIn(hotel, tokens[2]);
    user.signIn(home);
    expect(known().slice(2, 5)).toEqual([true, false, true]);
  });

  it('drops devices that are known no longer when another is noted', () => {
    const user = aUser();
    user.signIn(office);
    user.advance(45 * DAY_MS);
    user.signIn(home);
    user.advance(45 * DAY_MS);
    user.signIn(hotel);
    expect(user.devices().map(({ network }) => network)).toEqual([hotel.network, home.network]);
  });

  it('survives a lost race: one device is new again, none is in the way', () => {
    const user = aUser();
    const first = remembering(user.deps, user.item(), userId, office, undefined);
    const { device: second } = user.signIn(hotel);
    expect(first.writes).toMatchObject([{ kind: 'put' }]);
    expect(first.writes[0]).not.toHaveProperty('if');
    expect(user.recognized(home, second)).toMatchObject({ byDevice: true });
    expect(user.signIn(office, first.device).device).toMatch(/^rdev_/);
  });

  it('refuses to go on with an item that it does not understand', () => {
    const item = { ...userKeys.devices(userId), type: 'devices', v: 2, devices: [] };
    expect(() => recognized(item, userId, office, undefined, 0)).toThrow();
  });
});
