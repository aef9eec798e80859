import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createQuotes } from '../../../../electron/host/trading/quotes.ts';
import { answeredStatus, retryCancels } from '../../../../electron/host/trading/kill/retry-cancels.ts';
import {
  openTradingSession,
  type TradingSession,
} from '../../../../electron/host/trading/alpaca/trading-session.ts';
import { silent } from '../../../support/fleet-bench.ts';
import { apiError, brokenConnection, createFakeBroker } from '../../../support/fake-broker.ts';

const clock = { now: Date.now, monotonicMs: () => performance.now() };

/** A broker whose cancels fail in this order, then work; tells what it was asked and how long was waited. */
function failing(...failures: Error[]) {
  const broker = createFakeBroker();
  const asked: string[] = [];
  const waited: number[] = [];
  const answer = async (call: string): Promise<void> => {
    asked.push(call);
    const failure = failures.shift();
    if (failure) throw failure;
  };
  broker.cancel = (id) => answer(`cancel ${id}`);
  broker.cancelAll = async () => {
    await answer('cancelAll');
    return [];
  };
  let elapsedMs = 0;
  const retrying = retryCancels(broker, {
    sleep: async (ms) => {
      waited.push(ms);
      elapsedMs += ms;
    },
    monotonicMs: () => elapsedMs,
  });
  return { retrying, asked, waited };
}

const tooMany = (retryAfterMs: number) => Object.assign(apiError(429), { retryAfterMs });

describe('a cancel that failed', () => {
  test.each([
    ['the service is in trouble', apiError(503)],
    ['the connection broke', brokenConnection],
    ['the service is too busy', apiError(429)],
  ])('is asked for again when %s', async (_, failure) => {
    const { retrying, asked } = failing(failure, failure);
    await retrying.cancel('b-1');
    await retrying.cancelAll();
    expect(asked).toEqual(['cancel b-1', 'cancel b-1', 'cancel b-1', 'cancelAll']);
  });

  test('waits as long as the service says, but not longer than the kill can', async () => {
    const { retrying, waited } = failing(tooMany(700), tooMany(60_000));
    await retrying.cancelAll();
    expect(waited).toEqual([700, 2_000]);
  });

  test.each([404, 422])('is not asked for again after %i: the order is over', async (status) => {
    const { retrying, asked } = failing(apiError(status));
    const failure = await retrying.cancel('b-1').catch((error: unknown) => error);
    expect(answeredStatus(failure)).toBe(status);
    expect(asked).toHaveLength(1);
  });

  test('is given up after four attempts, or three seconds', async () => {
    const quick = failing(...Array.from({ length: 9 }, () => apiError(500)));
    await expect(quick.retrying.cancelAll()).rejects.toMatchObject({ status: 500 });
    expect(quick.asked).toHaveLength(4);
    const slow = failing(...Array.from({ length: 9 }, () => tooMany(2_000)));
    await expect(slow.retrying.cancelAll()).rejects.toMatchObject({ status: 429 });
    expect(slow.asked).toHaveLength(3);
  });
});

interface HttpAnswer {
  /** 0 breaks the connection. */
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** The broker's HTTP side: answers deletions from the list, one after the other, and counts them. */
async function session(answers: readonly HttpAnswer[]) {
  const left = [...answers];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    // The streams knock here too.
    const next = request.method === 'DELETE' ? left.shift() : { status: 404 };
    const { status, headers, body }: HttpAnswer = next ?? { status: 204 };
    if (status === 0) return void request.socket.destroy();
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const opened: TradingSession = openTradingSession({
    mode: 'demo',
    modeInForce: () => 'demo',
    keys: { keyId: 'k', secret: 's' },
    loopback: {
      brokerUrl: `http://127.0.0.1:${port}`,
      dataStreamUrl: `ws://127.0.0.1:${port}/data`,
      tradingStreamUrl: `ws://127.0.0.1:${port}/trading`,
    },
    quotes: createQuotes(Date.now),
    clock,
    log: silent,
    isMarketOpen: () => false,
    onBars: () => undefined,
    listener: {
      onExecution: () => undefined,
      onOrder: () => undefined,
      onReady: () => undefined,
    },
  });
  onTestFinished(() => {
    opened.close();
    server.closeAllConnections();
    server.close();
  });
  const deletions = () => asked.filter((call) => call.startsWith('DELETE'));
  return { killBroker: opened.killBroker, broker: opened.broker, deletions };
}

describe("the kill's own client", () => {
  test('asks again after a reset, a 503 and a 429, where the ordinary one gives up', async () => {
    const troubles = [{ status: 0 }, { status: 503 }, { status: 429, headers: { 'Retry-After': '0' } }];
    const killing = await session(troubles);
    await killing.killBroker.cancel('b-1');
    expect(killing.deletions()).toEqual(Array.from({ length: 4 }, () => 'DELETE /v2/orders/b-1'));
    const ordinary = await session([{ status: 503 }]);
    await expect(ordinary.broker.cancel('b-1')).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    expect(ordinary.deletions()).toHaveLength(1);
  });

  test('reads the answer for each order of one request for all', async () => {
    const body = JSON.stringify([
      { id: 'b-1', status: 200 },
      { id: 'b-2', status: 500 },
    ]);
    const { killBroker } = await session([{ status: 207, body }]);
    expect(await killBroker.cancelAll()).toEqual([
      { brokerOrderId: 'b-1', status: 200 },
      { brokerOrderId: 'b-2', status: 500 },
    ]);
  });

  test('has no limiter: three hundred requests leave at once', async () => {
    const { killBroker, deletions } = await session([]);
    await Promise.all(Array.from({ length: 300 }, (_, nth) => killBroker.cancel(`b-${nth}`)));
    expect(deletions()).toHaveLength(300);
  });
});
