import { checkNetwork, checkStaysAllowed, isAllowed } from '#domain/limits/allowed-networks.ts';

const office = ['198.51.100.0/24', '2001:db8:1::/48'];

describe('K13 S4-12 C23 allowed networks', () => {
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

describe('K13 C23 tenant and user', () => {
  const codeOf = (tenant: string[] | null, user: string[] | undefined, address = '198.51.100.7') => {
    try {
      checkNetwork({ allowedNetworks: tenant }, address, user && { allowedNetworks: user });
      return 'let in';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it.each([
    [null, undefined, 'let in'],
    [office, undefined, 'let in'],
    [null, office, 'let in'],
    [office, office, 'let in'],
    [office, ['198.51.100.7/32'], 'let in'],
    [office, ['203.0.113.0/24'], 'network_not_allowed'],
    [['203.0.113.0/24'], office, 'network_not_allowed'],
    [null, [], 'network_not_allowed'],
    [[], undefined, 'network_not_allowed'],
    [[], office, 'network_not_allowed'],
    [office, [], 'network_not_allowed'],
  ])('%j and %j: %s', (tenant, user, outcome) => {
    expect(codeOf(tenant, user)).toBe(outcome);
  });

  it('answer with the address, and which of the two lists it is that refuses', () => {
    const refused = (tenant: string[] | null, user: string[]) => () =>
      checkNetwork({ allowedNetworks: tenant }, '198.51.100.7', { allowedNetworks: user });
    expect(refused(null, [])).toThrow('198.51.100.7 is not in a network that is allowed to this user');
    expect(refused([], [])).toThrow('198.51.100.7 is not in a network that this tenant allows');
    expect(refused([], [])).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ rule: 'K13', because: '198.51.100.7' }) }),
    );
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
