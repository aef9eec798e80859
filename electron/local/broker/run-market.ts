// Lets the market run, and passes what it does on to the account and to the streams.
import type { MarketChoice } from '../../contract/market.ts';
import type { AccountBook } from './account-book.ts';
import type { Broker } from './broker.ts';
import type { BrokerStreams } from './broker-streams.ts';
import type { Clock } from './clock.ts';
import type { Exchange, ExchangeStep } from './exchange.ts';
import { tradesNow } from './market-phase.ts';
import { type Pace, startMarketPacer } from './market-pacer.ts';
import type { MarketView } from './market-view.ts';
import { type MarketStep, stepMarket } from './step-market.ts';

const CHECKPOINT_MS = 5_000;

export interface MarketParts {
  readonly options: {
    readonly market: MarketChoice;
    /** Whether the market moves only when told to. */
    readonly stepped: boolean;
    readonly clock: Clock;
    readonly report: (error: unknown) => void;
  };
  readonly exchange: Exchange;
  readonly book: AccountBook;
  readonly broker: Broker;
  readonly view: MarketView;
  readonly streams: BrokerStreams;
}

export interface MarketRun {
  step(to: MarketStep): void;
  /** Returns the stop, which journals where the market is. */
  start(): () => void;
}

/** Lets market time pass, by itself or step by step, and journals now and then how far it is. */
export function createMarketRun(parts: MarketParts): MarketRun {
  const { options, exchange, book, broker, view, streams } = parts;
  const { clock, market, report } = options;
  const onStep = (step: ExchangeStep) => {
    broker.absorb(step);
    const { quotes, statuses, bars, nowMs } = step;
    streams.publishNews({ trades: view.absorb(step), quotes, statuses, bars, dayBar: view.dayBar }, nowMs);
  };
  const isAwaited = () =>
    tradesNow(true, exchange.clock()) && book.openOrders().some(({ terms }) => terms.extendedHours);
  const pacer = { exchange, pace: paceOf(market), clock, onStep, isAwaited, onFailure: report };
  return {
    step: (to: MarketStep) => stepMarket(exchange, to, onStep),
    start() {
      const stopPacer = options.stepped ? () => {} : startMarketPacer(pacer);
      const checkpoints = setInterval(() => attempt(broker.checkpoint, report), CHECKPOINT_MS);
      return () => {
        stopPacer();
        clearInterval(checkpoints);
        attempt(broker.checkpoint, report);
      };
    },
  };
}

function paceOf(choice: MarketChoice): Pace {
  return choice.source === 'simulator'
    ? { source: 'simulator', speed: choice.speed }
    : { source: 'replay', barsPerSecond: choice.barsPerSecond };
}

function attempt(action: () => void, report: (error: unknown) => void): void {
  try {
    action();
  } catch (error) {
    report(error);
  }
}
