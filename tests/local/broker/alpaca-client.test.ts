// The real Alpaca client against the demo broker.
import { describe, expect, test, vi } from 'vitest';
import { openBroker, openDataStream, openTradingStream, refusalOf } from './open-broker.ts';

describe('account, clock and assets', () => {
  test('the account starts with its cash and says that it is a demo', async () => {
    const { alpaca } = await openBroker({ startingCashMicros: 50_000_000_000 });
    const account = await alpaca.trading.account.getAccount();
    expect(account).toMatchObject({
      status: 'ACTIVE',
      accountNumber: 'DEMO-SIMULATOR-1',
      cash: '50000',
      equity: '50000',
      buyingPower: '100000',
      multiplier: '2',
      demo: {
        market_id: 'simulator-1',
        market: 'Simulated market, seed 1, fills as an Alpaca paper account',
      },
    });
  });

  test('both clocks tell the same market time, which runs faster than the wall', async () => {
    const { alpaca } = await openBroker();
    const legacy = await alpaca.trading.clock.legacyClock();
    expect(legacy).toMatchObject({ isOpen: true, nextClose: new Date('2026-01-05T21:00:00Z') });
    const wall = Date.now();
    const later = await vi.waitUntil(async () => {
      const { clocks } = await alpaca.trading.clock.clock();
      const [clock] = clocks;
      return clock && clock.timestamp.getTime() - legacy.timestamp.getTime() > 30_000 ? clock : null;
    }, 5_000);
    expect(later).toMatchObject({ phase: 'core', isMarketDay: true, nextMarketClose: legacy.nextClose });
    expect(later.timestamp.getTime() - legacy.timestamp.getTime()).toBeGreaterThan(10 * (Date.now() - wall));
  });

  test('lists the assets of the market, and one by symbol or by id', async () => {
    const { alpaca, market } = await openBroker();
    const assets = await alpaca.trading.assets.getV2Assets({});
    expect(assets.map((asset) => asset.symbol)).toEqual(market.symbols);
    const apple = await alpaca.trading.assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: 'AAPL' });
    expect(apple).toMatchObject({
      symbol: 'AAPL',
      name: 'Apple (simulated)',
      tradable: true,
      easyToBorrow: true,
    });
    expect(await alpaca.trading.assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: apple.id })).toEqual(
      apple,
    );
    expect(
      await refusalOf(alpaca.trading.assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: 'NOPE' })),
    ).toMatchObject({
      status: 404,
      code: 40410000,
    });
  });

  test('the calendar has the sessions of a week', async () => {
    const { alpaca } = await openBroker();
    const days = await alpaca.trading.calendar.legacyCalendar({
      start: new Date('2026-01-09'),
      end: new Date('2026-01-13'),
    });
    expect(days.map((day) => [day.date.toISOString().slice(0, 10), day.open, day.close])).toEqual([
      ['2026-01-09', '09:30', '16:00'],
      ['2026-01-12', '09:30', '16:00'],
      ['2026-01-13', '09:30', '16:00'],
    ]);
  });
});

