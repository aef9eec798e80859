// What the desk needs of a broker, in the desk's own words and integers. The Alpaca adapter implements it.
import type { Side } from '../../contract/names.ts';
import type { Bar } from '../../contract/bar.ts';
import type { CashFlow } from '../../contract/order-events.ts';

export interface BrokerOrder {
  readonly brokerOrderId: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  /** The broker's own word, for example "partially_filled". */
  readonly status: string;
  readonly qtyNanos: number;
  readonly filledNanos: number;
}

export interface Execution {
  readonly order: BrokerOrder;
  readonly qtyNanos: number;
  /** Filled quantity of the order after this execution: with the order's id, the same name for it in stream and history. */
  readonly cumulativeNanos: number;
  readonly priceTicks: number;
  readonly marketAt: number;
}

export interface MarketOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly qtyNanos: number;
}

export interface BrokerClock {
  readonly isOpen: boolean;
  readonly marketAt: number;
  readonly nextOpenAt: number;
}

export interface BrokerPosition {
  readonly symbol: string;
  readonly qtyNanos: number;
  readonly priceTicks: number;
}

export interface HistoryRequest {
  readonly symbol: string;
  readonly timeframe: string;
  /** First start of a bar, inclusive, ms since 1970. */
  readonly startMs: number;
  /** Starts of bars end before it. */
  readonly endMs: number;
}

export interface Asset {
  readonly symbol: string;
  /** The broker lends its shares. */
  readonly shortable: boolean;
  /** Quantities are multiples of this. */
  readonly lotNanos: number;
  readonly halted: boolean;
}

export interface BrokerAccount {
  readonly accountNumber: string;
  readonly equityMicros: number;
  readonly cashMicros: number;
  /** What may still be spent, open orders taken off. */
  readonly buyingPowerMicros: number;
}

export interface Broker {
  account(): Promise<BrokerAccount>;
  clock(): Promise<BrokerClock>;
  /** What can be traded. */
  assets(): Promise<Asset[]>;
  positions(): Promise<BrokerPosition[]>;
  openOrders(): Promise<BrokerOrder[]>;
  /** Null when the broker does not know the id. */
  findOrder(clientOrderId: string): Promise<BrokerOrder | null>;
  /** An order by the broker's own id, whoever placed it. */
  order(brokerOrderId: string): Promise<BrokerOrder>;
  submit(order: MarketOrder): Promise<BrokerOrder>;
  /** Asks for one order to be cancelled; it can fill until its end is told. */
  cancel(brokerOrderId: string): Promise<void>;
  /** The answer for each order that was open, a status as of HTTP. */
  cancelAll(): Promise<{ brokerOrderId: string; status: number }[]>;
  /** Executions of one order, oldest first. */
  executions(order: BrokerOrder): Promise<Execution[]>;
  /** Filled quantity of each order that was filled after this time on the market's clock, by the broker's id. */
  filledAfter(marketAt: number): Promise<ReadonlyMap<string, number>>;
  /** Cash that moved without a fill since this time on the market's clock. */
  cashFlows(since: number): Promise<CashFlow[]>;
  /** The last `limit` completed bars of each symbol before `until` on the market's clock, oldest first. */
  bars(symbols: readonly string[], timeframe: string, limit: number, until: number): Promise<Bar[]>;
  /** Pages of bars that start from `startMs` to before `endMs`, adjusted for splits, oldest first. */
  barPages(request: HistoryRequest, signal: AbortSignal): AsyncIterable<Bar[]>;
}
