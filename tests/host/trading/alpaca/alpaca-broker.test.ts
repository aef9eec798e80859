// The adapter against the demo broker, through the official client.
import { randomUUID } from 'node:crypto';
import type { Alpaca } from '@alpacahq/alpaca-trade-api';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  createAlpacaBroker,
  createAlpacaClient,
} from '../../../../electron/host/trading/alpaca/alpaca-broker.ts';
import { toExecution } from '../../../../electron/host/trading/alpaca/alpaca-values.ts';
import type { Broker, BrokerOrder } from '../../../../electron/host/trading/broker.ts';
import {
  type BrokerAddress,
  createBrokerAddress,
  type LoopbackBroker,
} from '../../../../electron/host/trading/alpaca/broker-address.ts';
import { notionalMicros } from '../../../../electron/contract/money.ts';
import { startLocalServices } from '../../../../electron/local/local-services.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';
import { LocalServicesConfig } from '../../../../electron/contract/local-services.ts';

function demoAddress(loopback: LoopbackBroker): BrokerAddress {
  return createBrokerAddress({ mode: 'demo', modeInForce: () => 'demo', loopback });
}

async function openBroker(market: object, stepped = false): Promise<Broker> {
  const dataDir = temporaryDirectory();
  const config = LocalServicesConfig.parse({ dataDir, market, stepped, isolation: 'off' });
  const services = await startLocalServices(config, { clock: { now: Date.now }, report: () => undefined });
  onTestFinished(() => services.close());
  const { ready } = services;
  return createAlpacaBroker(createAlpacaClient('demo', ready, demoAddress(ready), false));
}

async function filled(broker: Broker, clientOrderId: string): Promise<BrokerOrder> {
  return vi.waitFor(
    async () => {
      const order = await broker.findOrder(clientOrderId);
      expect(order?.status).toBe('filled');
      return order ?? expect.fail('the order is gone');
    },
    { timeout: 15_000, interval: 50 },
  );
}

test('reads the executions of one order among others, with cumulative quantities that end at the whole', async () => {
  const broker = await openBroker({ source: 'simulator', seed: 3, speed: 600 });
  const ids = [randomUUID(), randomUUID()];
  for (const clientOrderId of ids)
    await broker.submit({ clientOrderId, symbol: 'KO', side: 'buy', qtyNanos: 5_000_000_000 });
  for (const clientOrderId of ids) {
    const order = await filled(broker, clientOrderId);
    const executions = await broker.executions(order);
    expect(executions.reduce((sum, execution) => sum + execution.qtyNanos, 0)).toBe(5_000_000_000);
    expect(executions.at(-1)?.cumulativeNanos).toBe(5_000_000_000);
    expect(executions.every((execution) => execution.priceTicks > 0)).toBe(true);
  }
});

test.each([
  [{ source: 'simulator', seed: 3, speed: 60 }, ['AAPL', 'KO', 'TSLA'], '1Min'],
  [{ source: 'replay', file: 'sp500', barsPerSecond: 5 }, ['SPX'], '1Day'],
])('reads history of each symbol before the first live bar: %j', async (market, symbols, timeframe) => {
  const broker = await openBroker(market);
  const { marketAt } = await broker.clock();
  const bars = await broker.bars(symbols, timeframe, 60, marketAt);
  for (const symbol of symbols) {
    const times = bars.filter((bar) => bar.symbol === symbol).map((bar) => bar.at);
    expect(times).toHaveLength(60);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(Math.max(...times)).toBeLessThanOrEqual(marketAt);
  }
});

