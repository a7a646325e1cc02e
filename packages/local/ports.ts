// Takes ports on this machine only. A busy port is either named in one clear refusal or passed over, never a stack trace.

import type { Server } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';

export const host = '127.0.0.1';

/** In the data folder: where the tenant was last ready, for `npm run demo` and `npm run job`. */
export const addressesFile = 'addresses.json';

/** What stands in it. */
export interface Addresses {
  api: string;
  inbox?: string | undefined;
  engine: string;
  /** Whose they are: after another start they are over. */
  pid: number;
}

export interface WantedPort {
  /** 0 takes any free one. */
  port: number;
  /** The variable that set it; then another port would be a surprise and a busy one is refused. */
  setBy?: string | undefined;
}

/** Something that the person who starts can put right: shown without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Listens on the wanted port, or on the next free one when nobody insisted. @throws StartError when it is busy. */
export async function listen(server: Server, { port, setBy }: WantedPort): Promise<number> {
  for (let tried = port; tried < port + 100; tried++) {
    if (await isListening(server, tried)) return (server.address() as AddressInfo).port;
    if (setBy)
      throw new StartError(`Port ${port} (${setBy}) is busy: stop what listens there, or set ${setBy} to another`);
  }
  throw new StartError(`The ports ${port} to ${port + 99} are all busy`);
}

/** A port that was free a moment ago, for a program that cannot choose one itself. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, failed) => server.once('error', failed).listen(0, host, done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** Reads a port from the environment. @throws StartError when it is none. */
export function portFrom(variable: string, otherwise: number): WantedPort {
  const written = process.env[variable];
  if (!written) return { port: otherwise };
  const port = Number(written);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new StartError(`${variable} is "${written}": it must be a port from 0 to 65535`);
  }
  return { port, setBy: variable };
}

/** Ends a server: requests under way finish, idle connections close, the rest is cut after the grace. */
export async function closeServer(server: Server, graceMs = 10_000): Promise<void> {
  if (!server.listening) return;
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await new Promise((done) => server.close(done));
  clearInterval(idle);
  clearTimeout(cut);
}

function isListening(server: Server, port: number): Promise<boolean> {
  return new Promise((done, failed) => {
    const refused = (error: NodeJS.ErrnoException) => {
      server.off('listening', accepted);
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') done(false);
      else failed(error);
    };
    const accepted = () => {
      server.off('error', refused);
      done(true);
    };
    server.once('error', refused).once('listening', accepted).listen(port, host);
  });
}
