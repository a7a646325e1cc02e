// A proxy in front of the engine that makes the faults which the engine never makes by itself: lost replies, conflicts, throttling.

import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Fault =
  /** The request is done, the reply never arrives. */
  | 'lose-reply'
  /** Met a transaction that holds the item; nothing was done. */
  | 'conflict'
  | 'throttle';

/** @param nextFault asked at each request of that name (TransactWriteItems, PutItem, …) */
export async function faultyEngine(endpoint: string, nextFault: (target: string) => Fault | undefined) {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const target = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
    const fault = nextFault(target);
    if (fault === 'conflict' || fault === 'throttle') {
      outgoing.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      const met = target === 'TransactWriteItems' ? conflict : loneConflict;
      outgoing.end(JSON.stringify(fault === 'conflict' ? met : throttled));
      return;
    }
    const forwarded = request(endpoint, { method: 'POST', headers: incoming.headers }, (reply) => {
      if (fault === 'lose-reply') {
        reply.resume();
        reply.once('end', () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(outgoing);
    });
    forwarded.end(Buffer.concat(chunks));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const prefix = 'com.amazonaws.dynamodb.v20120810#';
const conflict = {
  __type: `${prefix}TransactionCanceledException`,
  message: 'Transaction cancelled [TransactionConflict, None]',
  CancellationReasons: [
    { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' },
    { Code: 'None' },
  ],
};
const loneConflict = {
  __type: `${prefix}TransactionConflictException`,
  message: 'Transaction is ongoing for the item',
};
const throttled = { __type: `${prefix}ThrottlingException`, message: 'Rate exceeded' };
