import { csv as file } from '#serve/csv.ts';

/** Without the mark that each file begins with. */
const csv = (...table: Parameters<typeof file>) => file(...table).slice(1);

describe('a table for spreadsheets', () => {
  it('begins with the mark by which Excel knows UTF-8, once', () => {
    expect(file(['č'], [['ž']])).toBe('\uFEFFč\r\nž\r\n');
  });

  it('has its header row and a line end after each row (RFC 4180)', () => {
    expect(csv(['a', 'b'], [])).toBe('a,b\r\n');
    const rows = [
      ['1', ''],
      ['', 'č'],
    ];
    expect(csv(['a', 'b'], rows)).toBe('a,b\r\n1,\r\n,č\r\n');
  });

  it.each([
    ['a comma', 'a,b', '"a,b"'],
    ['quotes', 'say "x"', '"say ""x"""'],
    ['a line break', 'a\r\nb', '"a\r\nb"'],
    ['a bare line feed', 'a\nb', '"a\nb"'],
    ['spaces, which are part of the value', ' a ', ' a '],
  ])('keeps %s', (_what, value, written) => {
    expect(csv(['h'], [[value]])).toBe(`h\r\n${written}\r\n`);
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ['=A1,"x"', `"'=A1,""x"""`],
    ['Jana;=1+1', "Jana;'=1+1"],
    ['Jana; +1;@x', "Jana;' +1;'@x"],
    ['a\t-1', "a\t'-1"],
    ['a\r\n=1', `"a\r\n'=1"`],
    ['a;"=1"', `"a;'""=1"""`],
    [';;=1', ";;'=1"],
  ])('makes text of %j, in the header as well', (value, written) => {
    expect(csv(['h'], [[value]])).toBe(`h\r\n${written}\r\n`);
    expect(csv([value], [])).toBe(`${written}\r\n`);
  });

  it('leaves alone what only holds such a character', () => {
    const values = ['a=b', '1-2', 'x@y', 'a; b', 'a;b=c', 'role A holds crm:use; role B holds crm:use'];
    expect(csv(['h'], [values])).toBe(`h\r\n${values.join(',')}\r\n`);
  });
});
