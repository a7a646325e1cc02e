// What a function's process has: its environment as Deps. The only reader of environment variables in functions.

import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Deps } from '#domain/deps.ts';
import { openTable } from '#table/open-table.ts';
import { Sealer, type SealKeys } from '#table/seal.ts';
import { writeLog } from './log.ts';
import { callParameterStore } from './parameter-store.ts';

let shared: Deps | undefined;

/** Made at first use, then kept as long as the process lives. */
export function processDeps(): Deps {
  shared ??= open();
  return shared;
}

function open(): Deps {
  const tenant = {
    name: required('TENANT_NAME'),
    publicUrl: required('PUBLIC_URL'),
    operatorKeySha256: process.env.OPERATOR_KEY_SHA256,
  };
  let sealer: Promise<Sealer> | undefined;
  return {
    now: Date.now,
    pause: (ms) => wait(ms),
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
    definitions: { known: undefined },
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
  const answer = await callParameterStore('GetParameter', {
    Name: required('SEAL_KEYS_PARAMETER'),
    WithDecryption: true,
  });
  return JSON.parse((answer as { Parameter: { Value: string } }).Parameter.Value) as SealKeys;
}
