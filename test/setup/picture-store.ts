// A store for uploads on this machine, as `npm start` has it, for tests of functions that reach it.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storePath, UploadStore } from '#local/upload-store.ts';

export interface Form {
  url: string;
  fields: Record<string, string>;
}

/** Functions of this test file upload to it from now on. */
export async function startPictureStore(options: { now?: () => number } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'roster-uploads-'));
  /** Keys of what was uploaded, in order. */
  const created: string[] = [];
  const store = new UploadStore({
    folder,
    bucket: process.env.UPLOADS_BUCKET as string,
    region: process.env.AWS_REGION as string,
    credentials: {
      accessKeyId: process.env.AWS_ACCESS_KEY_ID as string,
      secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY as string,
    },
    created: (key) => created.push(key),
    ...options,
  });
  const server = createServer((request, response) => {
    if (!store.answer(request, response)) response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  process.env.S3_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}${storePath}`;
  return {
    store,
    created,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      rmSync(folder, { recursive: true });
    },
  };
}

/** Sends the form as a page would. */
export async function sendForm({ url, fields }: Form, file: Uint8Array, more: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...more })) form.append(name, value);
  form.append('file', new Blob([new Uint8Array(file)]), 'me.png');
  const answer = await fetch(url, { method: 'POST', body: form });
  return { status: answer.status, code: /<Code>(\w+)</.exec(await answer.text())?.[1] };
}
