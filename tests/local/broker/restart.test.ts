// What a demo account keeps, and where its market goes on.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { MarketChoice } from '../../../electron/contract/market.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { openBroker, openDataStream } from './open-broker.ts';

const sp500 = readFileSync(
  new URL('../../../node_modules/vega-datasets/data/sp500-2000.csv', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','));

describe('a broker started again in the same directory', () => {
  test('has the account, its orders, positions, fills and cash, and market time goes on', async () => {
    const dataDir = temporaryDirectory();
    const first = await openBroker({ dataDir });
    const { orders } = first.alpaca.trading;
    await orders.market({ symbol: 'AAPL', qty: 3, side: 'buy', clientOrderId: 'agent-1-1' });
    const { id: restingId = '' } = await orders.limit({
      symbol: 'MSFT',
      qty: 2,
      side: 'buy',
      limitPrice: 1,
      timeInForce: 'gtc',
    });
    const before = await readAccount(first.alpaca);
    await first.close();
    const again = await openBroker({ dataDir });
    const after = await readAccount(again.alpaca);
    expect(after).toMatchObject({
      id: before.id,
      cash: before.cash,
      fills: before.fills,
      orders: before.orders,
    });
    expect(after.position).toMatchObject({ qty: '3', avgEntryPrice: before.position.avgEntryPrice });
    expect(after.marketMs).toBeGreaterThanOrEqual(before.marketMs);
    await again.alpaca.trading.orders.deleteOrderByOrderID({ orderId: restingId });
    expect(await again.alpaca.trading.orders.getOrderByOrderID({ orderId: restingId })).toMatchObject({
      status: 'canceled',
    });
    await expect(
      again.alpaca.trading.orders.market({ symbol: 'AAPL', qty: 3, side: 'buy', clientOrderId: 'agent-1-1' }),
    ).rejects.toMatchObject({ message: 'client_order_id must be unique' });
    expect(again.failures).toEqual([]);
  });

  test('has one account a market', async () => {
    const dataDir = temporaryDirectory();
    const first = await openBroker({ dataDir });
    await first.alpaca.trading.orders.market({ symbol: 'AAPL', qty: 1, side: 'buy' });
    await first.close();
    const other = await openBroker({ dataDir, market: { source: 'simulator', seed: 2, speed: 60 } });
    expect(await other.alpaca.trading.positions.getAllOpenPositions()).toEqual([]);
    expect(
      readdirSync(dataDir)
        .filter((name) => name.endsWith('.db'))
        .sort(),
    ).toEqual(['demo-simulator-1.db', 'demo-simulator-2.db']);
  });

  test('refuses a directory whose account another broker holds', async () => {
    const dataDir = temporaryDirectory();
    await openBroker({ dataDir });
    await expect(openBroker({ dataDir })).rejects.toMatchObject({ code: 'HOST_RUNNING' });
  });
});

async function readAccount(alpaca: Awaited<ReturnType<typeof openBroker>>['alpaca']) {
  const { account, accountActivities, clock, orders, positions } = alpaca.trading;
  const { id, cash } = await account.getAccount();
  return {
    id,
    cash,
    fills: await accountActivities.getAccountActivities({ activityTypes: ['FILL'] }),
    orders: await orders.getAllOrders({ status: 'all' }),
    position: await positions.getOpenPosition({ symbolOrAssetId: 'AAPL' }),
    marketMs: (await clock.legacyClock()).timestamp.getTime(),
  };
}

