// The dead-man lease over the trading bench: real store, real trading floor, a watchdog that the test plays.
import { onTestFinished, vi } from 'vitest';
import type { DeskEvent } from '../../electron/contract/events.ts';
import { createDeadMan, type DeadMan } from '../../electron/host/trading/dead-man/dead-man.ts';
import type { WatchdogListener } from '../../electron/host/trading/dead-man/watchdog.ts';
import type { WatchedAccount } from '../../electron/host/trading/dead-man/watchdog-messages.ts';
import { testClock } from './fleet-bench.ts';
import { createTradingBench, type TradingBench } from './trading-bench.ts';

export interface DeadManBench extends TradingBench {
  readonly deadMan: DeadMan;
  readonly watchdog: {
    /** Whether its thread still gives signs. */
    alive: boolean;
    /** What it was given last. */
    leftMs: number | null;
    account: WatchedAccount | null;
    tell: WatchdogListener;
  };
  /** How often new risk was covered anew. */
  held(): number;
  /** Rests an order that the desk did not place. */
  rest(clientOrderId: string): void;
}

/** Sets the bench up with a lease of 15 s, not connected yet. */
export function createDeadManBench(past: readonly DeskEvent[] = []): DeadManBench {
  const bench = createTradingBench(past);
  const watchdog: DeadManBench['watchdog'] = {
    alive: true,
    leftMs: null,
    account: null,
    tell: { onFired: () => undefined, onFinished: () => undefined },
  };
  let held = 0;
  const deadMan = createDeadMan({
    store: bench.store,
    clock: testClock,
    trading: bench.trading,
    journal: bench.journal,
    pause: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
    leaseS: () => 15,
    onHeld: () => {
      held += 1;
    },
    startWatchdog(listener) {
      watchdog.tell = listener;
      return {
        watch: (account) => void (watchdog.account = account),
        setLease: (leftMs) => void (watchdog.leftMs = leftMs),
        beatAgeMs: () => (watchdog.alive ? 10 : 60_000),
        close: async () => undefined,
      };
    },
  });
  onTestFinished(async () => {
    vi.useRealTimers();
    await deadMan.close();
  });
  return {
    ...bench,
    deadMan,
    watchdog,
    held: () => held,
    rest: (clientOrderId) =>
      bench.broker.place({ clientOrderId, symbol: 'AAPL', side: 'buy', qtyNanos: 10_000_000_000 }),
  };
}
