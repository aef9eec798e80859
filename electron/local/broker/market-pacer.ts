// Lets market time pass. A simulated market runs at a multiple of wall time and jumps over nights and weekends;
// a replay plays so many bars a wall second until its file ends.
import type { Clock } from './clock.ts';
import type { Exchange, ExchangeClock, ExchangeStep } from './exchange.ts';
import { nextBoundaryMs, phaseOf } from './market-phase.ts';

/** About four steps a second, enough for a figure to look alive. */
const STEP_MS = 250;
/** How long a closed market stays closed before it jumps to the next open, wall ms. */
const CLOSED_MS = 5_000;
/** How far a jump goes at once before and after a session, so that its news comes in portions, market ms. */
const HOP_MS = 2 * 3_600_000;
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
  /** Whether an order can trade in the hours before or after a session that run now: they are not jumped over then. */
  readonly isAwaited: () => boolean;
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

/** Where a simulated market should be, `elapsedMs` of wall time after `clock` was read. Never passes a time at which hours begin or end. */
export function nextMarketMs(
  clock: ExchangeClock,
  speed: number,
  elapsedMs: number,
  closedForMs: number,
): number {
  const target = Math.round(clock.nowMs + elapsedMs * speed);
  const boundaryMs = nextBoundaryMs(clock) ?? target;
  if (closedForMs < CLOSED_MS) return Math.min(target, boundaryMs);
  return phaseOf(clock) === 'closed'
    ? boundaryMs
    : Math.min(Math.max(target, clock.nowMs + HOP_MS), boundaryMs);
}

/** Each turn runs the market up to the present and returns the wall time until the next turn. */
function simulatorTurns(deps: MarketPacerDeps, speed: number): () => number {
  const { exchange, clock, onStep, isAwaited } = deps;
  let lastMs = clock.now();
  let closedSinceMs: number | null = null;
  return () => {
    const now = clock.now();
    const elapsedMs = Math.min(now - lastMs, MOST_CAUGHT_UP_MS);
    lastMs = now;
    const market = exchange.clock();
    closedSinceMs = market.isOpen || isAwaited() ? null : (closedSinceMs ?? now);
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
