// The demo broker under load: orders over HTTP, each journalled before it is answered. The broker runs in a process of
// its own, as it does in the product.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FromLocalServices,
  LocalServicesConfig,
  type LocalServicesReady,
} from '../electron/contract/local-services.ts';
import type { Measurement } from './measurement.ts';

const connections = 32;
const warmUpOrders = 2_000;
const orders = 20_000;
/** So that no order is refused for want of money. */
const cashMicros = 1_000_000_000_000_000;

/** Measures how many orders a second the broker takes over HTTP. Rejects when it refuses one. */
export async function measureBroker(): Promise<Measurement[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'broker-bench-'));
  const child = fork('out/backend.js', { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  try {
    const ready = await startServices(child, dataDir);
    await sendOrders(ready, warmUpOrders);
    const startedMs = performance.now();
    await sendOrders(ready, orders);
    const elapsedS = (performance.now() - startedMs) / 1_000;
    return [
      {
        name: 'demo broker, orders over HTTP',
        value: orders / elapsedS,
        unit: '1/s',
        n: orders,
        target: 2_000,
        rule: 'atLeast',
        note: `${connections} connections from one client; every order durable before its answer`,
      },
    ];
  } finally {
    const exited = once(child, 'exit');
    child.send({ kind: 'stop' });
    await exited;
    rmSync(dataDir, { recursive: true });
  }
}

async function startServices(child: ChildProcess, dataDir: string): Promise<LocalServicesReady> {
  const config = LocalServicesConfig.parse({
    dataDir,
    market: { source: 'simulator', seed: 1, speed: 1 },
    startingCashMicros: cashMicros,
    isolation: 'off',
  });
  child.send({ kind: 'start', config });
  const [message] = await once(child, 'message');
  const answer = FromLocalServices.parse(message);
  if (answer.kind === 'failed') throw new Error(answer.message);
  return answer.ready;
}

/** Sends so many market orders, each connection one after the other. */
async function sendOrders(ready: LocalServicesReady, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await sendOrder(ready, agent);
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, worker));
  } finally {
    agent.destroy();
  }
}

const body = JSON.stringify({ symbol: 'AAPL', qty: '1', side: 'buy', type: 'market', time_in_force: 'day' });

function sendOrder({ brokerUrl, keyId, secret }: LocalServicesReady, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(`${brokerUrl}/v2/orders`, {
      agent,
      method: 'POST',
      headers: {
        'APCA-API-KEY-ID': keyId,
        'APCA-API-SECRET-KEY': secret,
        'Content-Type': 'application/json',
        'Content-Length': body.length,
      },
    });
    call.on('error', reject);
    call.on('response', (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`an order was answered with ${response.statusCode}`));
      });
    });
    call.end(body);
  });
}
