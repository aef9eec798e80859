// The market's clock as the broker last told it, and up to when its list of fills is complete.
import type { Clock } from '../clock.ts';
import type { BrokerClock } from './broker.ts';
import type { MarketReading } from './risk/order-facts.ts';

/** Looking for fills goes back this far: a broker lists them late, and not always in order. */
const fillOverlapMs = 60_000;

export interface MarketClock {
  take(read: BrokerClock): void;
  /** Null before the first reading. */
  last(): MarketReading | null;
  /** The market's time one overlap ago; null while nobody has followed it for so long. */
  fillHorizon(): number | null;
}

/** Creates a clock that nobody has read yet. */
export function createMarketClock(clock: Clock): MarketClock {
  /** Oldest first; one of them at most is older than the overlap. */
  const readings: MarketReading[] = [];
  return {
    take(read) {
      readings.push({ read, at: clock.now() });
      while ((readings[1]?.at ?? Infinity) <= clock.now() - fillOverlapMs) readings.shift();
    },
    last: () => readings.at(-1) ?? null,
    fillHorizon() {
      const [oldest] = readings;
      return oldest && oldest.at <= clock.now() - fillOverlapMs ? oldest.read.marketAt : null;
    },
  };
}