describe('orders', () => {
  test('a market order fills, and the update carries price, quantity and position', async () => {
    const { alpaca, tradingStreamUrl } = await openBroker();
    const stream = await openTradingStream(alpaca, tradingStreamUrl);
    const updates: Parameters<Parameters<typeof stream.onTradeUpdate>[0]>[0][] = [];
    stream.onTradeUpdate((update) => updates.push(update));
    const order = await alpaca.trading.orders.market({
      symbol: 'AAPL',
      qty: 3,
      side: 'buy',
      clientOrderId: 'agent-1-1',
    });
    expect(order).toMatchObject({
      status: 'pending_new',
      qty: '3',
      filledQty: '0',
      clientOrderId: 'agent-1-1',
      symbol: 'AAPL',
    });
    await vi.waitFor(() => expect(updates.map((update) => update.event)).toEqual(['new', 'fill']));
    const position = await alpaca.trading.positions.getOpenPosition({ symbolOrAssetId: 'AAPL' });
    expect(updates[1]).toMatchObject({
      qty: '3',
      positionQty: '3',
      order: { id: order.id, status: 'filled', filledQty: '3' },
    });
    expect(position).toMatchObject({
      qty: '3',
      qtyAvailable: '3',
      side: 'long',
      avgEntryPrice: updates[1]?.price,
    });
    const [activity] = await alpaca.trading.accountActivities.getAccountActivities({
      activityTypes: ['FILL'],
    });
    expect(activity).toMatchObject({
      orderId: order.id,
      price: updates[1]?.price,
      qty: '3',
      cumQty: '3',
      leavesQty: '0',
      type: 'fill',
    });
    const found = await alpaca.trading.orders.getOrderByClientOrderId({ clientOrderId: 'agent-1-1' });
    expect(found).toMatchObject({ id: order.id, filledAvgPrice: updates[1]?.price });
  });

  test('the client waits for an order through the stream', async () => {
    const { alpaca, tradingStreamUrl } = await openBroker();
    const stream = await openTradingStream(alpaca, tradingStreamUrl);
    const order = await alpaca.trading.submitAndWait(
      { type: 'market', symbol: 'MSFT', qty: 1, side: 'buy' },
      { stream, timeoutMs: 5_000 },
    );
    expect(order).toMatchObject({ symbol: 'MSFT', status: 'filled' });
  });

  test('a limit order rests, is listed as open, and is canceled', async () => {
    const { alpaca } = await openBroker();
    const { id = '' } = await alpaca.trading.orders.limit({
      symbol: 'AAPL',
      qty: 1,
      side: 'buy',
      limitPrice: '1.50',
      timeInForce: 'gtc',
    });
    const open = await alpaca.trading.orders.getAllOrders({ status: 'open' });
    expect(open).toMatchObject([{ id, status: 'new', limitPrice: '1.5', timeInForce: 'gtc' }]);
    await alpaca.trading.orders.deleteOrderByOrderID({ orderId: id });
    expect(await alpaca.trading.orders.getOrderByOrderID({ orderId: id })).toMatchObject({
      status: 'canceled',
    });
    expect(await alpaca.trading.orders.getAllOrders({ status: 'open' })).toEqual([]);
    expect(await alpaca.trading.orders.getAllOrders({ status: 'closed', symbols: 'AAPL' })).toMatchObject([
      { id },
    ]);
    expect(await refusalOf(alpaca.trading.orders.deleteOrderByOrderID({ orderId: id }))).toMatchObject({
      status: 422,
      code: 42210000,
    });
  });

  test('cancelling all orders answers for each of them', async () => {
    const { alpaca } = await openBroker();
    const orders = await Promise.all(
      ['AAPL', 'MSFT', 'GOOGL'].map((symbol) =>
        alpaca.trading.orders.limit({ symbol, qty: 1, side: 'buy', limitPrice: 2 }),
      ),
    );
    const results = await alpaca.trading.orders.deleteAllOrders();
    expect(results.map(({ id, status }) => ({ id, status }))).toEqual(
      orders.map(({ id }) => ({ id, status: 200 })),
    );
    expect(await alpaca.trading.orders.getAllOrders({ status: 'open' })).toEqual([]);
  });

  test.each([
    ['an unknown symbol', { symbol: 'NOPE', qty: 1 }, 422, 42210000, /could not find asset "NOPE"/],
    ['a quantity of zero', { symbol: 'AAPL', qty: 0 }, 422, 42210000, /qty must be greater than 0/],
    [
      'a quantity beyond nine decimals',
      { symbol: 'AAPL', qty: '0.0000000001' },
      422,
      42210000,
      /invalid qty/,
    ],
    [
      'more than the account can pay',
      { symbol: 'AAPL', qty: 100_000 },
      403,
      40310000,
      /insufficient buying power/,
    ],
    [
      'an order for the opening during the session',
      { symbol: 'AAPL', qty: 1, timeInForce: 'opg' as const },
      422,
      42210000,
      /opg orders are not accepted between 9:28 and 19:00/,
    ],
  ])('refuses %s', async (_name, input, status, code, message) => {
    const { alpaca } = await openBroker();
    const error = await refusalOf(alpaca.trading.orders.market({ side: 'buy', ...input }));
    expect(error).toMatchObject({ status, code });
    expect(error.message).toMatch(message);
    expect(await alpaca.trading.orders.getAllOrders({ status: 'all' })).toEqual([]);
  });

  test('refuses a price finer than a cent, in any field that has one', async () => {
    const { alpaca } = await openBroker();
    const { orders } = alpaca.trading;
    const common = { symbol: 'AAPL', qty: 1, side: 'buy' } as const;
    const rule = 'sub-penny increment does not fulfill minimum pricing criteria';
    const subPenny = await refusalOf(orders.limit({ ...common, limitPrice: '290.123' }));
    expect(subPenny.message).toBe(`invalid limit_price 290.123. ${rule}`);
    const stop = await refusalOf(orders.stop({ ...common, stopPrice: '290.123' }));
    expect(stop.message).toBe(`invalid stop_price 290.123. ${rule}`);
    const trail = await refusalOf(orders.trailingStop({ ...common, trailPrice: '1.005' }));
    expect(trail.message).toBe(`invalid trail_price 1.005. ${rule}`);
    expect(await orders.limit({ ...common, limitPrice: '0.9999' })).toMatchObject({ limitPrice: '0.9999' });
  });

  test('an order names its asset by symbol or by id', async () => {
    const { alpaca } = await openBroker();
    const { id } = await alpaca.trading.assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: 'KO' });
    const order = await alpaca.trading.orders.limit({ symbol: id, qty: 1, side: 'buy', limitPrice: 1 });
    expect(order).toMatchObject({ symbol: 'KO', assetId: id });
  });

  test('refuses a client order id that was used', async () => {
    const { alpaca } = await openBroker();
    const order = { symbol: 'AAPL', qty: 1, side: 'buy', clientOrderId: 'same' } as const;
    await alpaca.trading.orders.market(order);
    expect(await refusalOf(alpaca.trading.orders.market(order))).toMatchObject({
      status: 422,
      code: 40010001,
      message: 'client_order_id must be unique',
    });
  });
});