describe('a replay of the S&P 500', () => {
  const market: MarketChoice = { source: 'replay', file: 'sp500', barsPerSecond: 20 };

  test('fills a market order at the opening of a later bar of the file', async () => {
    const { alpaca, market: described } = await openBroker({ market });
    expect(described).toEqual({
      source: 'replay',
      label: 'Replay of the S&P 500 from 2000 (SPX)',
      symbols: ['SPX'],
      timeframe: '1Day',
      barMs: 50,
    });
    const { bars } = await alpaca.marketData.stocks.stockLatestBars({ symbols: 'SPX' });
    const { id: orderId = '' } = await alpaca.trading.orders.market({ symbol: 'SPX', qty: 2, side: 'buy' });
    const filled = await vi.waitUntil(async () => {
      const order = await alpaca.trading.orders.getOrderByOrderID({ orderId });
      return order.status === 'filled' ? order : null;
    }, 5_000);
    const filledOn = filled.filledAt?.toISOString().slice(0, 10);
    const row = sp500.find(([date]) => date === filledOn);
    expect(Number(filled.filledAvgPrice)).toBeCloseTo(Number(row?.[1]), 4);
    expect(filled.filledAt?.getTime()).toBeGreaterThan(Number(bars['SPX']?.t));
  });

  test('streams the bars of the file, one after the other', async () => {
    const { alpaca, dataStreamUrl } = await openBroker({ market });
    const { stream } = await openDataStream(alpaca, dataStreamUrl);
    const seen: [string, number, number][] = [];
    stream.onBar(({ timestamp, open, close }) =>
      seen.push([timestamp.toISOString().slice(0, 10), open, close]),
    );
    stream.subscribeForBars(['SPX']);
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(10), 5_000);
    const from = sp500.findIndex(([date]) => date === seen[0]?.[0]);
    const expected = sp500
      .slice(from, from + seen.length)
      .map(([date, open, , , close]) => [date, round(open), round(close)]);
    expect(seen).toEqual(expected);
    const history = await alpaca.marketData.stocks.stockBarSingle({
      symbol: 'SPX',
      timeframe: '1Min',
      start: new Date('2000-01-01'),
      limit: 2,
    });
    expect(history.bars.map((bar) => bar.o)).toEqual(sp500.slice(0, 2).map(([, open]) => round(open)));
  });

  test('goes on where it stopped, with the position', async () => {
    const dataDir = temporaryDirectory();
    const first = await openBroker({ dataDir, market: { ...market, barsPerSecond: 100 } });
    const { id: orderId = '' } = await first.alpaca.trading.orders.market({
      symbol: 'SPX',
      qty: 2,
      side: 'buy',
    });
    await vi.waitUntil(
      async () => (await first.alpaca.trading.orders.getOrderByOrderID({ orderId })).status === 'filled',
      5_000,
    );
    await first.close();
    const again = await openBroker({ dataDir, market: { ...market, barsPerSecond: 0.1 } });
    const { filledAt, filledAvgPrice } = await again.alpaca.trading.orders.getOrderByOrderID({ orderId });
    expect((await again.alpaca.trading.clock.legacyClock()).timestamp.getTime()).toBeGreaterThanOrEqual(
      Number(filledAt),
    );
    expect(await again.alpaca.trading.positions.getOpenPosition({ symbolOrAssetId: 'SPX' })).toMatchObject({
      qty: '2',
      avgEntryPrice: filledAvgPrice,
    });
  });

  test('closes at the end of its file, and starts over with a new account when started again', async () => {
    const dataDir = temporaryDirectory();
    const file = join(dataDir, 'tiny.csv');
    writeFileSync(
      file,
      [
        'date,open,high,low,close,volume',
        '2024-01-02,10,11,9,10,5',
        '2024-01-03,10,12,9,11,5',
        '2024-01-04,11,12,9,10,5',
      ].join('\n'),
    );
    const tiny: MarketChoice = { source: 'replay', file, barsPerSecond: 100 };
    const first = await openBroker({ dataDir, market: tiny });
    const { clock, account, orders } = first.alpaca.trading;
    await vi.waitUntil(async () => !(await clock.legacyClock()).isOpen, 5_000);
    expect(await orders.market({ symbol: 'TINY', qty: 1, side: 'buy' })).toMatchObject({
      status: 'accepted',
    });
    const { id } = await account.getAccount();
    await first.close();
    const again = await openBroker({ dataDir, market: { ...tiny, barsPerSecond: 0.1 } });
    expect((await again.alpaca.trading.account.getAccount()).id).not.toBe(id);
    expect(await again.alpaca.trading.orders.getAllOrders({ status: 'all' })).toEqual([]);
    expect((await again.alpaca.trading.clock.legacyClock()).isOpen).toBe(true);
    expect(readdirSync(dataDir).filter((name) => name.includes('.ended-'))).toHaveLength(1);
  });
});

test.each([
  ['is missing', 'nowhere.csv', null, /does not exist/],
  ['has a bad line', 'bad.csv', 'date,open,high,low,close,volume\n2024-01-02,10,11,9,ten,5\n', /line 2/],
  ['gives no symbol', '---.csv', 'date,open,high,low,close,volume\n', /gives no symbol/],
])('refuses a file that %s', async (_name, name, content, message) => {
  const dataDir = temporaryDirectory();
  const file = join(dataDir, name);
  if (content !== null) writeFileSync(file, content);
  const opened = openBroker({ dataDir, market: { source: 'replay', file, barsPerSecond: 1 } });
  await expect(opened).rejects.toMatchObject({
    code: 'MARKET_FILE_INVALID',
    message: expect.stringMatching(message),
  });
});

function round(price: string | undefined): number {
  return Math.round(Number(price) * 10_000) / 10_000;
}
