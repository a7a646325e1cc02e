// Ends the engine that start-engine.ts started.

export default async function stopEngineOfTests(): Promise<void> {
  await (globalThis as { engineOfTests?: { stop(): Promise<void> } }).engineOfTests?.stop();
}
