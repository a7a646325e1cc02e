import { checkNetwork, checkNetworkOf, checkStaysAllowed, isAllowed } from '#domain/limits/allowed-networks.ts';

const office = ['198.51.100.0/24', '2001:db8:1::/48'];

describe('K13 S4-12 S1-24 C23 allowed networks', () => {
  it.each([
    ['198.51.100.0', true],
    ['198.51.100.255', true],
    ['198.51.101.0', false],
    ['198.51.99.255', false],
    ['2001:db8:1::', true],
    ['2001:db8:1:ffff:ffff:ffff:ffff:ffff', true],
    ['2001:0DB8:0001:0000:0000:0000:0000:0003', true],
    ['2001:db8:2::', false],
    // IPv4 in IPv6's clothes, dotted, hexadecimal and spelled out.
    ['::ffff:198.51.100.7', true],
    ['::FFFF:198.51.100.7', true],
    ['::ffff:c633:6407', true],
    ['0:0:0:0:0:ffff:c633:6407', true],
    ['::ffff:198.51.101.7', false],
    // Not that, although the same digits are in it.
    ['::198.51.100.7', false],
    ['64:ff9b::198.51.100.7', false],
    ['::fffe:198.51.100.7', false],
    // Zones name an interface of one machine, not a network.
    ['2001:db8:1::9%eth0', true],
    ['::ffff:198.51.100.7%eth0', true],
    ['fe80::1%eth0', false],
    ['', false],
    ['unknown', false],
    ['198.51.100', false],
    ['198.51.100.7:443', false],
    ['[2001:db8:1::9]', false],
    ['198.51.100.7, 203.0.113.9', false],
  ])('let %j in from the office: %p', (address, isIn) => {
    expect(isAllowed(office, address)).toBe(isIn);
  });

  it('let everybody in where there is no list, and nobody where it is empty', () => {
    for (const address of ['198.51.100.7', '2001:db8::1', '::1', '']) {
      expect(isAllowed(null, address)).toBe(true);
      expect(isAllowed([], address)).toBe(false);
    }
  });

  it.each([
    [['0.0.0.0/0'], '203.0.113.9', true],
    [['0.0.0.0/0'], '::ffff:203.0.113.9', true],
    [['0.0.0.0/0'], '2001:db8::1', false],
    [['::/0'], '2001:db8::1', true],
    [['::/0'], '203.0.113.9', false],
    [['::/0'], '::ffff:203.0.113.9', false],
    [['::/8'], '203.0.113.9', false],
    [['198.51.100.7/32'], '198.51.100.7', true],
    [['198.51.100.7/32'], '198.51.100.6', false],
    [['2001:db8::1/128'], '2001:db8:0::1', true],
    [['2001:db8::1/128'], '2001:db8::2', false],
    [['198.51.100.77/24'], '198.51.100.1', true],
    [['::ffff:198.51.100.0/120'], '198.51.100.7', true],
    [['::ffff:c633:6400/120'], '::ffff:198.51.100.7', true],
    [['::ffff:198.51.100.0/120'], '198.51.101.7', false],
    [['::ffff:0:0/96'], '198.51.100.7', true],
    [['::ffff:0:0/90'], '198.51.100.7', false],
  ])('%j lets %s in: %p', (networks, address, isIn) => {
    expect(isAllowed(networks, address)).toBe(isIn);
  });
});

type Lists = [tenant: string[] | null, group: string[] | undefined, user: string[] | undefined];

const check = ([tenant, group, user]: Lists, address = '198.51.100.7') => {
  const known = { ...aUserGroup, ...(group && { allowedNetworks: group }) };
  const userGroups = new Map([[known.id, known]]);
  const asker = { userGroup: known.id, ...(user && { allowedNetworks: user }) };
  checkNetworkOf(asker, address, { settings: { allowedNetworks: tenant }, userGroups });
};

const aUserGroup = {
  type: 'user-group' as const,
  v: 1 as const,
  id: 'ugr_1',
  version: 1,
  name: 'Sales',
  usedBy: 1,
  updatedAt: 0,
  profiles: [],
};

describe('K13 C23 tenant, user group and user', () => {
  const codeOf = (...lists: Lists) => {
    try {
      check(lists);
      return 'let in';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it.each([
    [null, undefined, undefined, 'let in'],
    [office, undefined, undefined, 'let in'],
    [null, undefined, office, 'let in'],
    [office, undefined, office, 'let in'],
    [office, undefined, ['198.51.100.7/32'], 'let in'],
    [office, undefined, ['203.0.113.0/24'], 'network_not_allowed'],
    [['203.0.113.0/24'], undefined, office, 'network_not_allowed'],
    [null, undefined, [], 'network_not_allowed'],
    [[], undefined, undefined, 'network_not_allowed'],
    [[], undefined, office, 'network_not_allowed'],
    [office, undefined, [], 'network_not_allowed'],
    [null, office, undefined, 'let in'],
    [office, office, office, 'let in'],
    [null, [], undefined, 'network_not_allowed'],
    [office, [], office, 'network_not_allowed'],
    [office, ['203.0.113.0/24'], office, 'network_not_allowed'],
    [[], office, office, 'network_not_allowed'],
    [office, office, [], 'network_not_allowed'],
  ] as [...Lists, string][])('%j, %j and %j: %s', (tenant, group, user, outcome) => {
    expect(codeOf(tenant, group, user)).toBe(outcome);
  });

  it('answer with the address, and which of the lists it is that refuses', () => {
    const refused =
      (...lists: Lists) =>
      () =>
        check(lists);
    expect(refused(null, undefined, [])).toThrow('198.51.100.7 is not in a network that is allowed to this user');
    expect(refused(null, [], [])).toThrow('198.51.100.7 is not in a network that is allowed to this user group');
    expect(refused([], [], [])).toThrow('198.51.100.7 is not in a network that this tenant allows');
    expect(refused([], undefined, undefined)).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ rule: 'K13', because: '198.51.100.7' }) }),
    );
  });

  it('ask before anybody is known by the list of the tenant alone', () => {
    expect(() => checkNetwork({ allowedNetworks: office }, '198.51.100.7')).not.toThrow();
    expect(() => checkNetwork({ allowedNetworks: [] }, '198.51.100.7')).toThrow('this tenant allows');
  });
});

describe('K13 shutting the door behind oneself', () => {
  const stays = (networks: string[] | null, address: string, force = false) =>
    expect(() => checkStaysAllowed(networks, { address, force }));

  it('is refused without force', () => {
    stays(['203.0.113.0/24'], '198.51.100.7').toThrow(expect.objectContaining({ code: 'would_lock_yourself_out' }));
    stays([], '198.51.100.7').toThrow(expect.objectContaining({ code: 'would_lock_yourself_out' }));
    stays(['::/0'], '198.51.100.7').toThrow(expect.objectContaining({ code: 'would_lock_yourself_out' }));
  });

  it('is done with force, and nothing is asked where the door stays open', () => {
    stays([], '198.51.100.7', true).not.toThrow();
    stays(null, '198.51.100.7').not.toThrow();
    stays(office, '::ffff:198.51.100.7').not.toThrow();
  });
});
