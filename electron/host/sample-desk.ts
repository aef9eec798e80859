// One sample of everything that changes too often for events, gathered from the floors.
import type { Gauges } from '../contract/frames.ts';
import type { Clock } from './clock.ts';
import type { Floors } from './floors.ts';
import type { Store } from './store.ts';
import { sampleGauges } from './watch/gauges.ts';
import type { LoopDelay } from './watch/loop-delay.ts';

/** Takes one sample. */
export function sampleDesk(store: Store, clock: Clock, loopDelay: LoopDelay, floors: Floors): Gauges {
  const { backtests, datasets, deadMan, latency, meter, trading, vitals } = floors;
  const now = clock.now();
  return sampleGauges({
    store,
    clock,
    latency,
    meter,
    loopDelay,
    work: () => [...backtests.work(), ...datasets.work()],
    deadMan: deadMan.gauge,
    equityMicros: trading.equityMicros,
    market: () => ({
      isOpen: trading.marketClock()?.isOpen ?? null,
      marketAt: trading.marketClock()?.marketAt ?? null,
      dataAgeMs: trading.quotes.dataAgeMs(),
      quotes: Object.fromEntries(
        [...trading.quotes.entries()].map(([symbol, { receivedAt, ...quote }]) => [
          symbol,
          { ...quote, ageMs: now - receivedAt },
        ]),
      ),
    }),
    vitals: (agentId) => {
      const { decisions, errors, lastDecision } = vitals.of(agentId);
      return {
        decisions,
        errors,
        lastDecision,
        tickAgeMs: vitals.tickAgeMs(agentId),
        heartbeatAgeMs: vitals.heartbeatAgeMs(agentId),
      };
    },
  });
}
