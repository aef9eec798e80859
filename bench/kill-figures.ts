// From the call for a kill to the last request to cancel on the wire: the real kill, journal and client of the official
// SDK, against the demo broker in a process of its own, with resting orders in it.
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { AgentPhase } from '../electron/contract/agent-phase.ts';
import type { KillScope } from '../electron/contract/kill-scope.ts';
import {
  FromLocalServices,
  LocalServicesConfig,
  type LocalServicesReady,
} from '../electron/contract/local-services.ts';
import { systemClock } from '../electron/host/clock.ts';
import { createStore, type Store } from '../electron/host/store.ts';
import { kill } from '../electron/host/swarm/kill.ts';
import { createTrading } from '../electron/host/trading/trading.ts';
import { loadNative } from '../electron/native/load.ts';
import { type Measurement, percentile } from './measurement.ts';

const rounds = 20;
const orders = 200;
const agentId = 'bench-01';
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** There are no sandboxes here; what is timed is over before they would be ended. */
const noSandboxes = {
  aliveSlots: () => [],
  creating: () => 0,
  survivors: async () => [],
  reap: async () => [],
};

/** Kills everything and one agent, each again and again with the same number of open orders. */
export async function measureKill(): Promise<Measurement[]> {
  const directory = mkdtempSync(join(tmpdir(), 'kill-bench-'));
  const child = fork('out/backend.js', { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  try {
    const ready = await startServices(child, join(directory, 'services'));
    return [
      await measureScope('all', 'one request for all of them', ready, directory),
      await measureScope(`agent:${agentId}`, `${orders} requests, one an order`, ready, directory),
    ];
  } finally {
    const exited = once(child, 'exit');
    child.send({ kind: 'stop' });
    await exited;
    rmSync(directory, { recursive: true });
  }
}

async function startServices(child: ChildProcess, dataDir: string): Promise<LocalServicesReady> {
  const market = { source: 'simulator', seed: 1, speed: 1 } as const;
  child.send({ kind: 'start', config: LocalServicesConfig.parse({ dataDir, market, isolation: 'off' }) });
  const [message] = await once(child, 'message');
  const answer = FromLocalServices.parse(message);
  if (answer.kind === 'failed') throw new Error(answer.message);
  return answer.ready;
}

async function measureScope(
  scope: KillScope,
  note: string,
  ready: LocalServicesReady,
  directory: string,
): Promise<Measurement> {
  const tookMs: number[] = [];
  for (let round = 1; round <= rounds; round += 1)
    tookMs.push(await killOnce(scope, ready, join(directory, `${scope.replace(':', '-')}-${round}.db`)));
  return {
    name: `kill ${scope === 'all' ? 'everything' : 'an agent'}, ${orders} open orders, to the last cancel sent, P95`,
    value: percentile(tookMs, 0.95),
    unit: 'ms',
    n: tookMs.length,
    target: 300,
    rule: 'atMost',
    note: `${note}, the latch on disk before; P50 ${percentile(tookMs, 0.5).toFixed(0)} ms, max ${percentile(tookMs, 1).toFixed(0)} ms; loopback, each time a client that was never used`,
  };
}

/** Opens a desk of its own, fills it with orders that rest at the broker, and kills. Throws when one of them is left open. */
async function killOnce(scope: KillScope, ready: LocalServicesReady, path: string): Promise<number> {
  const native = loadNative();
  const journal = native.Journal.open(path);
  const store = createStore(journal, silent, (error) => {
    throw error;
  });
  const trading = createTrading({
    store,
    native,
    clock: systemClock,
    log: silent,
    orderPrefix: () => 'bench',
    mayOpen: () => true,
    onBars: () => undefined,
    onSubmitted: () => undefined,
  });
  try {
    await trading.connect({ mode: 'demo', keys: ready, loopback: ready, timeframe: '1Min' });
    deploy(store);
    await Promise.all(Array.from({ length: orders }, () => restOrder(store, ready)));
    await store.flush();
    const swarm = { move: mover(store), detach: async () => undefined, endSlot: async () => undefined };
    const parts = { store, clock: systemClock, log: silent, native, trading, fleet: noSandboxes, swarm };
    const sent = followCancels();
    const startedMs = performance.now();
    const receipt = await kill(parts, { scope, policy: 'keep', reason: 'bench', actor: 'cli' });
    const tookMs = sent.stop() - startedMs;
    const done = receipt.items.filter(({ kind, state }) => kind === 'order' && state === 'done').length;
    if (done !== orders) throw new Error(`${done} of ${orders} orders were cancelled`);
    return tookMs;
  } finally {
    trading.disconnect();
    await store.flush();
    journal.close();
  }
}

function deploy(store: Store): void {
  const at = systemClock.now();
  store.commit({
    kind: 'AgentDeployed',
    at,
    agentId,
    swarmId: 'bench',
    strategy: 'momentum',
    symbols: ['AAPL'],
    params: {},
    slotId: 'slot-1',
    mode: 'demo',
    maxPositionMicros: 5_000_000_000,
    plannedEndAt: at + 3_600_000,
    actor: 'cli',
  });
  for (const phase of ['warming', 'running'] as const) mover(store)(agentId, phase, 'bench');
}

function mover(store: Store) {
  return (id: string, phase: AgentPhase, reason: string): void =>
    store.commit({ kind: 'AgentMoved', at: systemClock.now(), agentId: id, phase, reason });
}

const Taken = z.object({ id: z.string() });

/** A limit far below the market rests until it is cancelled. */
async function restOrder(store: Store, { brokerUrl, keyId, secret }: LocalServicesReady): Promise<void> {
  const clientOrderId = `bench-${randomUUID()}`;
  const order = {
    symbol: 'AAPL',
    qty: '1',
    side: 'buy',
    type: 'limit',
    limit_price: '1',
    time_in_force: 'day',
  };
  const response = await fetch(`${brokerUrl}/v2/orders`, {
    method: 'POST',
    headers: { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secret, 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...order, client_order_id: clientOrderId }),
  });
  if (!response.ok) throw new Error(`an order was answered with ${response.status}`);
  const brokerOrderId = Taken.parse(await response.json()).id;
  const at = systemClock.now();
  const qtyNanos = 1_000_000_000;
  const shares = [{ agentId, qtyNanos }];
  store.commit({ kind: 'OrderApproved', at, clientOrderId, symbol: 'AAPL', side: 'buy', qtyNanos, shares });
  store.commit({ kind: 'OrderUpdated', at, clientOrderId, brokerOrderId, state: 'sent', detail: '' });
}

const Sent = z.object({ request: z.object({ method: z.string(), path: z.string() }) });

/** Hears from the HTTP client when the head of a request has been written to its socket. */
function followCancels(): { stop(): number } {
  let lastMs = Number.NaN;
  const hear = (message: unknown): void => {
    const at = performance.now();
    const { request } = Sent.parse(message);
    if (request.method === 'DELETE' && request.path.startsWith('/v2/orders')) lastMs = at;
  };
  subscribe('undici:client:sendHeaders', hear);
  return {
    stop() {
      unsubscribe('undici:client:sendHeaders', hear);
      return lastMs;
    },
  };
}
