// What a file says of itself before anything decodes it: which of the three kinds it is, and whether it is whole and nothing
// but that. A name or a content type that somebody sent has no say here.

export type ImageKind = 'jpeg' | 'png' | 'gif';

const startsWith = (bytes: Buffer, ...start: number[]) => bytes.subarray(0, start.length).equals(Buffer.from(start));

/** By the first bytes; undefined for all that is not shown to anybody, SVG among it. */
export function kindOf(bytes: Buffer): ImageKind | undefined {
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return 'jpeg';
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  return ['GIF87a', 'GIF89a'].includes(bytes.toString('latin1', 0, 6)) ? 'gif' : undefined;
}

/**
 * Does the file end where its image ends? A script or an archive behind it makes a file that is two things at once. Cameras
 * write second images and notes behind a JPEG, so there only its end must exist; encoding anew leaves the rest behind.
 */
export function isWhole(kind: ImageKind, bytes: Buffer): boolean {
  if (kind === 'jpeg') return bytes.includes(Buffer.from([0xff, 0xd9]));
  return (kind === 'png' ? endOfPng(bytes) : endOfGif(bytes)) === bytes.length;
}

/** Behind IEND. Chunk: length, type, data, check sum (PNG §5.3). */
function endOfPng(bytes: Buffer): number | undefined {
  for (let at = 8; at + 12 <= bytes.length; ) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    at += 12 + bytes.readUInt32BE(at);
    if (type === 'IEND') return at;
  }
  return undefined;
}

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;

/** Behind the trailer. Header and screen, color table, then blocks (GIF89a §12). */
function endOfGif(bytes: Buffer): number | undefined {
  let at = 13 + colorTable(bytes[10]);
  while (at < bytes.length) {
    switch (bytes[at]) {
      case EXTENSION:
        at = behindSubBlocks(bytes, at + 2);
        break;
      case IMAGE:
        at = behindSubBlocks(bytes, at + 11 + colorTable(bytes[at + 9]));
        break;
      case TRAILER:
        return at + 1;
      default:
        return undefined;
    }
  }
  return undefined;
}

/** Bytes of the color table that the packed field announces. */
function colorTable(packed = 0): number {
  return packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0;
}

function behindSubBlocks(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== 0) at += (bytes[at] as number) + 1;
  return at + 1;
}
