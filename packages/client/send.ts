// Sending one call: a time limit for each try, and further tries only where a repeat cannot do anything twice.

import type { Csv, Image, Xml } from '#contract/operation.ts';
import { errorOf, objectOf, RosterError, unexpected } from './roster-error.ts';

export interface Sending {
  url: string;
  init: { method: string; headers: Record<string, string>; body?: string };
  fetch: typeof fetch;
  /** What an answer is: an image, a table and a document are no JSON. */
  output: 'json' | 'image' | 'csv' | 'xml';
  /** GET, or a POST that the API recognizes by its Idempotency-Key. */
  isRepeatable: boolean;
  triesMax: number;
  timeoutMs: number;
  signal: AbortSignal | undefined;
}

/** Longer than this no try waits: the caller is told the time instead. */
const WAIT_MAX_MS = 10_000;
const PAUSE_MS = 200;

/** @returns the answer's JSON, its image, its table or its document; null where it has none. @throws RosterError; the signal's reason when the caller gave up */
export async function send(sending: Sending): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    try {
      return await sendOnce(sending);
    } catch (error) {
      const pause = error instanceof RosterError ? pauseAfter(error, tries) : undefined;
      if (!sending.isRepeatable || pause === undefined || tries >= sending.triesMax) throw error;
      await wait(pause, sending.signal);
    }
  }
}

async function sendOnce({ url, init, fetch, output, timeoutMs, signal }: Sending): Promise<unknown> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { ...init, signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
    if (!response.ok) throw await errorOf(response);
    if (output === 'image') return await imageOf(response);
    if (output === 'csv') return await csvOf(response);
    if (output === 'xml') return { text: await response.text() } satisfies Xml;
    const text = await response.text();
    if (text === '') return null;
    const answer = objectOf(text);
    if (!answer) throw unexpected(response, text);
    return answer;
  } catch (error) {
    if (error instanceof RosterError) throw error;
    if (signal?.aborted) throw signal.reason;
    throw timeout.aborted
      ? new RosterError({ status: 0, code: 'timed_out', detail: `No answer within ${timeoutMs} ms`, cause: error })
      : new RosterError({
          status: 0,
          code: 'unreachable',
          detail: `${new URL(url).origin} is out of reach`,
          cause: error,
        });
  }
}

async function imageOf(response: Response): Promise<Image> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const tag = response.headers.get('etag')?.replaceAll('"', '') ?? '';
  return { type: response.headers.get('content-type') as Image['type'], bytes, tag };
}

async function csvOf(response: Response): Promise<Csv> {
  const [, file = ''] = /filename="([^"]*)"/.exec(response.headers.get('content-disposition') ?? '') ?? [];
  const [, link] = /^<([^>]*)>; rel="next"$/.exec(response.headers.get('link') ?? '') ?? [];
  const next = link === undefined ? null : new URL(link).searchParams.get('cursor');
  return { file, text: await response.text(), ...(next !== null && { next }) };
}

/** How long to wait before the next try; undefined when another try would be wrong or come too soon. */
function pauseAfter(error: RosterError, tries: number): number | undefined {
  if (error.status !== 503 && error.code !== 'unreachable' && error.code !== 'timed_out') return undefined;
  if (error.retryAfterSeconds !== undefined) {
    const asked = error.retryAfterSeconds * 1000;
    return asked <= WAIT_MAX_MS ? asked : undefined;
  }
  return Math.random() * PAUSE_MS * 2 ** tries;
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done, failed) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      done();
    }, ms);
    const abort = () => {
      clearTimeout(timer);
      failed(signal?.reason);
    };
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
