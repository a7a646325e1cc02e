import * as fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { sanitized } from '#domain/signatures/sanitized.ts';

const clean = (html: string) => sanitized(html) ?? '';

const tags = [
  ...[
    'a',
    'b',
    'strong',
    'i',
    'em',
    'u',
    's',
    'small',
    'sub',
    'sup',
    'span',
    'br',
    'img',
    'p',
    'div',
    'h1',
    'h2',
    'h3',
  ],
  ...['blockquote', 'ul', 'ol', 'li', 'hr', 'table', 'thead', 'tbody', 'tr', 'td', 'th'],
];
const attributes = ['style', 'href', 'rel', 'title', 'src', 'alt', 'width', 'height', 'colspan', 'rowspan'];
const declared =
  /^((color|background-color|font-size|font-family|font-weight|font-style|text-decoration|text-align):[\p{L}\d\s#.,%()'"-]+;?)*$/u;

/** All that a browser would make of it, by the parser of the standard, which is not the one that sanitizes. */
function dangersIn(html: string): string[] {
  const found: string[] = [];
  const look = (node: DefaultTreeAdapterTypes.Node): void => {
    if (node.nodeName === '#comment' || node.nodeName === '#documentType') found.push(node.nodeName);
    if ('tagName' in node) {
      if (!tags.includes(node.tagName) || node.namespaceURI !== 'http://www.w3.org/1999/xhtml')
        found.push(node.tagName);
      for (const { name, value } of node.attrs) if (!isHarmless(name, value)) found.push(`${name}=${value}`);
    }
    if ('childNodes' in node) for (const child of node.childNodes) look(child);
  };
  look(parseFragment(html));
  return found;
}

function isHarmless(name: string, value: string): boolean {
  if (name === 'href') return /^(https?|mailto|tel):/.test(value);
  if (name === 'src') return value.startsWith('https://');
  if (name === 'style') return declared.test(value) && !/url|expression|\\|@/i.test(value);
  return attributes.includes(name);
}

const hostile = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=//evil.example/x.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<<script>alert(1);//<</script>',
  '<script\n>alert(1)</script\t\n bar>',
  '<img src=x onerror=alert(1)>',
  '<img src="https://x.example/a.png" onerror="alert(1)">',
  '<img/src="https://x.example/a.png"/onload=alert(1)>',
  '<img """><script>alert(1)</script>">',
  '<img src="javascript:alert(1)">',
  '<img src="data:image/svg+xml;base64,PHN2Zy8+">',
  '<img src="http://tracker.example/a.gif">',
  '<img src="https://x.example/a.png" srcset="javascript:alert(1) 2x">',
  '<img src=`javascript:alert(1)`>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt:alert(1)">x</a>',
  '<a href=" javascript:alert(1)">x</a>',
  '<a href="java\tscript:alert(1)">x</a>',
  '<a href="java\nscript:alert(1)">x</a>',
  '<a href="java&#x0A;script:alert(1)">x</a>',
  '<a href="&#106;&#97;vascript:alert(1)">x</a>',
  '<a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74:alert(1)">x</a>',
  '<a href="javascript&colon;alert(1)">x</a>',
  '<a href="\u0001javascript:alert(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<a href="//evil.example">x</a>',
  '<a href="/relative">x</a>',
  '<a href="blob:https://x.example/1">x</a>',
  '<a href="https://x.example" onclick="alert(1)" ping="https://y.example" target="_top" class="x" id="y">x</a>',
  '<a href="https://x.example" rel="opener">x</a>',
  '<svg><script>alert(1)</script></svg>',
  '<svg onload=alert(1)>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<form action="https://evil.example"><form><input name="password"><button formaction="javascript:alert(1)">x',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<style><img src="</style><img src=x onerror=alert(1)//">',
  '<style>@import "https://evil.example/x.css"; * { background: url(javascript:alert(1)) }</style>',
  '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
  '<noembed><img title="</noembed><img src=x onerror=alert(1)>"></noembed>',
  '<textarea><img title="</textarea><img src=x onerror=alert(1)>">',
  '<title><img title="</title><img src=x onerror=alert(1)>">',
  '<plaintext><img src=x onerror=alert(1)>',
  '<template><script>alert(1)</script></template>',
  '<select><template><img src=x onerror=alert(1)></template></select>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="data:text/html,<script>alert(1)</script>"></object>',
  '<embed src="data:image/svg+xml,<svg onload=alert(1)>">',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '<link rel=stylesheet href="https://evil.example/x.css">',
  '<p style="background:url(javascript:alert(1))">x</p>',
  '<p style="background-image:\\75\\72\\6C(https://evil.example/a.gif)">x</p>',
  '<p style="width:expression(alert(1))">x</p>',
  '<p style="color:red;position:fixed;top:0;left:0;width:100%;height:100%">x</p>',
  '<p style="-moz-binding:url(https://evil.example/x.xml#a)">x</p>',
  '<p style="color:re\\64;behavior:url(x.htc)">x</p>',
  '<p style="font-family:\'x;background:url(https://evil.example)\'">x</p>',
  '<p style=\'color:red" onmouseover="alert(1)\'>x</p>',
  '<p style="color:rgba(0,0,0,0);font-size:1px">x</p>',
  '<div style="font-size:999px">x</div>',
  '<table background="javascript:alert(1)"><td background="javascript:alert(1)">x',
  '<table><tr><td colspan="9999999" onclick=alert(1)>x',
  '<!--<img src="--><img src=x onerror=alert(1)//">',
  '<!--[if gte IE 4]><script>alert(1)</script><![endif]-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<?xml version="1.0"?><script>alert(1)</script>',
  '<!DOCTYPE html [<!ENTITY x "<script>alert(1)</script>">]>&x;',
  '<b <script>alert(1)</script>0</b>',
  '<b/onclick=alert(1)//<p>',
  '<details open ontoggle=alert(1)>x</details>',
  '<video><source onerror=alert(1)></video>',
  '<audio src=x onerror=alert(1)>',
  '<marquee onstart=alert(1)>x</marquee>',
  '<input autofocus onfocus=alert(1)>',
  '<body onload=alert(1)>',
  '<p id="location" name="cookie" class="admin">x</p>',
  '<p\u0000onclick=alert(1)>x</p>',
  '<img src="https://x.example/a.png\u0000.exe" alt="\u0000">',
  '%3Cscript%3Ealert(1)%3C/script%3E',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&amp;lt;img src=x onerror=alert(1)&amp;gt;',
  '\ufeff<script>alert(1)</script>',
  '＜script＞alert(1)＜/script＞',
  '<a href="https://x.example/?a=1&lt=2">x',
  '<a title="</a><img src=x onerror=alert(1)>">x</a>',
  '<a href="https://x.example/&quot;onmouseover=alert(1)//">x</a>',
  '<td><audio src=x onerror=alert(1)><td>',
  `${'<td><x>'.repeat(40)}`,
  `${'<p><x><a href="https://x.example"><y>'.repeat(30)}`,
  '<p>unclosed <b>bold <i>both <a href="https://x.example">link',
  '</p></div></body></html><p>after',
  `${'<div>'.repeat(500)}deep${'</div>'.repeat(500)}`,
  `${'<b><i>'.repeat(300)}x`,
];

function cleanOrRefused(html: string): string {
  try {
    return clean(html);
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_input' });
    return '';
  }
}

describe('K8 S0-30 hostile HTML', () => {
  it.each(hostile)('leaves nothing dangerous of %j', (html) => {
    expect(dangersIn(clean(html))).toEqual([]);
  });

  it('is known for what it is by this test', () => {
    const known = hostile.filter((html) => dangersIn(html).length > 0);
    // The others are text to a browser, or formatting that goes too far.
    expect(hostile.length - known.length).toBeLessThan(20);
  });

  it.each(hostile)('is the same when it is sanitized again: %j', (html) => {
    const kept = clean(html);
    expect(clean(kept)).toBe(kept);
  });

  it('in any mixture of its pieces, too', () => {
    const piece = fc.oneof(
      fc.constantFrom(...hostile),
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '&',
        '&lt;',
        '&#60;',
        '<p>',
        '</p>',
        '<a href="',
        '">',
        '<!--',
        '-->',
        '<img ',
      ),
      fc.constantFrom('<style>', '</style>', '<svg>', '<math>', '</svg>', 'onerror=', 'javascript:', '<table>', '<td>'),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        // A piece may be refused as it is; nothing of it is kept then.
        const kept = cleanOrRefused(pieces.join('').slice(0, 4000));
        expect(dangersIn(kept)).toEqual([]);
        expect(clean(kept)).toBe(kept);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('S0-30 S1-17 what a signature is made of', () => {
  it.each([
    '<p>Jana Nováková<br />Support</p>',
    '<p><b>Bold</b> <em>emphasis</em> <u>line</u> <s>gone</s> H<sub>2</sub>O</p>',
    '<ul><li>one</li><li>two</li></ul>',
    '<table><tbody><tr><td colspan="2">Phone</td><td>217</td></tr></tbody></table>',
    '<a href="mailto:jana@example.com" rel="noopener noreferrer nofollow">Write</a>',
    '<a href="tel:+420601234567" rel="noopener noreferrer nofollow">Call</a>',
    '<a href="https://example.com/a?b=1&amp;c=2" rel="noopener noreferrer nofollow" title="Home">Home</a>',
    '<img src="https://example.com/logo.png" alt="Logo" width="120" height="40" />',
    '<p style="color:#336699;font-size:12px;font-family:Arial, sans-serif;text-align:center">x</p>',
    '<span style="font-weight:bold;text-decoration:underline;background-color:rgb(1, 2, 3)">x</span>',
  ])('is kept as it is: %s', (html) => {
    expect(sanitized(html)).toBe(html);
  });

  it('is put in order where it was not', () => {
    expect(sanitized('<p>one<p>two')).toBe('<p>one</p><p>two</p>');
    expect(sanitized('Novák & syn <jana@example.com>')).toBe('Novák &amp; syn');
    expect(sanitized('<a href="HTTPS://EXAMPLE.com" rel="opener" target="_blank">x</a>')).toBe(
      '<a href="https://example.com/" rel="noopener noreferrer nofollow">x</a>',
    );
    expect(sanitized('<a href="javascript:alert(1)" title="x">x</a>')).toBe('<a title="x">x</a>');
    expect(sanitized('<font color=red>x</font>')).toBe('x');
    expect(sanitized('Z\u030cofie')).toBe('Žofie');
  });

  it('is none where nothing is left', () => {
    for (const html of ['', '   ', '<script>alert(1)</script>', '<!-- -->', '<img src="data:image/png;base64,AA">']) {
      expect(sanitized(html)).toBeUndefined();
    }
  });

  it('is refused when it is too long as safe HTML, though it was not as it was typed', () => {
    expect(sanitized('x'.repeat(10_000))).toHaveLength(10_000);
    expect(() => sanitized('&'.repeat(2001))).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });
});
