// Gathers what one order is judged by from what the host holds. What the host does not know stays null.
import type { DeskState, Order } from '../../../contract/state.ts';
import type { AccountReading } from './account-reading.ts';
import type { Asset, BrokerClock, MarketOrder } from '../broker.ts';
import {
  flat,
  type Holding,
  holdings,
  openOrders,
  type PriceOf,
  uncountedMicros,
  worstCaseOfOthers,
} from './holdings.ts';
import type { Quotes } from '../quotes.ts';
import {
  never,
  type OrderFacts,
  sessions,
  sides,
  states,
  timeInForce,
  type TradingState,
} from './risk-gate.ts';

const minuteMs = 60_000;

export interface MarketReading {
  readonly read: BrokerClock;
  readonly at: number;
}

export interface OrderSources {
  readonly state: DeskState;
  readonly tradingState: TradingState;
  readonly now: number;
  readonly quotes: Quotes;
  readonly asset: Asset | undefined;
  readonly marketClock: MarketReading | null;
  readonly reading: AccountReading | null;
  readonly priceOf: PriceOf;
}

/** An order to be judged. One that is in work already has its id, so that it does not count against itself. */
export type JudgedOrder = Omit<MarketOrder, 'clientOrderId'> & Partial<Pick<MarketOrder, 'clientOrderId'>>;

/** The facts of a market order for the day. */
export function orderFacts(order: JudgedOrder, sources: OrderSources): OrderFacts {
  const { state, now, quotes, asset, marketClock } = sources;
  const quote = quotes.get(order.symbol);
  const open = openOrders(state, order.clientOrderId);
  const held = holdings(state, open);
  const { positionNanos, workingBuyNanos, workingSellNanos } = held?.get(order.symbol) ?? flat;
  return {
    side: sides[order.side],
    qtyNanos: order.qtyNanos,
    isLimit: 0,
    limitTicks: null,
    timeInForce: timeInForce.day,
    extendedHours: 0,
    state: states[sources.tradingState],
    tradable: Number(asset !== undefined),
    halted: Number(quotes.isHalted(order.symbol)),
    shortable: Number(asset?.shortable === true),
    lotNanos: asset?.lotNanos ?? null,
    session: marketClock ? sessions[marketClock.read.isOpen ? 'regular' : 'closed'] : null,
    clockAgeMs: marketClock ? now - marketClock.at : null,
    bidTicks: quote?.bidTicks ?? null,
    askTicks: quote?.askTicks ?? null,
    quoteAgeMs: quote ? now - quote.receivedAt : null,
    positionNanos: held ? positionNanos : null,
    workingBuyNanos: held ? workingBuyNanos : null,
    workingSellNanos: held ? workingSellNanos : null,
    // The desk sends market orders; of others on the account it does not know the price.
    oppositeLimitTicks: null,
    ...pace(order, state, now),
    openOrders: open.length,
    ...funds(order, held, sources),
  };
}

function pace(
  order: JudgedOrder,
  { orders }: DeskState,
  now: number,
): Pick<OrderFacts, 'sameOrderAgeMs' | 'ordersLastMinute'> {
  const approved = Object.values(orders).filter((other) => other.clientOrderId !== order.clientOrderId);
  const last = approved.findLast((other) => other.symbol === order.symbol);
  return {
    sameOrderAgeMs: last && isSame(order, last) ? now - last.approvedAt : never,
    ordersLastMinute: approved.filter((other) => now - other.approvedAt < minuteMs).length,
  };
}

function isSame(order: JudgedOrder, last: Order): boolean {
  return order.side === last.side && order.qtyNanos === last.qtyNanos;
}

type Funds = Pick<
  OrderFacts,
  | 'accountAgeMs'
  | 'equityMicros'
  | 'dayStartEquityMicros'
  | 'peakEquityMicros'
  | 'buyingPowerMicros'
  | 'reservedMicros'
  | 'otherGrossMicros'
  | 'otherNetHighMicros'
  | 'otherNetLowMicros'
>;

function funds(
  order: JudgedOrder,
  held: ReadonlyMap<string, Holding> | null,
  { state, now, reading, priceOf }: OrderSources,
): Funds {
  const others = held && worstCaseOfOthers(held, order.symbol, priceOf);
  return {
    // Without its positions and the start of its day the account is as good as unread.
    accountAgeMs: reading && state.account ? now - reading.at : null,
    equityMicros: reading?.equityMicros ?? null,
    dayStartEquityMicros: state.account?.dayStartEquityMicros ?? null,
    peakEquityMicros:
      reading && state.account ? Math.max(state.account.peakEquityMicros, reading.peakEquityMicros) : null,
    buyingPowerMicros: reading?.buyingPowerMicros ?? null,
    reservedMicros: reading ? uncountedMicros(state, reading.counted, priceOf, order.clientOrderId) : null,
    otherGrossMicros: others?.grossMicros ?? null,
    otherNetHighMicros: others?.netHighMicros ?? null,
    otherNetLowMicros: others?.netLowMicros ?? null,
  };
}