describe('positions', () => {
  test('closing everything, orders first, leads to a flat account', async () => {
    const { alpaca } = await openBroker();
    const { orders, positions } = alpaca.trading;
    await orders.market({ symbol: 'AAPL', qty: '2.5', side: 'buy' });
    await orders.market({ symbol: 'MSFT', qty: 4, side: 'sell' });
    await orders.limit({ symbol: 'AAPL', qty: 1, side: 'sell', limitPrice: 5_000 });
    expect(
      (await positions.getAllOpenPositions()).map(({ symbol, qty, side }) => [symbol, qty, side]),
    ).toEqual([
      ['AAPL', '2.5', 'long'],
      ['MSFT', '-4', 'short'],
    ]);
    const results = await positions.deleteAllOpenPositions({ cancelOrders: true });
    expect(results).toMatchObject([
      { symbol: 'AAPL', status: 200, body: { side: 'sell', qty: '2.5' } },
      { symbol: 'MSFT', status: 200, body: { side: 'buy', qty: '4' } },
    ]);
    expect(await positions.getAllOpenPositions()).toEqual([]);
    const account = await alpaca.trading.account.getAccount();
    expect(account.equity).toBe(account.cash);
  });

  test('a part of a position can be closed, by quantity or percentage', async () => {
    const { alpaca } = await openBroker();
    const { orders, positions } = alpaca.trading;
    await orders.market({ symbol: 'AAPL', qty: 8, side: 'buy' });
    await positions.deleteOpenPosition({ symbolOrAssetId: 'AAPL', qty: 2 });
    await positions.deleteOpenPosition({ symbolOrAssetId: 'AAPL', percentage: 50 });
    expect(await positions.getOpenPosition({ symbolOrAssetId: 'AAPL' })).toMatchObject({ qty: '3' });
    expect(await refusalOf(positions.deleteOpenPosition({ symbolOrAssetId: 'AAPL', qty: 4 }))).toMatchObject({
      status: 403,
      code: 40310000,
    });
    expect(await refusalOf(positions.getOpenPosition({ symbolOrAssetId: 'MSFT' }))).toMatchObject({
      status: 404,
      name: 'NotFoundError',
    });
  });

  test('fills are paged newest first by the id of the last one', async () => {
    const { alpaca } = await openBroker();
    const placed: (string | undefined)[] = [];
    for (let count = 0; count < 5; count += 1) {
      placed.push((await alpaca.trading.orders.market({ symbol: 'AAPL', qty: 1, side: 'buy' })).id);
    }
    const seen: unknown[] = [];
    for await (const activity of alpaca.trading.iterateActivities({ activityTypes: ['FILL'], pageSize: 2 })) {
      seen.push(activity['orderId']);
    }
    expect(seen).toEqual(placed.reverse());
    const { accountActivities } = alpaca.trading;
    expect(await accountActivities.getAccountActivitiesByActivityType({ activityType: 'FILL' })).toHaveLength(
      5,
    );
    expect(await accountActivities.getAccountActivitiesByActivityType({ activityType: 'DIV' })).toEqual([]);
  });
});

