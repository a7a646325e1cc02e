// One DynamoDB engine in memory for the whole run; each test file makes a table of its own in it.
// DYNAMODB_ENDPOINT names another engine (DynamoDB Local, moto): then the same suite runs against that.

import { startEngine } from '#local/engine.ts';

export default async function startEngineForTests(): Promise<void> {
  process.env.AWS_REGION = 'eu-central-1';
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  if (process.env.DYNAMODB_ENDPOINT) return;
  const engine = await startEngine();
  process.env.DYNAMODB_ENDPOINT = engine.endpoint;
  (globalThis as { engineOfTests?: typeof engine }).engineOfTests = engine;
}
