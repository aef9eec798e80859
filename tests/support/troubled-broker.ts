// A broker in virtual time that keeps its own truth: it takes, fills, cancels and tells late, twice, in disorder or never, as it is told.
import { DeskError } from '../../electron/contract/errors.ts';
import type { Broker, BrokerOrder, MarketOrder } from '../../electron/host/trading/broker.ts';
import type { SessionOptions, TradingSession } from '../../electron/host/trading/alpaca/trading-session.ts';
import { type BrokerTrouble, brokerTroubles, healthy } from './broker-troubles.ts';
import { apiError, brokenConnection } from './fake-broker.ts';
import type { SeededRandom } from './seeded-random.ts';
import { createTroubledOrders, type TroubledOrders, type TruthOrder } from './troubled-orders.ts';
import { createTroubledStream } from './troubled-stream.ts';
import type { VirtualTimers } from './virtual-timers.ts';

export interface TroubledBroker {
  readonly account: Omit<TroubledOrders, 'open' | 'take' | 'cancelOpen' | 'equityMicros' | 'flows'>;
  /** Submissions that left a host, in order, and how each ended for its sender. */
  readonly sent: readonly SentOrder[];
  /** Begins a trouble beside those there are. */
  suffer(trouble: BrokerTrouble): void;
  /** Ends the trouble, or all of them. */
  ease(trouble?: BrokerTrouble): void;
  /** Moves the prices and tells them, with a bar when `withBars`. */
  tick(withBars: boolean): void;
  /** What one host talks to; once it is dead it hears nothing any more, while its requests go on. */
  session(options: SessionOptions, isDead: () => boolean): TradingSession;
}

export interface SentOrder {
  readonly order: MarketOrder;
  outcome: 'open' | 'answered' | 'failed';
}

type SubmissionFate = 'works' | 'refused' | 'lost on the way' | 'answer lost' | 'arrives late';

export const tradedSymbols = ['AAPL', 'KO', 'TSLA'] as const;
const clientTimeoutMs = 10_000;

