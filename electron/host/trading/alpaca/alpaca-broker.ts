// The only place that loads Alpaca's REST client; what it answers becomes the desk's own values in alpaca-values.
import { Alpaca, ApiError, type trading as alpaca } from '@alpacahq/alpaca-trade-api';
import { formatDecimal } from '../../../contract/money.ts';
import type { Mode } from '../../../contract/names.ts';
import type { Bar } from '../../../contract/bar.ts';
import { readCashFlows, readExecutions, readFilled } from './alpaca-activities.ts';
import { nanosDigits, toAccount, toAsset, toBar, toNanos, toOrder, toTicks } from './alpaca-values.ts';
import { barHistory, pageBars } from './bar-history.ts';
import type { Broker, MarketOrder } from '../broker.ts';
import type { BrokerAddress } from './broker-address.ts';
import { assertKeyFits, type BrokerKeys } from './broker-keys.ts';
import { brokerError, reach } from './reach-broker.ts';

const requestTimeoutMs = 10_000;

/** Builds the SDK client. The kill switch passes `unlimited`: it must not queue behind polls. Throws ACCOUNT_KEY_KIND. */
export function createAlpacaClient(
  mode: Mode,
  keys: BrokerKeys,
  address: BrokerAddress,
  unlimited: boolean,
): Alpaca {
  assertKeyFits(mode, keys);
  return new Alpaca({
    ...keys,
    paper: mode !== 'live',
    timeoutMs: requestTimeoutMs,
    fetchApi: address.fetch,
    // The demo broker is ours and on this machine; the public service allows 200 a minute.
    rateLimit: unlimited || mode === 'demo' ? false : { maxRequests: 200, intervalMs: 60_000 },
  });
}

/** Adapts the SDK to the desk. Rejects with BROKER_UNAVAILABLE, BROKER_REFUSED or ACCOUNT_KEY_REFUSED. */
export function createAlpacaBroker(client: Alpaca): Broker {
  const { trading } = client;
  return {
    async account() {
      const account = await reach('read the account', () => trading.account.getAccount());
      return toAccount(account);
    },
    async clock() {
      const clock = await reach('read the clock', () => trading.clock.legacyClock());
      return {
        isOpen: clock.isOpen,
        marketAt: clock.timestamp.getTime(),
        nextOpenAt: clock.nextOpen.getTime(),
      };
    },
    async assets() {
      const assets = await reach('list the assets', () =>
        trading.assets.getV2Assets({ status: 'active', assetClass: 'us_equity' }),
      );
      return assets.filter((asset) => asset.tradable).map(toAsset);
    },
    async positions() {
      const positions = await reach('list the positions', () => trading.positions.getAllOpenPositions());
      return positions.map((position) => ({
        symbol: position.symbol,
        qtyNanos: toNanos(position.qty),
        priceTicks: toTicks(Number(position.currentPrice)),
      }));
    },
    async openOrders() {
      const orders = await reach('list the orders', () =>
        trading.orders.getAllOrders({ status: 'open', limit: 500 }),
      );
      return orders.map(toOrder);
    },
    async findOrder(clientOrderId) {
      try {
        return toOrder(await trading.orders.getOrderByClientOrderId({ clientOrderId }));
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw brokerError('look an order up', error);
      }
    },
    order: async (orderId) =>
      toOrder(await reach('read an order', () => trading.orders.getOrderByOrderID({ orderId }))),
    submit: async (order) => toOrder(await submitMarketOrder(client, order)),
    cancel: (orderId) => reach('cancel the order', () => trading.orders.deleteOrderByOrderID({ orderId })),
    async cancelAll() {
      const results = await reach('cancel the orders', () => trading.orders.deleteAllOrders());
      return results.map((result) => ({ brokerOrderId: result.id ?? '', status: result.status ?? 0 }));
    },
    executions: (order) => readExecutions(client, order),
    filledAfter: (marketAt) => readFilled(client, marketAt),
    cashFlows: (since) => readCashFlows(client, since),
    async bars(symbols, timeframe, limit, until) {
      const bySymbol = await Promise.all(
        symbols.map((symbol) => readBars(client, symbol, timeframe, limit, until)),
      );
      return bySymbol.flat();
    },
    async *barPages(request, signal) {
      try {
        yield* barHistory(client, request, signal);
      } catch (error) {
        throw brokerError(`read bars of ${request.symbol}`, error);
      }
    },
  };
}

function submitMarketOrder(client: Alpaca, order: MarketOrder): Promise<alpaca.Order> {
  return client.trading.orders.market({
    symbol: order.symbol,
    qty: formatDecimal(order.qtyNanos, nanosDigits),
    side: order.side,
    timeInForce: 'day',
    clientOrderId: order.clientOrderId,
  });
}

/** Reads the newest bars of one symbol, adjusted for splits, page by page; `start` is given because without it the service begins at today's midnight. */
async function readBars(
  client: Alpaca,
  symbol: string,
  timeframe: string,
  limit: number,
  until: number,
): Promise<Bar[]> {
  const newest: Bar[] = [];
  let pageToken: string | undefined;
  do {
    const asked = {
      symbols: symbol,
      timeframe,
      limit: Math.min(limit - newest.length, pageBars),
      adjustment: 'split',
      sort: 'desc',
      start: new Date(until - lookbackMs(timeframe, limit)),
      end: new Date(until),
      ...(pageToken === undefined ? {} : { pageToken }),
    } as const;
    const page = await reach(`read bars of ${symbol}`, () => client.marketData.stocks.stockBars(asked));
    newest.push(...(page.bars[symbol] ?? []).map((bar) => toBar(symbol, bar)));
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined && newest.length < limit);
  return newest.slice(0, limit).reverse();
}

const dayMs = 86_400_000;
const unitsMs: Readonly<Record<string, number>> = { Min: 60_000, Hour: 3_600_000, Day: dayMs };

/** Calendar time that holds `limit` bars for certain: sessions fill a quarter of a day, and weekends with holidays last four. */
function lookbackMs(timeframe: string, limit: number): number {
  const match = /^(\d+)(Min|Hour|Day)$/.exec(timeframe);
  const barMs = Number(match?.[1] ?? 1) * (unitsMs[match?.[2] ?? 'Day'] ?? dayMs);
  return limit * barMs * (barMs >= dayMs ? 2 : 10) + 5 * dayMs;
}
