// Moves a market that stands still by itself.
import type { Exchange, ExchangeStep } from './exchange.ts';
import { nextBoundaryMs } from './market-phase.ts';

/** Market time to pass in a simulated market, or bars to play in a replay. */
export type MarketStep = { readonly ms: number } | { readonly bars: number };

/** Moves the market on, stopping wherever hours begin or end on the way, and at the end of a replay's file. */
export function stepMarket(exchange: Exchange, step: MarketStep, onStep: (step: ExchangeStep) => void): void {
  if ('bars' in step) {
    for (let bar = 0; bar < step.bars && exchange.clock().isOpen; bar += 1) onStep(exchange.advanceBar());
    return;
  }
  const untilMs = exchange.clock().nowMs + step.ms;
  for (let before = -1; before < exchange.clock().nowMs && exchange.clock().nowMs < untilMs; ) {
    const clock = exchange.clock();
    before = clock.nowMs;
    onStep(exchange.advance(Math.min(untilMs, nextBoundaryMs(clock) ?? untilMs)));
  }
}
