// S3 of this machine, as far as the tenant uses it: takes files by form, hands them to who signs for them, removes them.
// A file is on disk, whole, before the answer goes out.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { type Credentials, checkPost, StoreRefusal } from './post-policy.ts';

/** Below the tenant's own address, so that its pages may upload; S3_ENDPOINT leads here. */
export const storePath = '/s3';

export interface UploadStoreOptions {
  folder: string;
  bucket: string;
  region: string;
  credentials: Credentials;
  /** Told of each file, once it is kept. */
  created: (key: string, bytes: number) => void;
  now?: () => number;
}

/** No form allows nearly as much; the policy says how much exactly. */
const REQUEST_BYTES_MAX = 32 * 1024 * 1024;
/** As the bucket's lifecycle rule has it: what nobody took by then is removed. */
const KEPT_MS = 86_400_000;

export class UploadStore {
  readonly #options: UploadStoreOptions;
  readonly #now: () => number;

  constructor(options: UploadStoreOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    for (const file of readdirSync(options.folder).map((name) => join(options.folder, name))) {
      if (file.endsWith('.new') || statSync(file).mtimeMs < this.#now() - KEPT_MS) rmSync(file);
    }
  }

  /** Keys of all files, those of earlier runs among them. */
  keys(): string[] {
    return readdirSync(this.#options.folder).map(decodeURIComponent);
  }

  /** Answers what stands below its path. @returns false when asked for anything else */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const url = new URL(request.url ?? '/', 'http://store');
    const own = `${storePath}/${this.#options.bucket}`;
    if (url.pathname !== own && !url.pathname.startsWith(`${own}/`)) return false;
    const key = decodeURIComponent(url.pathname.slice(own.length + 1));
    this.#run(request, url, key)
      .then(({ status, body }) =>
        response.writeHead(status, { ...(body && { 'content-length': body.length }) }).end(body),
      )
      .catch((error: unknown) => refuse(request, response, error));
    return true;
  }

  async #run(request: IncomingMessage, url: URL, key: string): Promise<{ status: number; body?: Buffer }> {
    if (request.method === 'POST' && key === '') {
      await this.#takeForm(request);
      return { status: 204 };
    }
    await this.#checkSigned(request, url);
    if (request.method === 'GET') return { status: 200, body: this.#read(key) };
    if (request.method !== 'DELETE') throw new StoreRefusal(405, 'MethodNotAllowed', 'Only POST, GET and DELETE');
    rmSync(this.#fileOf(key), { force: true });
    return { status: 204 };
  }

  async #takeForm(request: IncomingMessage): Promise<void> {
    const form = await formOf(request);
    const file = form.get('file');
    if (!file || typeof file === 'string') throw new StoreRefusal(400, 'InvalidArgument', 'The form has no file');
    const texts = [...form].filter((field): field is [string, string] => typeof field[1] === 'string');
    const fields = new Map(texts.map(([name, value]) => [name.toLowerCase(), value]));
    const { bucket, credentials, created } = this.#options;
    checkPost({ bucket, fields, fileBytes: file.size }, credentials, this.#now());
    const key = fields.get('key') ?? '';
    const path = this.#fileOf(key);
    // By rename: a kill in the middle leaves no half of a file.
    writeFileSync(`${path}.new`, Buffer.from(await file.arrayBuffer()), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    created(key, file.size);
  }

  #read(key: string): Buffer {
    try {
      return readFileSync(this.#fileOf(key));
    } catch {
      throw new StoreRefusal(404, 'NoSuchKey', 'There is no such file');
    }
  }

  /** Escaped as a whole: no key is a path. */
  #fileOf(key: string): string {
    return join(this.#options.folder, encodeURIComponent(key));
  }

  /** Signed anew with the same headers, the request must come out the same. */
  async #checkSigned({ method = '', headers }: IncomingMessage, url: URL): Promise<void> {
    const { region, credentials } = this.#options;
    const given = headers.authorization ?? '';
    const signedNames = /SignedHeaders=([^,]+)/.exec(given)?.[1]?.split(';') ?? [];
    const date = String(headers['x-amz-date'] ?? '').replace(
      /^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/,
      '$1-$2-$3:$4:$5',
    );
    const signer = new SignatureV4({ service: 's3', region, credentials, sha256: Sha256, uriEscapePath: false });
    const again = new HttpRequest({
      method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(signedNames.map((name) => [name, String(headers[name] ?? '')])),
    });
    const isDated = !Number.isNaN(Date.parse(date));
    const signed = isDated ? await signer.sign(again, { signingDate: new Date(date) }) : undefined;
    if (given === '' || signed?.headers.authorization !== given) {
      throw new StoreRefusal(403, 'SignatureDoesNotMatch', 'The request is not signed by who may do this');
    }
  }
}

async function formOf(request: IncomingMessage): Promise<FormData> {
  const tooLarge = new StoreRefusal(400, 'EntityTooLarge', 'The request is larger than any form may be');
  if (Number(request.headers['content-length'] ?? 0) > REQUEST_BYTES_MAX) throw tooLarge;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > REQUEST_BYTES_MAX) throw tooLarge;
    chunks.push(chunk);
  }
  const type = request.headers['content-type'] ?? '';
  try {
    return await new Response(Buffer.concat(chunks), { headers: { 'content-type': type } }).formData();
  } catch {
    throw new StoreRefusal(400, 'MalformedPOSTRequest', 'The body is not well-formed multipart/form-data');
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (!(error instanceof StoreRefusal)) console.error('The local store failed:', error);
  const { status, code, message } =
    error instanceof StoreRefusal ? error : { status: 500, code: 'InternalError', message: 'See the log' };
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  // What is left of a request that is too large is not worth reading.
  if (!request.complete) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`,
  );
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
