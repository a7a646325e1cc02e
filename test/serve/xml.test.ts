import fc from 'fast-check';
import { XmlDocument, type XmlElement } from 'libxml2-wasm';
import { xml } from '#serve/xml.ts';

const valueRead = (text: string) => {
  const document = XmlDocument.fromString(text);
  const value = (document.root as XmlElement).attrs[0]?.content;
  document.dispose();
  return value;
};
const written = (value: string) => xml({ name: 'a', attributes: { b: value } });

describe('documents in XML', () => {
  it('are nested elements with attributes, one a line', () => {
    const root = { name: 'a', attributes: { b: '1', c: '<2>' }, children: [{ name: 'd', children: [{ name: 'e' }] }] };
    expect(xml(root).split('\n')).toEqual([
      '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
      '<a b="1" c="&#60;2&#62;">',
      '  <d>',
      '    <e/>',
      '  </d>',
      '</a>',
      '',
    ]);
  });

  it.each([
    '<>&"\'',
    ']]><script>',
    '<!-- -->',
    '&lt;&#0;&undefined;',
    'line\nbreak\r\n\ttab  two spaces ',
    '👩‍💻 Žluťoučký 日本',
    '\u0085\u2028\ufffd',
  ])('give %j back as it was', (value) => {
    expect(valueRead(written(value))).toBe(value);
  });

  it('drop what no document of XML 1.0 can hold', () => {
    expect(valueRead(written('a\u0000\u0001\u000b\u001f\ufffe\uffff\ud800z'))).toBe('az');
    expect(valueRead(written('\udc00x\ud83d'))).toBe('x');
  });

  it('are well-formed and lose nothing else, whatever the value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
        const kept = [...value].filter(
          (each) => /[\t\n\r]/.test(each) || (each >= ' ' && !/[\ufffe\uffff]/.test(each)),
        );
        expect(valueRead(written(value))).toBe(kept.join(''));
      }),
      { numRuns: 500 },
    );
  });

  it('are not written with a name that is none', () => {
    for (const name of ['', 'a b', 'a>', '1', 'ä']) {
      expect(() => xml({ name })).toThrow('is no name of XML');
      expect(() => xml({ name: 'a', attributes: { [name]: '' } })).toThrow('is no name of XML');
    }
  });
});
