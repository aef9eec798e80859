// What Alpaca answers, in the desk's integers. Decimal strings become integers here and nowhere else; the SDK is not loaded.
import type { trading as alpaca } from '@alpacahq/alpaca-trade-api';
import type { Bar } from '../../../contract/bar.ts';
import { DeskError } from '../../../contract/errors.ts';
import { NANOS_PER_SHARE, parseDecimal, TICKS_PER_USD } from '../../../contract/money.ts';
import type { Asset, BrokerAccount, BrokerOrder, Execution } from '../broker.ts';

export const nanosDigits = 9;
const ticksDigits = 4;
const microsDigits = 6;

/** Converts one execution; `cumulative` is the order's filled quantity after it. */
export function toExecution(
  order: BrokerOrder,
  qty: string,
  price: string,
  cumulative: string,
  marketAt: number,
): Execution {
  return {
    order,
    qtyNanos: toNanos(qty),
    cumulativeNanos: toNanos(cumulative),
    priceTicks: parseDecimal(cut(price, ticksDigits), ticksDigits),
    marketAt,
  };
}

/** Converts the SDK's order. Throws BROKER_REFUSED when the broker left out what every order has. */
export function toOrder(order: alpaca.Order): BrokerOrder {
  const { id, clientOrderId, symbol, side, status, qty } = order;
  if (!id || !clientOrderId || !symbol || !side || !status) {
    throw new DeskError(
      'BROKER_REFUSED',
      'The broker answered with an order without id, symbol, side or status.',
      { order },
    );
  }
  return {
    brokerOrderId: id,
    clientOrderId,
    symbol,
    side,
    status,
    qtyNanos: toNanos(qty ?? '0'),
    filledNanos: toNanos(order.filledQty ?? '0'),
  };
}

interface RawBar {
  readonly t: Date | string;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v: number;
}

/** Converts a bar of the REST service. */
export function toBar(symbol: string, bar: RawBar): Bar {
  return {
    symbol,
    at: new Date(bar.t).getTime(),
    openTicks: toTicks(bar.o),
    highTicks: toTicks(bar.h),
    lowTicks: toTicks(bar.l),
    closeTicks: toTicks(bar.c),
    volume: Math.round(bar.v),
  };
}

/** Market data comes as floating point; a price is whole in 1e-4 dollars. */
export function toTicks(price: number): number {
  return Math.round(price * TICKS_PER_USD);
}

/** Converts the account. Throws BROKER_REFUSED, failing closed: an account without its equity is no account. */
export function toAccount(account: alpaca.Account): BrokerAccount {
  const { accountNumber, equity, cash, buyingPower } = account;
  if (!accountNumber || equity === undefined || cash === undefined || buyingPower === undefined) {
    throw new DeskError(
      'BROKER_REFUSED',
      'The broker answered with an account without number, equity, cash or buying power.',
    );
  }
  return {
    accountNumber,
    equityMicros: toMicros(equity),
    cashMicros: toMicros(cash),
    buyingPowerMicros: toMicros(buyingPower),
  };
}

/** Converts an asset. Only what is easy to borrow may be sold short. */
export function toAsset(asset: alpaca.Assets): Asset {
  const { symbol, shortable, easyToBorrow, fractionable, attributes = [] } = asset;
  return {
    symbol,
    shortable: shortable && easyToBorrow === true,
    lotNanos: fractionable ? 1 : NANOS_PER_SHARE,
    // Only the demo broker tells of a pause here; others tell on the stream when it begins or ends.
    halted: attributes.map(String).includes('trading_paused'),
  };
}

/** Converts an amount of dollars. */
export function toMicros(text: string): number {
  return parseDecimal(cut(text, microsDigits), microsDigits);
}

/** Converts a quantity. */
export function toNanos(text: string): number {
  return parseDecimal(text, nanosDigits);
}

/** Cuts decimals off that the desk does not count: parts of a share make values such as "48.8014266". */
function cut(text: string, digits: number): string {
  const point = text.indexOf('.');
  return point < 0 ? text : text.slice(0, point + 1 + digits);
}
