// What bundles leave out of their libraries, because no function ever runs it. Each entry says what goes, why nothing misses it,
// and what it saves in every function; a call to a part that was left out fails loudly.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

interface LeftOut {
  /** Files whose contents are replaced. */
  path: RegExp;
  contents: (path: string) => string;
}

const REFUSE = `const refuse = () => { throw new Error('Left out of the bundles, see packages/build/left-out.ts'); };`;

/** Errors of backups, exports, imports, global tables and the making of tables: no function calls any of that. */
const ELSEWHERE =
  '(?:Backup|Continuous|Export|Global|Import|IndexNotFound|InvalidExport|InvalidRestore|LimitExceeded|PointInTime|Policy|ReplicaAlready|ReplicaNot|ResourceInUse|Table)\\w*';

const leftOut: LeftOut[] = [
  {
    // Event streams: of DynamoDB, SES, SNS and S3 no operation that we call streams. 15 kB.
    path: /@smithy\/core\/dist-es\/submodules\/event-streams\/index\.js$/,
    contents: () => `${REFUSE} export { refuse as EventStreamSerde, refuse as eventStreamSerdeProvider };
      export const resolveEventStreamSerdeConfig = (input) => input;`,
  },
  {
    // Zod's JSON Schema writer: OpenAPI is written at build time, functions only parse. 18 kB.
    path: /zod\/v4\/core\/to-json-schema\.js$/,
    contents: () =>
      `${REFUSE} const later = () => refuse; export { later as createToJSONSchemaMethod, later as createStandardJSONSchemaMethod };`,
  },
  {
    path: /zod\/v4\/core\/(json-schema-processors|json-schema-generator)\.js$/,
    contents: () => `${REFUSE} export { refuse as toJSONSchema, refuse as JSONSchemaGenerator };`,
  },
  {
    // Endpoint discovery: off by default, and of no use with one endpoint. 8 kB.
    path: /@aws-sdk\/middleware-endpoint-discovery\/dist-es\/index\.js$/,
    contents: () => `export const resolveEndpointDiscoveryConfig = (input) => input;
      const off = () => undefined;
      export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = { environmentVariableSelector: off, configFileSelector: off, default: false };`,
  },
  {
    // The adaptive retry strategy: the clients retry by the standard one. 3 kB.
    path: /@smithy\/core\/dist-es\/submodules\/retry\/util-retry\/(AdaptiveRetryStrategy|DefaultRateLimiter)\.js$/,
    contents: () => `${REFUSE} export { refuse as AdaptiveRetryStrategy, refuse as DefaultRateLimiter };`,
  },
  {
    // SHA-256 written in JavaScript: Node has its own. 3 kB.
    path: /@smithy\/core\/dist-es\/submodules\/checksum\/sha256\/Sha256Js\.js$/,
    contents: () => `${REFUSE} export { refuse as Sha256Js };`,
  },
  {
    // Signing of event streams, see above. 2 kB.
    path: /@smithy\/signature-v4\/dist-es\/HeaderFormatter\.js$/,
    contents: () => 'export class HeaderFormatter {}',
  },
  {
    // Profiles in ~/.aws: a function has its environment and nothing else. 2 kB.
    path: /@smithy\/core\/dist-es\/submodules\/config\/shared-ini-file-loader\/loadSharedConfigFiles\.js$/,
    contents: () =>
      `export const CONFIG_PREFIX_SEPARATOR = '.';
      export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
  },
  {
    // The region from EC2's metadata service: Lambda sets AWS_REGION. 1 kB.
    path: /@smithy\/core\/dist-es\/submodules\/config\/config-resolver\/regionConfig\/getInstanceMetadataRegion\.js$/,
    contents: () => 'export const getInstanceMetadataRegion = async () => undefined;',
  },
  {
    // The names of all regions: a region's partition follows from its pattern. 4 kB.
    path: /@aws-sdk\/core\/dist-es\/submodules\/client\/util-endpoints\/lib\/aws\/partitions\.js$/,
    contents: (path) => readFileSync(path, 'utf8').replace(/"regions": \{(?:[^{}]|\{[^{}]*\})*\}/g, '"regions": {}'),
  },
  {
    // Detection of functions that call each other in circles by SQS, SNS or S3: ours call none. 3 kB.
    path: /@aws-sdk\/core\/dist-es\/submodules\/client\/middleware-recursion-detection\/recursionDetectionMiddleware\.js$/,
    contents: () => 'export const recursionDetectionMiddleware = () => (next) => next;',
  },
  {
    // Source maps of style sheets: postcss reads single declarations here, and works without. 30 kB where signatures are sanitized.
    path: /node_modules\/source-map-js\/source-map\.js$/,
    contents: () => 'export {};',
  },
  {
    // Their classes: each is the one that all of them extend. 6 kB.
    path: /@aws-sdk\/client-dynamodb\/dist-es\/models\/errors\.js$/,
    contents: (path) =>
      readFileSync(path, 'utf8').replace(
        new RegExp(`export class (${ELSEWHERE}) extends __BaseException \\{[\\s\\S]*?\\n\\}`, 'g'),
        'export { __BaseException as $1 };',
      ),
  },
  {
    // And their shapes. 3 kB.
    path: /@aws-sdk\/client-dynamodb\/dist-es\/schemas\/schemas_0\.js$/,
    contents: (path) =>
      readFileSync(path, 'utf8').replace(new RegExp(`^n0_registry\\.registerError\\(${ELSEWHERE}\\$,.*$`, 'gm'), ''),
  },
  {
    // The rules by which the SDK finds DynamoDB: an endpoint that is configured, or the region's. 13 kB.
    path: /@aws-sdk\/client-dynamodb\/dist-es\/endpoint\/endpointResolver\.js$/,
    contents: () =>
      `export { defaultEndpointResolver } from ${JSON.stringify(join(import.meta.dirname, 'dynamodb-endpoint.ts'))};`,
  },
  {
    // A client's package.json, of which only the version is used. 2 kB.
    path: /@aws-sdk\/client-[a-z-]+\/package\.json$/,
    contents: (path) =>
      `export default ${JSON.stringify({ version: JSON.parse(readFileSync(path, 'utf8')).version })};`,
  },
];

export const leaveOut: Plugin = {
  name: 'leave-out',
  setup({ onLoad }) {
    for (const { path, contents } of leftOut) {
      onLoad({ filter: path }, (file) => ({ contents: contents(file.path), loader: 'js' }));
    }
  },
};

/** A file of the contract without its prose: docs/openapi.json has it, and a function only parses. It grows with every field. */
export function withoutWords(path: string): string {
  return withoutSummaries(withoutProse(readFileSync(path, 'utf8')));
}

/** Takes out each `.meta({ … })`, counting braces outside of strings. */
function withoutProse(source: string): string {
  const call = '.meta({';
  let rest = source;
  let kept = '';
  for (let start = rest.indexOf(call); start >= 0; start = rest.indexOf(call)) {
    kept += rest.slice(0, start);
    rest = rest.slice(endOfCall(rest, start + call.length));
  }
  return kept + rest;
}

function withoutSummaries(source: string): string {
  return source.replace(/^( {4}summary:)\s*'(?:\\.|[^'\\])*',$/gm, "$1 '',");
}

/** Just behind the closing parenthesis of a call whose object literal has just been opened. */
function endOfCall(source: string, from: number): number {
  const tokens = /'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|[{}]/g;
  tokens.lastIndex = from;
  let depth = 1;
  for (let token = tokens.exec(source); token; token = tokens.exec(source)) {
    if (token[0] === '{') depth++;
    if (token[0] === '}') depth--;
    if (depth === 0) return source.indexOf(')', token.index) + 1;
  }
  throw new Error('A .meta({ in the contract has no end');
}