describe('market data', () => {
  test('bars are read in pages that add up, and hours are made of minutes', async () => {
    const { alpaca } = await openBroker();
    const day = { start: new Date('2026-01-02T00:00Z'), end: new Date('2026-01-03T00:00Z') };
    const bars: { symbol: string; t: unknown; v: number; o: number }[] = [];
    let pageToken: string | undefined;
    do {
      const page = await alpaca.marketData.stocks.stockBars({
        symbols: 'MSFT,AAPL,NOPE',
        timeframe: '1Min',
        limit: 250,
        ...day,
        ...(pageToken && { pageToken }),
      });
      for (const [symbol, rows] of Object.entries(page.bars))
        bars.push(...rows.map((row) => ({ symbol, ...row })));
      pageToken = page.nextPageToken ?? undefined;
    } while (pageToken);
    const apple = bars.filter(({ symbol }) => symbol === 'AAPL');
    expect(bars.map(({ symbol }) => symbol)).toEqual(bars.map(({ symbol }) => symbol).sort());
    expect(new Set(apple.map(({ t }) => String(t))).size).toBe(apple.length);
    const daily = await alpaca.marketData.stocks.stockBarSingle({
      symbol: 'AAPL',
      timeframe: '1Day',
      ...day,
    });
    expect(daily.bars).toHaveLength(1);
    expect(daily.bars[0]).toMatchObject({ o: apple[0]?.o, v: apple.reduce((sum, { v }) => sum + v, 0) });
    const latest = await alpaca.marketData.stocks.stockBarSingle({
      symbol: 'AAPL',
      timeframe: '1Min',
      limit: 3,
      sort: 'desc',
      ...day,
    });
    expect(latest.bars.map(({ t }) => t.toISOString())).toEqual(
      apple
        .slice(-3)
        .reverse()
        .map(({ t }) => new Date(String(t)).toISOString()),
    );
  });

  test('the latest quote, bar and trade are those of the market', async () => {
    const { alpaca } = await openBroker();
    const { stocks } = alpaca.marketData;
    const { quote } = await stocks.stockLatestQuoteSingle({ symbol: 'AAPL' });
    expect(quote.ap).toBeGreaterThan(quote.bp);
    await vi.waitFor(async () => {
      const { trades } = await stocks.stockLatestTrades({ symbols: 'AAPL,NOPE' });
      expect(Object.keys(trades)).toEqual(['AAPL']);
      expect(trades['AAPL']?.p).toBeGreaterThan(0);
    }, 5_000);
    const { bars } = await stocks.stockLatestBars({ symbols: 'AAPL,MSFT' });
    expect(Object.keys(bars)).toEqual(['AAPL', 'MSFT']);
    const snapshots = await stocks.stockSnapshots({ symbols: 'AAPL' });
    expect(snapshots['AAPL']?.latestQuote?.ap).toBeGreaterThan(0);
    expect(snapshots['AAPL']?.prevDailyBar?.t.toISOString()).toBe('2026-01-02T05:00:00.000Z');
    expect(await refusalOf(stocks.stockLatestQuoteSingle({ symbol: 'NOPE' }))).toMatchObject({ status: 400 });
  });

  test('the stream brings minute bars, quotes, trades and the bar of the day', async () => {
    const { alpaca, dataStreamUrl } = await openBroker({
      market: { source: 'simulator', seed: 1, speed: 600 },
    });
    const { stream, isOpen } = await openDataStream(alpaca, dataStreamUrl);
    expect(isOpen).toBe(true);
    const bars: { symbol: string; timestamp: Date; open: number; volume: number }[] = [];
    const days: { symbol: string; volume: number; open: number; timestamp: Date }[] = [];
    const seen = new Set<string>();
    stream.onBar((bar) => bars.push(bar));
    stream.onDailyBar((bar) => days.push(bar));
    stream.onTrade((trade) => seen.add(`trade ${trade.symbol}`));
    stream.onQuote((quote) => seen.add(`quote ${quote.symbol}`));
    stream.subscribeForBars(['AAPL']);
    stream.subscribeForDailyBars(['AAPL']);
    stream.subscribeForTrades(['MSFT']);
    stream.subscribeForQuotes(['*']);
    await vi.waitFor(() => expect(bars.length).toBeGreaterThan(5), 10_000);
    expect(new Set(bars.map((bar) => bar.symbol))).toEqual(new Set(['AAPL']));
    const minutes = bars.map((bar) => bar.timestamp.getTime() / 60_000);
    expect(minutes).toEqual(minutes.map((_, index) => (minutes[0] ?? 0) + index));
    const first = bars[0]?.timestamp;
    const { bars: rest } = await alpaca.marketData.stocks.stockBarSingle({
      symbol: 'AAPL',
      timeframe: '1Min',
      limit: 1,
      ...(first && { start: first }),
    });
    expect(rest[0]).toMatchObject({ o: bars[0]?.open, v: bars[0]?.volume });
    expect(days.at(-1)?.timestamp.toISOString()).toBe('2026-01-05T05:00:00.000Z');
    expect(days.map((day) => day.volume)).toEqual(days.map((day) => day.volume).sort((a, b) => a - b));
    expect([...seen].filter((entry) => entry.startsWith('trade'))).toEqual(['trade MSFT']);
    expect([...seen].filter((entry) => entry.startsWith('quote'))).toHaveLength(10);
  });
});
