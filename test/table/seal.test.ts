import { Problem } from '#contract/problems.ts';
import { openCursor, sealCursor } from '#table/cursor.ts';
import { makeSealKeys, Sealer } from '#table/seal.ts';

const keys = makeSealKeys(Date.parse('2026-01-01'));
const sealer = new Sealer(keys);

describe('K5 sealing', () => {
  it('opens for the same purpose and key, and for nothing else', () => {
    const sealed = sealer.seal('outbox 1', { code: '123456' });
    expect(sealed).not.toContain('123456');
    expect(sealer.unseal('outbox 1', sealed)).toEqual({ code: '123456' });
    expect(sealer.unseal('outbox 2', sealed)).toBeUndefined();
    expect(new Sealer(makeSealKeys(1)).unseal('outbox 1', sealed)).toBeUndefined();
  });

  it('notices every changed byte', () => {
    const sealed = sealer.seal('p', 'value');
    const [id, body = ''] = sealed.split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let n = 0; n < bytes.length; n++) {
      const bent = Buffer.from(bytes);
      bent[n] = (bent[n] as number) ^ 1;
      expect(sealer.unseal('p', `${id}.${bent.toString('base64url')}`)).toBeUndefined();
    }
    for (const junk of ['', '.', 'x', `${id}.`, `${id}.AAAA`, `other.${body}`])
      expect(sealer.unseal('p', junk)).toBeUndefined();
  });

  it('never seals alike twice', () => {
    expect(sealer.seal('p', 1)).not.toBe(sealer.seal('p', 1));
  });

  it('opens what older keys sealed, and seals with the newest', () => {
    const rotated = new Sealer({ keys: [...makeSealKeys(2e12).keys, ...keys.keys] });
    expect(rotated.unseal('p', sealer.seal('p', 'old'))).toBe('old');
    expect(rotated.matches('code', '123456', sealer.fingerprint('code', '123456'))).toBe(true);
    expect(sealer.unseal('p', rotated.seal('p', 'new'))).toBeUndefined();
  });

  it('recognizes a short secret only with key and purpose', () => {
    const print = sealer.fingerprint('code 1', '042817');
    expect(sealer.matches('code 1', '042817', print)).toBe(true);
    expect(sealer.matches('code 1', '042818', print)).toBe(false);
    expect(sealer.matches('code 2', '042817', print)).toBe(false);
    expect(sealer.matches('code 1', '042817', 'nonsense')).toBe(false);
  });
});

describe('cursors', () => {
  it('are good for their own list alone', () => {
    const cursor = sealCursor(sealer, 'users of A', { pk: 'x' });
    expect(openCursor(sealer, 'users of A', cursor)).toEqual({ pk: 'x' });
    expect(() => openCursor(sealer, 'users of B', cursor)).toThrow(Problem);
  });
});
