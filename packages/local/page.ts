// How the local pages leave this machine's servers: escaped, and under a policy that allows only what is named.

import type { ServerResponse } from 'node:http';

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Sends a page; the policy names what it may use beside nothing. */
export function sendPage(response: ServerResponse, content: string | Buffer, policy = '', type = 'text/html'): void {
  const framing = policy.includes('frame-ancestors') ? '' : "; frame-ancestors 'none'";
  response.writeHead(200, {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': `default-src 'none'; base-uri 'none'; form-action 'none'${framing}${policy && `; ${policy}`}`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  response.end(content);
}
