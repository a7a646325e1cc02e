// The API's documentation on this machine: Swagger UI, from node_modules and without any network, over /v1/openapi.json.

import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { apiPrefix } from '#contract/operations.ts';
import { escapeHtml, sendPage } from './page.ts';

/** Swagger UI writes style attributes and keeps its pictures in data: addresses; scripts and calls stay with this origin. */
const POLICY = "script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'";

const swaggerFolder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const FILES: Readonly<Record<string, { type: string; content: () => string | Buffer }>> = {
  '/docs': { type: 'text/html', content: () => DOCS },
  '/docs/page.js': { type: 'text/javascript', content: () => SCRIPT },
  '/docs/swagger-ui.css': { type: 'text/css', content: () => readFileSync(join(swaggerFolder, 'swagger-ui.css')) },
  '/docs/swagger-ui-bundle.js': {
    type: 'text/javascript',
    content: () => readFileSync(join(swaggerFolder, 'swagger-ui-bundle.js')),
  },
};

const DOCS = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Roster API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/page.js"></script>
`;

const SCRIPT = `SwaggerUIBundle({
  url: ${JSON.stringify(`${apiPrefix}/openapi.json`)},
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  // Would ask a server on the internet.
  validatorUrl: null,
});
`;

/** Answers GET / and what stands below /docs. @returns false when asked for anything else. */
export function localPages(mailUrl: string | undefined) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'GET') return false;
    const [path = '/'] = (request.url ?? '/').split('?');
    if (path === '/') {
      sendPage(response, landing(mailUrl), "style-src 'unsafe-inline'; img-src data:");
      return true;
    }
    const file = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
    if (!file) return false;
    sendPage(response, file.content(), POLICY, file.type);
    return true;
  };
}

function landing(mailUrl: string | undefined): string {
  const inbox = mailUrl ? `<li><a href="${escapeHtml(mailUrl)}">Inbox</a>: every mail of this tenant</li>` : '';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Roster</title>
<link rel="icon" href="data:,">
<style>body { font: 16px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; color: #1d2433 }</style>
<h1>Roster</h1>
<p>User administration for contact centers. This is the tenant of this machine.</p>
<ul>
<li><a href="/docs">API documentation</a></li>
<li><a href="${apiPrefix}/openapi.json">OpenAPI document</a></li>
${inbox}
</ul>
`;
}
