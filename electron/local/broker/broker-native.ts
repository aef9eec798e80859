// The part of the native addon that the demo broker needs. The addon has it; tests may bring their own.
import type { FillProfile } from '../../contract/market.ts';
import type { ApplyFill } from './account-book.ts';
import type { EventJournal } from './account-store.ts';
import type { ListSessions } from './calendar.ts';
import type { Exchange } from './exchange.ts';

/** A journal that tells what damage it had to repair when it was opened. */
export interface RecoveringJournal extends EventJournal {
  recovery(): {
    readonly droppedEvents: number;
    readonly lastGoodSeq: number;
    readonly reason: string | null;
  };
}

export interface BrokerNative {
  readonly DemoExchange: {
    /** `startMs` is the market time to begin at; null is the market's own beginning. */
    simulated(seed: number, startMs: number | null, fills: FillProfile, extendedHours?: boolean): Exchange;
    replay(path: string, symbol: string): Exchange;
  };
  readonly Journal: { open(path: string): RecoveringJournal };
  readonly InstanceLock: { acquire(path: string, holder: string): { release(): void } };
  readonly applyFill: ApplyFill;
  readonly tradingSessions: ListSessions;
}
