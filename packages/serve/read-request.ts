// From the gateway's event to a checked request. Everything that a caller sends is parsed here, once, and nowhere else.

import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { invalidInput } from '#contract/fields.ts';
import { type Operation, takesIdempotencyKey } from '#contract/operation.ts';
import { Problem } from '#contract/problems.ts';
import { networkOf } from '#domain/limits/network.ts';
import type { Origin } from '#domain/sessions/sessions.ts';
import type { Event, OpenVisit } from './visit.ts';

const BODY_BYTES_MAX = 64 * 1024;

/** @throws Problem `malformed_json`, `unsupported_media_type`, `body_too_large`, `invalid_input`, `version_missing` */
export function readRequest(
  operation: Operation,
  event: Event,
): Pick<OpenVisit, 'request' | 'ifMatch' | 'idempotency'> {
  const raw = operation.body ? rawBody(operation, event) : '';
  const request = {
    params: parse(operation.params, event.pathParameters ?? {}, 'path'),
    query: parse(operation.query, event.queryStringParameters ?? {}, 'query'),
    body: operation.body && parse(operation.body, operation.form ? formOf(raw, operation.body) : jsonOf(raw), 'body'),
  };
  return {
    request,
    ...(operation.ifMatch && { ifMatch: ifMatchOf(event) }),
    ...(takesIdempotencyKey(operation) && idempotencyOf(event, raw)),
  };
}

/** The client's address as the gateway saw it; forwarding headers are the caller's own words and do not count. */
export function originOf(event: Event): Origin {
  const { sourceIp, userAgent } = event.requestContext.http;
  const device = (userAgent ?? '').replace(/\p{Cc}/gu, ' ').slice(0, 160);
  return { address: sourceIp, network: networkOf(sourceIp), device };
}

function rawBody({ form, bodyBytesMax = BODY_BYTES_MAX }: Operation, event: Event): string {
  const type = event.headers['content-type'] ?? '';
  const body = event.body ?? '';
  const wanted = form ? 'application/x-www-form-urlencoded' : 'application/json';
  if (body !== '' && type.split(';', 1)[0]?.trim().toLowerCase() !== wanted) {
    throw new Problem('unsupported_media_type', {
      detail: `Content-Type is ${type || 'missing'}; send ${wanted}`,
    });
  }
  const raw = event.isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  if (Buffer.byteLength(raw) > bodyBytesMax) {
    throw new Problem('body_too_large', { detail: `The body may have ${bodyBytesMax} bytes at most` });
  }
  return raw;
}

/**
 * The fields of a form. One that is read and comes with two values is refused: whoever writes the form may not have escaped a
 * value of somebody else's, who then would choose which of the two counts.
 * @throws Problem `invalid_input`
 */
function formOf(raw: string, { shape }: z.ZodObject): unknown {
  const form = new URLSearchParams(raw);
  const twice = Object.keys(shape).filter((name) => new Set(form.getAll(name)).size > 1);
  if (twice.length > 0) {
    const detail = 'comes with two values; send one';
    throw new Problem('invalid_input', {
      detail: `/body/${twice[0]} ${detail}`,
      errors: twice.map((name) => ({ pointer: `/body/${name}`, detail })),
    });
  }
  return Object.fromEntries(form);
}

function jsonOf(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    // The parser's message quotes the body, which may hold a password.
    throw new Problem('malformed_json', {
      detail: 'The body is empty or not valid JSON; check quotes, commas and brackets',
    });
  }
}

function parse(schema: z.ZodObject | undefined, value: unknown, root: string): unknown {
  if (!schema) return root === 'query' ? {} : value;
  const read = schema.safeParse(value);
  if (!read.success) throw invalidInput(read.error, root);
  return read.data;
}

function ifMatchOf(event: Event): number {
  const given = event.headers['if-match'];
  if (!given) {
    throw new Problem('version_missing', {
      detail: 'Read it first and send its ETag as If-Match, so that nobody overwrites what they have not seen',
    });
  }
  const [, version] = /^(?:W\/)?"?(\d{1,15})"?$/.exec(given.trim()) ?? [];
  if (version === undefined) {
    const detail = 'must be the ETag of the answer that you read, like "3"';
    throw new Problem('invalid_input', {
      detail: `If-Match ${detail}`,
      errors: [{ pointer: '/headers/if-match', detail }],
    });
  }
  return Number(version);
}

function idempotencyOf(event: Event, raw: string): Pick<OpenVisit, 'idempotency'> {
  const key = event.headers['idempotency-key'];
  if (!key) return {};
  if (!/^[\x21-\x7e]{1,128}$/.test(key)) {
    const detail = 'must be 1 to 128 visible ASCII characters, such as a UUID';
    throw new Problem('invalid_input', {
      detail: `Idempotency-Key ${detail}`,
      errors: [{ pointer: '/headers/idempotency-key', detail }],
    });
  }
  const fingerprint = createHash('sha256').update(`${event.rawPath}\n${raw}`).digest('base64url');
  return { idempotency: { key, fingerprint } };
}
