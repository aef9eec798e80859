// The end of the floors in their order: agents, then sandboxes, then the broker and the local services, then the journal's last event.
import { DeskError } from '../contract/errors.ts';
import type { AccountSwitch } from './accounts/account-switch.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import type { Floors } from './floors.ts';
import type { Log } from './log.ts';
import type { Store } from './store.ts';
import { stopAllAgents } from './swarm/stop-agents.ts';

/** Of each step that waits for somebody else. */
const closeDeadlineMs = 8_000;

export interface StopParts {
  readonly floors: Floors;
  readonly accounts: AccountSwitch;
  readonly connection: Connection;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

/** Stops what the floors do. What does not end in time is logged and left to the providers' own leases. */
export async function stopFloors({
  floors,
  accounts,
  connection,
  store,
  clock,
  log,
}: StopParts): Promise<void> {
  const { arming, backtests, datasets, deadMan, fleet, pool, swarm, terminals, trading } = floors;
  const researchEnded = Promise.all([backtests.close(), datasets.close()]);
  terminals.close();
  await within(closeDeadlineMs, stopAllAgents({ store, trading, swarm }, 'host stopping')).catch(
    (error: unknown) => log.error({ err: error }, 'agents not stopped in time'),
  );
  await within(closeDeadlineMs, swarm.close()).catch((error: unknown) =>
    log.error({ err: error }, 'sandboxes not ended in time'),
  );
  pool.close();
  fleet.close();
  await within(closeDeadlineMs, fleet.endAll('host stopping')).catch((error: unknown) =>
    log.error({ err: error }, 'sandboxes not ended in time'),
  );
  await deadMan.close();
  accounts.close();
  arming.close();
  await connection.close();
  await researchEnded;
  store.commit({ kind: 'HostStopped', at: clock.now() });
  await store.flush();
}

function within<T>(deadlineMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new DeskError('TIMED_OUT', `Not finished within ${deadlineMs / 1_000} s.`)),
      deadlineMs,
    );
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
