// Lets market time pass. A simulated market runs at a multiple of wall time and jumps over nights and weekends;
// a replay plays so many bars a wall second until its file ends.
import type { Clock } from './clock.ts';
import type { Exchange, ExchangeClock, ExchangeStep } from './exchange.ts';

/** About four steps a second, enough for a figure to look alive. */
const STEP_MS = 250;
/** How long a closed market stays closed before it jumps to the next open, wall ms. */
const CLOSED_MS = 5_000;
/** A wall-clock gap beyond this (a suspended machine) is not caught up with. */
const MOST_CAUGHT_UP_MS = 1_000;

export type Pace =
  | { readonly source: 'simulator'; readonly speed: number }
  | { readonly source: 'replay'; readonly barsPerSecond: number };

export interface MarketPacerDeps {
  readonly exchange: Exchange;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly onStep: (step: ExchangeStep) => void;
  /** The market stands still after a step that could not be taken in. */
  readonly onFailure: (error: unknown) => void;
}

/** Starts the market and returns its stop. */
export function startMarketPacer(deps: MarketPacerDeps): () => void {
  const next =
    deps.pace.source === 'simulator'
      ? simulatorTurns(deps, deps.pace.speed)
      : replayTurns(deps, deps.pace.barsPerSecond);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  function turn(): void {
    try {
      const waitMs = next();
      if (!stopped && waitMs !== null) timer = setTimeout(turn, waitMs);
    } catch (error) {
      deps.onFailure(error);
    }
  }

  timer = setTimeout(turn, 0);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Where a simulated market should be, `elapsedMs` of wall time after `clock` was read. Never passes an open or a close. */
export function nextMarketMs(
  clock: ExchangeClock,
  speed: number,
  elapsedMs: number,
  closedForMs: number,
): number {
  const target = Math.round(clock.nowMs + elapsedMs * speed);
  if (clock.isOpen) return clock.nextCloseMs === null ? target : Math.min(target, clock.nextCloseMs);
  if (clock.nextOpenMs === null) return target;
  return closedForMs >= CLOSED_MS ? clock.nextOpenMs : Math.min(target, clock.nextOpenMs);
}

/** Each turn runs the market up to the present and returns the wall time until the next turn. */
function simulatorTurns({ exchange, clock, onStep }: MarketPacerDeps, speed: number): () => number {
  let lastMs = clock.now();
  let closedSinceMs: number | null = null;
  return () => {
    const now = clock.now();
    const elapsedMs = Math.min(now - lastMs, MOST_CAUGHT_UP_MS);
    lastMs = now;
    const market = exchange.clock();
    closedSinceMs = market.isOpen ? null : (closedSinceMs ?? now);
    const closedForMs = closedSinceMs === null ? 0 : now - closedSinceMs;
    onStep(exchange.advance(nextMarketMs(market, speed, elapsedMs, closedForMs)));
    return STEP_MS;
  };
}

/** Each turn plays the bars that are due; null ends the turns with the file. */
function replayTurns(
  { exchange, clock, onStep }: MarketPacerDeps,
  barsPerSecond: number,
): () => number | null {
  const barMs = 1_000 / barsPerSecond;
  let dueMs = clock.now() + barMs;
  return () => {
    dueMs = Math.max(dueMs, clock.now() - MOST_CAUGHT_UP_MS);
    while (dueMs <= clock.now()) {
      if (!exchange.clock().isOpen) return null;
      onStep(exchange.advanceBar());
      dueMs += barMs;
    }
    return Math.max(dueMs - clock.now(), 0);
  };
}
