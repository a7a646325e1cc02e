// The data of this machine's tenant for a command beside it: by the engine of the tenant that runs, or by one of its own.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeTableCommand, DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import type { TenantFile } from '#contract/tenant-file.ts';
import { startEngine } from './engine.ts';
import { credentials, tableNameOf } from './environment.ts';
import { holderOf, takeLock } from './lock.ts';
import { type Addresses, addressesFile, StartError } from './ports.ts';

export interface OpenTenant {
  engineEndpoint: string;
  /** Where the API is, or was last. */
  apiUrl: string;
  /** Ends what was started for it; a tenant that runs goes on. */
  close(): Promise<void>;
}

/** @throws StartError when there is no tenant, or it is not ready yet */
export async function openTenant(folder: string, tenantFile: TenantFile): Promise<OpenTenant> {
  const ending: (() => unknown)[] = [];
  const close = async () => {
    for (const end of ending.splice(0).reverse()) await end();
  };
  try {
    const last = addressesOf(folder);
    const engineEndpoint = engineOfRunning(folder, last) ?? (await ownEngine(folder, ending));
    await requireTable(engineEndpoint, tenantFile, folder);
    return { engineEndpoint, apiUrl: last?.api ?? tenantFile.publicUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function addressesOf(folder: string): Addresses | undefined {
  const file = join(folder, addressesFile);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function engineOfRunning(folder: string, last: Addresses | undefined): string | undefined {
  const holder = holderOf(folder);
  if (!holder) return undefined;
  if (last?.pid === holder.pid) return last.engine;
  throw new StartError(`The tenant on ${folder} (process ${holder.pid}) is not ready yet; try again in a moment`);
}

/** Locked as by a tenant that runs. */
async function ownEngine(folder: string, ending: (() => unknown)[]): Promise<string> {
  const given = process.env.DYNAMODB_ENDPOINT;
  const file = join(folder, 'table.sqlite');
  if (!existsSync(given ? folder : file)) throw noTenant(folder);
  ending.push(takeLock(folder));
  if (given) return given;
  const engine = await startEngine({ file });
  ending.push(engine.stop);
  return engine.endpoint;
}

async function requireTable(endpoint: string, tenantFile: TenantFile, folder: string): Promise<void> {
  const client = new DynamoDBClient({ endpoint, region: tenantFile.region, credentials });
  try {
    await client.send(new DescribeTableCommand({ TableName: tableNameOf(tenantFile) }));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) throw noTenant(folder);
    throw error;
  } finally {
    client.destroy();
  }
}

function noTenant(folder: string): StartError {
  return new StartError(
    `There is no tenant on ${folder}: npm start makes one; or set ROSTER_DATA to the folder of another`,
  );
}
