// When the desk's record is compared with the broker's: all of it, one order, or the account after fills.
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Store } from '../../store.ts';
import type { BrokerOrder, Execution } from '../broker.ts';
import type { ExecutionBook, ExecutionOutcome } from '../books/execution-book.ts';
import type { FloorSession } from '../floor-session.ts';
import { explainableMs, hasDifference } from './doubts.ts';
import { readAccount } from './read-account.ts';
import { reconcile, reconcileOrder, type ReconcileParts } from './reconcile.ts';

const afterFillMs = 500;
const missingFillMs = 1_000;

export interface Reconciler {
  /** Reads everything, and again soon while something differs that a late fill may explain. Never rejects. */
  all(): Promise<void>;
  /** Reads one order and the executions that are missing here. Never rejects. */
  recover(clientOrderId: string): Promise<void>;
  /** Takes the broker's word on an order. Fills that it counts and the stream has not told are given a moment, then read. */
  heed(order: BrokerOrder): void;
  /** Reads the account. Rejects with BROKER_*; does nothing without a connection. */
  account(): Promise<void>;
  /** The same a moment later, once for all fills of that moment. */
  accountSoon(): void;
  /** Reads every order in work and the account past the rate limit; `believes` the positions at once. Rejects with BROKER_*. */
  forKill(believes: boolean): Promise<void>;
}

export interface ReconcilerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly book: ExecutionBook;
  readonly isInFlight: (clientOrderId: string) => boolean;
  /** Null without a connection. */
  readonly current: () => FloorSession | null;
  /** Throws BROKER_UNAVAILABLE without one. */
  readonly connected: () => FloorSession;
  /** Called with an execution that the stream had not told. */
  readonly onFound: (execution: Execution) => void;
  /** Called when everything was read. */
  readonly onAll: () => void;
}

/** Creates the reconciler; it reads nothing by itself. */
export function createReconciler(parts: ReconcilerParts): Reconciler {
  const { store, clock, log, book } = parts;
  let explaining: FloorSession | null = null;
  let accountDue: FloorSession | null = null;

  function partsOf(floor: FloorSession): ReconcileParts {
    return {
      store,
      clock,
      book: { ...book, apply: applyFound },
      broker: floor.session.broker,
      isInFlight: parts.isInFlight,
      doubts: floor.doubts,
      marketNow: () => floor.market.last()?.read.marketAt ?? null,
      peakEquityMicros: () => floor.reading?.peakEquityMicros ?? null,
      onPositions(positions) {
        floor.prices = new Map(positions.map(({ symbol, priceTicks }) => [symbol, priceTicks]));
      },
      fillHorizon: floor.market.fillHorizon,
      onUnderWay: (clientOrderId, lookInMs) => floor.timers.later(lookInMs, () => recover(clientOrderId)),
    };
  }

  /** An execution from the broker's history. */
  function applyFound(execution: Execution): ExecutionOutcome {
    const outcome = book.apply(execution);
    if (outcome === 'applied') parts.onFound(execution);
    return outcome;
  }

  async function recover(clientOrderId: string): Promise<void> {
    try {
      await reconcileOrder(partsOf(parts.connected()), clientOrderId);
    } catch (error) {
      log.warn({ err: error, clientOrderId }, 'order not reconciled');
    }
  }

  async function all(): Promise<void> {
    const floor = parts.current();
    if (!floor) return;
    try {
      await reconcile(partsOf(floor));
      floor.reconciledAt = clock.now();
    } catch (error) {
      log.warn({ err: error }, 'reconciliation failed');
    }
    explainSoon(floor);
    parts.onAll();
  }

  /** What differs is explained by fills that the broker lists by then, or by nothing. */
  function explainSoon(floor: FloorSession): void {
    if (!hasDifference(floor.doubts) || explaining === floor || floor !== parts.current()) return;
    explaining = floor;
    floor.timers.later(explainableMs, async () => {
      explaining = null;
      await all();
    });
  }

  async function account(): Promise<void> {
    const floor = parts.current();
    if (!floor) return;
    await readAccount(partsOf(floor));
    explainSoon(floor);
  }

  return {
    all,
    recover,
    heed(order) {
      if (book.settle(order)) return;
      // Without a connection: the next one begins by reading what is missing.
      parts.current()?.timers.later(missingFillMs, async () => {
        if (!book.settle(order)) await recover(order.clientOrderId);
      });
    },
    account,
    accountSoon() {
      const floor = parts.current();
      if (!floor || floor === accountDue) return;
      accountDue = floor;
      floor.timers.later(afterFillMs, async () => {
        accountDue = null;
        await account();
      });
    },
    async forKill(believes) {
      const floor = parts.connected();
      await reconcile({ ...partsOf(floor), broker: floor.session.killBroker }, believes);
    },
  };
}
