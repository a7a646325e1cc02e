// A run of snapshot-licenses as a process of its own, that a test may stop and continue. Its clock goes as much later as the test
// says, so that nobody waits for the end of a lease. Asked to, it stands still before it writes the second day.

import { once } from 'node:events';
import { handler } from '#functions/licenses/snapshot-licenses.ts';
import { processDeps } from '#serve/environment.ts';

const [scheduledAt = '', laterMs = '0', how] = process.argv.slice(2);
let later = Number(laterMs);

const say = (said: string, facts: object) => process.send?.({ said, ...facts });
const deps = {
  ...processDeps(),
  now: () => Date.now() + later,
  log: ({ event, ...facts }: { event: string }) => say(event, facts),
};

if (how === 'pausing') {
  const transact = deps.table.transact.bind(deps.table);
  let guarded = 0;
  deps.table.transact = async (writes) => {
    const isGuarded = writes.some((write) => write.kind === 'check' && write.key.sk === 'LEASE');
    if (isGuarded && ++guarded === 2) {
      say('paused', {});
      [later] = await once(process, 'message');
    }
    await transact(writes);
  };
}

say('ended', { result: await handler.using(deps)({ scheduledAt }) });
process.disconnect?.();
