// What a User-Agent header says, in words for people: "Firefox, Windows". Only words of this list: the header is whatever its sender
// wrote, and a message of ours must not carry a stranger's sentence or link.

// Their order matters: most claim to be Chrome and Safari too.
const browsers = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\b(OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
  [/^node\b/, 'Node.js'],
] as const;

const systems = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'Mac'],
  [/\bCrOS\b/, 'Chromebook'],
  [/\bLinux\b/, 'Linux'],
] as const;

/** Empty when nothing of it is known. */
export function deviceInWords(userAgent: string | number): string {
  const known = [browsers, systems].map((list) => list.find(([pattern]) => pattern.test(String(userAgent)))?.[1]);
  return known.filter((name) => name !== undefined).join(', ');
}
