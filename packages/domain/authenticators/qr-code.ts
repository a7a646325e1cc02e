// A text as a QR code, in two forms for img elements: SVG for screens, PNG for what shows no SVG (mails, old clients).

import { crc32, deflateSync } from 'node:zlib';
import encodeQR from 'qr';

/** Modules around the code that stay light (ISO/IEC 18004 §6.3.8). */
const QUIET_ZONE = 4;
const PNG_PIXELS_A_MODULE = 6;
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Both as data URIs. */
export function qrCode(text: string): { qrSvg: string; qrPng: string } {
  const isDark = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET_ZONE });
  return {
    qrSvg: dataUri('image/svg+xml', Buffer.from(svgOf(isDark))),
    qrPng: dataUri('image/png', pngOf(isDark)),
  };
}

function dataUri(type: string, bytes: Buffer): string {
  return `data:${type};base64,${bytes.toString('base64')}`;
}

/** One path; each run of dark modules is one stroke of a module's height. */
function svgOf(isDark: boolean[][]): string {
  const runs = isDark.flatMap((row, y) =>
    [...rowText(row).matchAll(/1+/g)].map(({ 0: run, index }) => `M${index} ${y}h${run.length}v1h-${run.length}z`),
  );
  const size = isDark.length;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${runs.join('')}"/></svg>`;
}

/** Grayscale of one bit a pixel (PNG, W3C, third edition). */
function pngOf(isDark: boolean[][]): Buffer {
  const size = isDark.length * PNG_PIXELS_A_MODULE;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header[8] = 1;
  const lines = isDark.flatMap((row) => Array(PNG_PIXELS_A_MODULE).fill(pngLine(row)));
  return Buffer.concat([
    PNG_SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(lines))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A zero for "no filter", then the pixels, light as one, padded to whole bytes. */
function pngLine(row: boolean[]): Buffer {
  const bits = rowText(row).replace(/./g, (dark) => (dark === '1' ? '0' : '1').repeat(PNG_PIXELS_A_MODULE));
  const bytes = bits.match(/.{1,8}/g) ?? [];
  return Buffer.from([0, ...bytes.map((byte) => Number.parseInt(byte.padEnd(8, '1'), 2))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

const rowText = (row: boolean[]) => row.map((dark) => (dark ? '1' : '0')).join('');
