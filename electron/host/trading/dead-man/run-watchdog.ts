// The watchdog thread: looks at the lease by itself, and cancels what rests when it has run out, however the host's own loop is.
import type { MessagePort } from 'node:worker_threads';
import type { Broker } from '../broker.ts';
import { createBrokerAddress } from '../alpaca/broker-address.ts';
import { cancelResting } from './cancel-resting.ts';
import { type FromWatchdog, shareLease, ToWatchdog, type WatchedAccount } from './watchdog-messages.ts';

const lookMs = 50;

/** Runs until the thread is ended. */
export function runWatchdog(port: MessagePort, memory: SharedArrayBuffer): void {
  const lease = shareLease(memory);
  let account: WatchedAccount | null = null;
  let broker: Broker | null = null;
  /** A lease that ran out is acted on once. */
  let actedOn: bigint | null = null;

  port.on('message', (message: unknown) => {
    const given = ToWatchdog.parse(message).account;
    account = given;
    broker = null;
    if (given) void open(given);
  });

  setInterval(() => {
    lease.beat(process.hrtime.bigint());
    const end = lease.end();
    if (!end || overdueMs(end) < 0 || end.ns === actedOn || !broker) return;
    actedOn = end.ns;
    void act(end);
  }, lookMs);

  async function open(given: WatchedAccount): Promise<void> {
    const opened = await openBroker(given, () => (account === given ? given.mode : null));
    if (account === given) broker = opened;
  }

  async function act(end: { readonly ns: bigint; readonly wallMs: bigint }): Promise<void> {
    const name = String(end.ns);
    tell({ kind: 'fired', lease: name });
    const { orders, confirmed, failure } = await cancelResting({
      broker: () => {
        if (!broker) throw new Error('the connection is being made anew');
        return broker;
      },
      goOn: () => lease.end()?.ns === end.ns && account !== null,
      pause: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
    });
    const tookMs = Math.max(0, overdueMs(end));
    tell({ kind: 'finished', lease: name, orders: [...orders], confirmed, failure, tookMs });
  }

  function tell(message: FromWatchdog): void {
    port.postMessage(message);
  }
}

/** Its own client, as the kill switch has one: nothing of it waits for the host's. The same address check stands before it. */
async function openBroker(
  { mode, keys, loopback }: WatchedAccount,
  modeInForce: () => WatchedAccount['mode'] | null,
): Promise<Broker> {
  // Read here: the thread gives its first sign before, and the SDK takes longer than all else of it.
  const { createAlpacaBroker, createAlpacaClient } = await import('../alpaca/alpaca-broker.ts');
  const address = createBrokerAddress({ mode, modeInForce, loopback });
  return createAlpacaBroker(createAlpacaClient(mode, keys, address, true));
}

/** By the clock that is further; see the lease. */
function overdueMs(end: { readonly ns: bigint; readonly wallMs: bigint }): number {
  const byMonotonic = Number(process.hrtime.bigint() - end.ns) / 1e6;
  return Math.max(byMonotonic, Date.now() - Number(end.wallMs));
}
