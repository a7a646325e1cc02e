// A `fetch` that hands requests to the real functions of a test's tenant, as the gateway would.

import { apiPrefix, type OperationId, operationList } from '#contract/operations.ts';
import type { TestTenant } from '#test/setup/tenant.ts';

export interface Sent {
  method: string;
  url: string;
  headers: Record<string, string>;
}

/** @param sent gets every request that came through */
export function fetchOf(tenant: Pick<TestTenant, 'call'>, sent: Sent[] = []): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(String(input));
    const method = init.method ?? 'GET';
    const headers = init.headers as Record<string, string>;
    sent.push({ method, url: String(input), headers });
    init.signal?.throwIfAborted();
    for (const operation of operationList) {
      const path = `${apiPrefix}${operation.path}`.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
      const match = operation.method === method && new RegExp(`^${path}$`).exec(url.pathname);
      if (!match) continue;
      const answer = await tenant.call(operation.id as OperationId, {
        ...(match.groups && { params: { ...match.groups } }),
        ...(url.search && { query: Object.fromEntries(url.searchParams) }),
        ...(init.body !== undefined && { rawBody: String(init.body) }),
        headers,
      });
      const isJson = answer.body !== null && !Buffer.isBuffer(answer.body) && typeof answer.body !== 'string';
      const body = isJson ? JSON.stringify(answer.body) : answer.body;
      return new Response(body, { status: answer.status, headers: answer.headers });
    }
    throw new Error(`No operation is at ${method} ${url.pathname}`);
  };
}
