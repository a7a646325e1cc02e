// What a function's process has: its environment as Deps. The only reader of environment variables in functions.

import { randomBytes } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import type { Deps } from '#domain/deps.ts';
import { Sealer, type SealKeys } from '#table/seal.ts';
import { openTable } from '#table/table.ts';
import { writeLog } from './log.ts';

let shared: Deps | undefined;

/** Made at first use, then kept as long as the process lives. */
export function processDeps(): Deps {
  shared ??= open();
  return shared;
}

function open(): Deps {
  const tenant = { name: required('TENANT_NAME'), publicUrl: required('PUBLIC_URL') };
  let sealer: Promise<Sealer> | undefined;
  return {
    now: Date.now,
    randomBytes,
    table: openTable({
      name: required('TABLE_NAME'),
      region: required('AWS_REGION'),
      endpoint: process.env.DYNAMODB_ENDPOINT,
    }),
    sealer: () => {
      sealer ??= readSealKeys().then((keys) => new Sealer(keys));
      // A failed read must not stick: the next request tries again.
      sealer.catch(() => {
        sealer = undefined;
      });
      return sealer;
    },
    tenant,
    definitions: new Map(),
    log: (event) => writeLog(tenant.name, event),
  };
}

/** @throws Error that names the variable */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is missing`);
  return value;
}

async function readSealKeys(): Promise<SealKeys> {
  const given = process.env.SEAL_KEYS;
  if (given) return JSON.parse(given) as SealKeys;
  const answer = await parameterStore('GetParameter', { Name: required('SEAL_KEYS_PARAMETER'), WithDecryption: true });
  return JSON.parse((answer as { Parameter: { Value: string } }).Parameter.Value) as SealKeys;
}

/**
 * One call of the SSM Parameter Store. The SDK's SSM client would add 60 kB to each bundle for this single request.
 * @throws Error with SSM's own error name as message
 */
export async function parameterStore(
  action: 'GetParameter' | 'PutParameter',
  input: Record<string, unknown>,
): Promise<unknown> {
  const region = required('AWS_REGION');
  const aws = new AwsClient({
    accessKeyId: required('AWS_ACCESS_KEY_ID'),
    secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
    ...(process.env.AWS_SESSION_TOKEN && { sessionToken: process.env.AWS_SESSION_TOKEN }),
    region,
    service: 'ssm',
    retries: 2,
  });
  const response = await aws.fetch(process.env.SSM_ENDPOINT ?? `https://ssm.${region}.amazonaws.com/`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonSSM.${action}` },
    body: JSON.stringify(input),
    signal: AbortSignal.timeout(4000),
  });
  const answer = (await response.json()) as { __type?: string };
  if (!response.ok) throw new Error(answer.__type?.split('#').pop() ?? `SSM answered ${response.status}`);
  return answer;
}
