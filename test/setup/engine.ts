// A DynamoDB engine in memory for each test file: an engine grows slow with all that was ever written to it.
// DYNAMODB_ENDPOINT names another engine (DynamoDB Local, moto): then the same suite runs against that.

import { startEngine } from '#local/engine.ts';

if (!process.env.DYNAMODB_ENDPOINT) {
  const engine = await startEngine();
  process.env.DYNAMODB_ENDPOINT = engine.endpoint;
  afterAll(async () => {
    delete process.env.DYNAMODB_ENDPOINT;
    await engine.stop();
  });
}