test('cancels an order that waits, and is refused for one that is done', async () => {
  const market = { source: 'simulator', seed: 1, speed: 60, fills: 'realistic' };
  const standing = await openBroker(market, true);
  const waiting = await standing.submit({
    clientOrderId: randomUUID(),
    symbol: 'KO',
    side: 'buy',
    qtyNanos: 5_000_000_000,
  });
  await standing.cancel(waiting.brokerOrderId);
  expect(await standing.order(waiting.brokerOrderId)).toMatchObject({
    status: expect.stringMatching(/^(pending_cancel|canceled)$/),
    filledNanos: 0,
  });
  const moving = await openBroker({ source: 'simulator', seed: 3, speed: 600 });
  const clientOrderId = randomUUID();
  await moving.submit({ clientOrderId, symbol: 'KO', side: 'buy', qtyNanos: 5_000_000_000 });
  const { brokerOrderId } = await filled(moving, clientOrderId);
  await expect(moving.cancel(brokerOrderId)).rejects.toMatchObject({ code: 'BROKER_REFUSED' });
});

test('does not find an order that was never sent', async () => {
  const broker = await openBroker({ source: 'simulator', seed: 1, speed: 60 });
  expect(await broker.findOrder('nt-unknown')).toBeNull();
});

test('names the address and the reason when the broker is gone', async () => {
  const demo = {
    brokerUrl: 'http://127.0.0.1:9',
    dataStreamUrl: 'ws://127.0.0.1:9/v2/iex',
    tradingStreamUrl: 'ws://127.0.0.1:9/stream',
  };
  const broker = createAlpacaBroker(
    createAlpacaClient('demo', { keyId: 'k', secret: 's' }, demoAddress(demo), false),
  );
  await expect(broker.cancelAll()).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
});

describe('figures finer than the desk counts', () => {
  test('do not keep an account with parts of shares from being read', async () => {
    const account = {
      getAccount: async () => ({
        accountNumber: 'A-1',
        equity: '48.8014266',
        cash: '-5.92',
        buyingPower: '97.6',
      }),
    };
    const client: unknown = { trading: { account } };
    expect(await createAlpacaBroker(client as Alpaca).account()).toEqual({
      accountNumber: 'A-1',
      equityMicros: 48_801_426,
      cashMicros: -5_920_000,
      buyingPowerMicros: 97_600_000,
    });
  });

  test('do not keep a fill from being counted', () => {
    const order: BrokerOrder = {
      brokerOrderId: 'b-1',
      clientOrderId: 'nt-1',
      symbol: 'KO',
      side: 'buy',
      status: 'filled',
      qtyNanos: 1,
      filledNanos: 1,
    };
    expect(toExecution(order, '0.5', '171.22505', '1.5', 7)).toEqual({
      order,
      qtyNanos: 500_000_000,
      cumulativeNanos: 1_500_000_000,
      priceTicks: 1_712_250,
      marketAt: 7,
    });
  });
});

test('lists the fees that trades cost as cash flows, which with the fills leave the cash that the broker shows', async () => {
  const broker = await openBroker({ source: 'simulator', seed: 3, speed: 6_000, fills: 'realistic' });
  const { cashMicros: before } = await broker.account();
  const { marketAt } = await broker.clock();
  const trade = async (side: 'buy' | 'sell'): Promise<number> => {
    const clientOrderId = randomUUID();
    await broker.submit({ clientOrderId, symbol: 'KO', side, qtyNanos: 50_000_000_000 });
    const executions = await broker.executions(await filled(broker, clientOrderId));
    const worth = executions.reduce(
      (sum, { qtyNanos, priceTicks }) => sum + notionalMicros(qtyNanos, priceTicks),
      0,
    );
    return side === 'buy' ? -worth : worth;
  };
  const traded = (await trade('buy')) + (await trade('sell'));
  // The close charges what the day cost.
  const flows = await vi.waitUntil(
    async () => {
      const listed = await broker.cashFlows(marketAt - 1);
      return listed.length > 0 && listed;
    },
    { timeout: 30_000, interval: 100 },
  );
  expect(flows.every(({ activityType, netMicros }) => activityType === 'FEE' && netMicros < 0)).toBe(true);
  const settled = async () => {
    const listed = await broker.cashFlows(marketAt - 1);
    const { cashMicros } = await broker.account();
    return cashMicros - before - traded - listed.reduce((sum, { netMicros }) => sum + netMicros, 0);
  };
  await expect.poll(settled, { timeout: 10_000 }).toBe(0);
});