/** Creates it with an open market; `onSent` hears of each submission as it leaves its host. */
export function createTroubledBroker(
  timers: VirtualTimers,
  now: () => number,
  random: SeededRandom,
  onSent: (order: MarketOrder) => void,
): TroubledBroker {
  const troubles = new Set<BrokerTrouble>();
  let conduct = healthy;
  const prices = new Map<string, number>(
    tradedSymbols.map((symbol, index) => [symbol, 400_000 * (index + 1)]),
  );
  const price = (symbol: string): number => prices.get(symbol) ?? 1_000_000;
  const stream = createTroubledStream(timers, random, () => conduct);
  const { tell } = stream;
  const account = createTroubledOrders({ timers, now, random, conduct: () => conduct, tell, price });
  const sent: SentOrder[] = [];

  const wait = (ms: number): Promise<void> => new Promise((done) => timers.after(ms, done));
  const latency = (): Promise<void> => wait(random.between(1, conduct.latencyMs));

  function drawFate(): SubmissionFate {
    if (conduct.submissions === 'lost on the way') return 'lost on the way';
    if (conduct.submissions === 'work') return 'works';
    return random.pick(['works', 'refused', 'lost on the way', 'answer lost', 'answer lost', 'arrives late']);
  }

  async function submit(order: MarketOrder): Promise<BrokerOrder> {
    const fate = drawFate();
    await latency();
    if (fate === 'refused') throw apiError(403, 'insufficient buying power');
    if (fate === 'works') {
      const answer = attempt(() => account.take(order));
      await latency();
      return answer();
    }
    if (fate === 'answer lost') attempt(() => account.take(order));
    // A service that still takes in what it has answered for does so within the time that the desk allows for.
    if (fate === 'arrives late')
      timers.after(random.between(1, 1_800), () => void attempt(() => account.take(order)));
    return fail();
  }

  /** Fails as a service or a connection does that leaves the sender without an answer. */
  async function fail(): Promise<never> {
    const failure = random.pick([
      apiError(500),
      apiError(503),
      apiError(429, 'too many requests.'),
      brokenConnection,
      null,
    ]);
    await (failure ? latency() : wait(clientTimeoutMs));
    throw failure ?? new TypeError('the request timed out');
  }

  function cancel(known: TruthOrder): void {
    if (conduct.cancel === 'fails') throw apiError(500);
    account.cancelSoon(known);
  }

  function cancelAll(): { brokerOrderId: string; status: number }[] {
    if (conduct.cancel === 'fails') throw apiError(500);
    return account.cancelOpen().map(({ order }) => ({ brokerOrderId: order.brokerOrderId, status: 200 }));
  }

  function connection(isGone: () => boolean): Broker {
    const never = new Promise<never>(() => undefined);

    async function call<T>(deed: () => T): Promise<T> {
      if (isGone()) return never;
      await latency();
      const outcome = conduct.reads === 'fail' ? failing(unavailable()) : attempt(deed);
      await latency();
      return isGone() ? never : outcome();
    }

    const isShown = (at: number): boolean => now() - at >= conduct.showsAfterMs;
    return {
      account: () =>
        call(() => ({
          accountNumber: 'TROUBLED-1',
          equityMicros: account.equityMicros(),
          cashMicros: account.cashMicros(),
          // More than any plan may open: other limits end it before.
          buyingPowerMicros: 1_000_000_000_000,
        })),
      clock: () => call(() => ({ isOpen: conduct.isOpen, marketAt: now(), nextOpenAt: now() + 3_600_000 })),
      assets: () =>
        call(() =>
          [...tradedSymbols].map((symbol) => ({ symbol, shortable: true, lotNanos: 1, halted: false })),
        ),
      positions: () =>
        call(() =>
          [...account.positions()].map(([symbol, qtyNanos]) => ({
            symbol,
            qtyNanos,
            priceTicks: price(symbol),
          })),
        ),
      openOrders: () => call(() => account.open().map(({ order }) => order)),
      findOrder: (clientOrderId) =>
        call(() => {
          const known = account.truth.get(clientOrderId);
          return known && isShown(known.takenAt) ? known.order : null;
        }),
      order: (brokerOrderId) => call(() => byBrokerId(brokerOrderId).order),
      filledAfter: (marketAt) =>
        call(() => {
          const filled = new Map<string, number>();
          for (const { order, executions } of account.truth.values())
            for (const { execution, at } of executions)
              if (execution.marketAt > marketAt && isShown(at))
                filled.set(order.brokerOrderId, execution.cumulativeNanos);
          return filled;
        }),
      cashFlows: (since) =>
        call(() => account.flows.filter(({ at }) => at >= since && isShown(at)).map(({ flow }) => flow)),
      async submit(order) {
        if (isGone()) return never;
        onSent(order);
        const record: SentOrder = { order, outcome: 'open' };
        sent.push(record);
        try {
          const answer = await submit(order);
          record.outcome = 'answered';
          return isGone() ? await never : answer;
        } catch (error) {
          record.outcome = 'failed';
          if (isGone()) return never;
          throw error;
        }
      },
      cancel: (brokerOrderId) => call(() => cancel(byBrokerId(brokerOrderId))),
      cancelAll: () => call(cancelAll),
      executions: ({ clientOrderId }) =>
        call(() =>
          (account.truth.get(clientOrderId)?.executions ?? [])
            .filter(({ at }) => isShown(at))
            .map(({ execution }) => execution),
        ),
      bars: () => call(() => []),
      async *barPages() {
        yield* [];
      },
    };
  }

  function byBrokerId(brokerOrderId: string): TruthOrder {
    const found = [...account.truth.values()].find(({ order }) => order.brokerOrderId === brokerOrderId);
    if (!found) throw apiError(404, 'order not found');
    return found;
  }

  function change(): void {
    const before = conduct.stream;
    conduct = Object.assign({}, healthy, ...[...troubles].map((trouble) => brokerTroubles[trouble]));
    if (conduct.stream !== before) stream.set(conduct.stream);
  }

  return {
    account,
    sent,
    suffer(trouble) {
      troubles.add(trouble);
      change();
    },
    ease(trouble) {
      if (trouble) troubles.delete(trouble);
      else troubles.clear();
      change();
    },
    tick(withBars) {
      for (const [symbol, before] of prices)
        prices.set(symbol, Math.max(1_000, before + random.between(-2_000, 2_000)));
      if (conduct.isMeddledWith && random.chance(0.3)) account.cancelOpen();
      if (conduct.quotes === 'silent') return;
      for (const { options } of stream.alive()) {
        for (const [symbol, ticks] of prices) options.quotes.setQuote(symbol, ticks - 100, ticks + 100);
        if (withBars) options.onBars([...prices].map(([symbol, ticks]) => bar(symbol, ticks, now())));
      }
    },
    session(options, isDead) {
      const session = stream.open(options, isDead);
      const broker = connection(isDead);
      return {
        broker,
        killBroker: broker,
        hub: { follow: () => undefined, isConnected: () => true, close: () => undefined },
        updates: {
          isReady: () => session.isReady,
          restart: () => stream.restart(session),
          close: () => undefined,
        },
        close: () => stream.close(session),
      };
    },
  };
}

function bar(symbol: string, ticks: number, at: number) {
  return { symbol, at, openTicks: ticks, highTicks: ticks, lowTicks: ticks, closeTicks: ticks, volume: 1 };
}

/** What the deed gave or threw is heard only later. */
function attempt<T>(deed: () => T): () => T {
  try {
    const value = deed();
    return () => value;
  } catch (error) {
    return failing(error);
  }
}

function failing(error: unknown): () => never {
  return () => {
    throw error;
  };
}

function unavailable(): DeskError {
  return new DeskError('BROKER_UNAVAILABLE', 'The broker is out of reach.');
}
