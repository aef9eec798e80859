// What a subscriber receives. Events are ordered and lossless; gauges are the latest value only.
import type { DeadManGauge } from './dead-man.ts';
import type { DeskEvent } from './events.ts';
import type { SlaOperation } from './names.ts';
import type { DeskState } from './state.ts';

export interface NumberedEvent {
  /** One more than the event before it. */
  readonly seq: number;
  readonly event: DeskEvent;
}

/** Percentiles of one operation over one window. Null where n is too small: P95 needs 20, P99 needs 100 samples. */
export interface LatencySummary {
  readonly n: number;
  readonly failed: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
}

export interface SlaRow extends LatencySummary {
  readonly operation: SlaOperation;
  readonly targetMs: number;
  readonly windowS: number;
  /** Share of operations within target, 0..1; null when n is 0. */
  readonly withinTarget: number | null;
}

export interface AgentGauge {
  /** Milliseconds since the agent's last market data; null before the first. */
  readonly tickAgeMs: number | null;
  readonly heartbeatAgeMs: number | null;
  readonly decisions: number;
  readonly errors: number;
  readonly decision: LatencySummary;
  readonly unrealisedMicros: number;
  readonly infraMicros: number;
  readonly lastDecision: { readonly at: number; readonly text: string; readonly reason: string } | null;
}

/** High-rate values, overwritten when a subscriber is slow, never journalled. */
export interface Gauges {
  readonly at: number;
  readonly market: {
    readonly isOpen: boolean | null;
    /** The market's own clock, which a demo market runs faster than the wall. */
    readonly marketAt: number | null;
    /** Age of the newest market data on the host's clock. */
    readonly dataAgeMs: number | null;
    readonly quotes: Readonly<
      Record<
        string,
        {
          readonly bidTicks: number;
          readonly askTicks: number;
          readonly lastTicks: number;
          readonly ageMs: number;
        }
      >
    >;
  };
  readonly agents: Readonly<Record<string, AgentGauge>>;
  readonly sla: readonly SlaRow[];
  /** From a target's arrival to the broker's acknowledgement of the order. */
  readonly intentToOrder: LatencySummary;
  readonly spend: {
    /** Posted plus what running sandboxes have used since. */
    readonly accruedMicros: number;
    readonly ratePerHourMicros: number;
    readonly rateCard: string;
    /** True when nobody sends a bill: local sandboxes priced as if rented. */
    readonly simulated: boolean;
  };
  readonly pnl: {
    readonly realisedMicros: number;
    readonly unrealisedMicros: number;
    readonly todayMicros: number | null;
  };
  readonly deadMan: DeadManGauge;
  readonly loopDelayP99Ms: number | null;
  /** Long work under way, oldest first. */
  readonly work: readonly WorkGauge[];
}

export interface WorkGauge {
  readonly id: string;
  /** For example "Backtest of momentum on SPX". */
  readonly label: string;
  /** Of `total`, in whatever the work counts; both are 0 while it waits. */
  readonly done: number;
  readonly total: number;
}

export type FeedFrame =
  | {
      readonly kind: 'snapshot';
      readonly seq: number;
      readonly state: DeskState;
      readonly gauges: Gauges | null;
    }
  | {
      readonly kind: 'events';
      readonly from: number;
      readonly events: readonly NumberedEvent[];
      readonly gauges: Gauges | null;
    }
  | { readonly kind: 'gauges'; readonly gauges: Gauges };
