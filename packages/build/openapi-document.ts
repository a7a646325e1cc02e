// The API as OpenAPI 3.1, derived from the list of operations. No prose stands here: it comes from the contract.

import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { type Operation, problemsOf, takesIdempotencyKey } from '#contract/operation.ts';
import { apiPrefix, operationList } from '#contract/operations.ts';
import { type ProblemCode, problemCatalogue } from '#contract/problems.ts';

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string(),
    code: z.enum(Object.keys(problemCatalogue) as [ProblemCode, ...ProblemCode[]]),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
    rule: z.string().optional().meta({ description: 'The rule behind the refusal', example: 'S0-9' }),
    because: z.unknown().optional().meta({ description: 'The value that decided it' }),
    remedy: z.string().optional().meta({ description: 'What would lift it' }),
  })
  .meta({
    id: 'Problem',
    description: 'RFC 9457. Switch on `code`; `detail` says why and what would lift it.',
    additionalProperties: true,
  });

export function openApiDocument() {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of operationList) {
    const path = `${apiPrefix}${operation.path}`;
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(operation) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Roster',
      version: '1',
      description:
        'User administration for contact centers. Every refusal is problem+json and says why and what would lift it.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(operationList.map(({ domain }) => domain))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        session: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token of a sign-in, or an API token where the operation does not say otherwise',
        },
        tokenAsPassword: {
          type: 'http',
          scheme: 'basic',
          description: 'An API token as the password, beside any user name; for programs that know no other way',
        },
        operator: {
          type: 'http',
          scheme: 'bearer',
          description: 'The key of the operator, rop_…, whose SHA-256 the tenant file names; no user has it (S1-35)',
        },
      },
    },
  });
}

function describe(operation: Operation): ZodOpenApiOperationObject {
  const headers = z.object({
    ...(operation.ifMatch && {
      'If-Match': z.string().meta({ description: 'ETag of what is changed', example: '"3"' }),
    }),
    ...(isKept(operation) && {
      'If-None-Match': z.string().optional().meta({ description: 'ETags of what is known' }),
    }),
    ...(takesIdempotencyKey(operation) && {
      'Idempotency-Key': z
        .string()
        .max(128)
        .optional()
        .meta({ description: 'Repeats within a day get the first answer' }),
    }),
  });
  return {
    operationId: operation.id,
    summary: operation.summary,
    tags: [operation.domain],
    description: callerInWords(operation),
    security: securityOf(operation),
    requestParams: {
      ...(operation.params && { path: operation.params }),
      ...(operation.query && { query: operation.query }),
      ...(Object.keys(headers.shape).length > 0 && { header: headers }),
    },
    ...(operation.body && {
      requestBody: {
        required: true,
        content: {
          [operation.form ? 'application/x-www-form-urlencoded' : 'application/json']: { schema: operation.body },
        },
      },
    }),
    responses: {
      [operation.status]: success(operation),
      ...(isKept(operation) && { 304: { description: 'It is one that If-None-Match names' } }),
      ...problems(operation),
    },
  };
}

/** Has an ETag by what it says. */
function isKept({ output, cached }: Operation): boolean {
  return output === 'image' || cached === true;
}

function securityOf({ caller, basic }: Operation): Record<string, never[]>[] {
  if (caller === 'public') return [];
  if (caller === 'operator') return [{ operator: [] }];
  return [{ session: [] }, ...(basic ? [{ tokenAsPassword: [] }] : [])];
}

function success(operation: Operation) {
  if (!operation.output) return { description: 'Done' };
  if (operation.output === 'image') return image;
  if (operation.output === 'csv') return csv;
  if (operation.output === 'xml') return { description: 'A document', content: xml };
  return {
    description: 'Done',
    ...(operation.cached && { headers: etag('Another one for each answer that says something else') }),
    content: { 'application/json': { schema: operation.output } },
  };
}

const etag = (description: string) => ({ ETag: { schema: { type: 'string' as const }, description } });

const xml = { 'text/xml': { schema: { type: 'string' as const } } };

/** Bytes, which OpenAPI 3.1 describes by their type alone. */
const image = {
  description: 'The image',
  headers: etag('Another one for each image'),
  content: { 'image/jpeg': {}, 'image/png': {} },
};

const csv = {
  description: 'One page of the table, with its header row (RFC 4180)',
  headers: {
    Link: { schema: { type: 'string' as const }, description: 'The next page, rel="next"; absent on the last one' },
    'Content-Disposition': { schema: { type: 'string' as const }, description: 'A name to save it under' },
  },
  content: { 'text/csv': { schema: { type: 'string' as const } } },
};

function problems(operation: Operation) {
  const byStatus = Map.groupBy(problemsOf(operation).sort(), (code) => problemCatalogue[code].status);
  const entries = [...byStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    entries.map(([status, codes]) => [
      `${status as 400}`,
      {
        description: codes.map((code) => `\`${code}\`: ${problemCatalogue[code].title}`).join('\n\n'),
        content: operation.output === 'xml' ? xml : { 'application/problem+json': { schema: problem } },
      },
    ]),
  );
}

function callerInWords(operation: Operation): string {
  const who = whoInWords(operation);
  if (operation.superUser) return `${who} And who is a SuperUser.`;
  if (operation.token) return `${who} Only with an API token.`;
  return operation.session ? `${who} Not with an API token.` : who;
}

function whoInWords({ caller }: Operation): string {
  if (caller === 'public') return 'Anybody may call this.';
  if (caller === 'self') return 'Anybody who is signed in may call this.';
  if (caller === 'operator')
    return 'Only the operator may call this, with their key: no user of the tenant, whatever they hold.';
  if (caller === 'portal') return 'External users may call this from the portal.';
  return `Needs the permission \`${caller}\`.`;
}
