// Loads the bundles that Lambda would run and calls them as Lambda would: an event, a context, a time limit.

import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import type { Context } from 'aws-lambda';
import { bundlePath } from '#build/build.ts';

type Handler = (event: unknown, context: Context) => Promise<unknown>;

export class FunctionTimeout extends Error {
  override readonly name = 'FunctionTimeout';
}

/**
 * The functions of one tenant. They read their settings from this process's environment when they load,
 * so a process runs one tenant at a time; a later start loads them anew.
 */
export class Functions {
  static #starts = 0;
  readonly #folder: string;
  readonly #start = ++Functions.#starts;
  readonly #loaded = new Map<string, Promise<Handler>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Calls one function. @throws what it throws, or FunctionTimeout; it may then still be running, as nothing here can end it. */
  async invoke(id: string, event: unknown, timeoutSeconds: number): Promise<unknown> {
    const handler = await this.#handler(id);
    const deadline = Date.now() + timeoutSeconds * 1000;
    const { promise: timeout, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new FunctionTimeout(`${id} took longer than ${timeoutSeconds} s`));
    }, timeoutSeconds * 1000);
    try {
      return await Promise.race([handler(event, contextOf(id, deadline)), timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  #handler(id: string): Promise<Handler> {
    const known = this.#loaded.get(id);
    if (known) return known;
    // The query makes it a module of this start: clients made at load point to this start's engine.
    const url = `${pathToFileURL(bundlePath(this.#folder, id))}?start=${this.#start}`;
    const loading = import(url).then((module: { handler: Handler }) => module.handler);
    this.#loaded.set(id, loading);
    loading.catch(() => this.#loaded.delete(id));
    return loading;
  }
}

function contextOf(id: string, deadline: number): Context {
  const functionName = `roster-local-${id}`;
  return {
    awsRequestId: randomUUID(),
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${process.env.AWS_REGION}:000000000000:function:${functionName}`,
    memoryLimitInMB: '1024',
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
