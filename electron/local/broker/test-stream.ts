// The stream that clients are tried with at any hour: one invented symbol whose price goes up and down by the second,
// in wall time and without any market behind it.
import type { BrokerKeys } from './broker-keys.ts';
import type { Clock } from './clock.ts';
import { createDataStream, type DataStream } from './data-stream.ts';
import type { ExchangeBar } from './exchange.ts';
import { mergeBars } from './merge-bars.ts';

const SYMBOL = 'FAKEPACA';
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** $100, and the cents of one swing. */
const MIDDLE_TICKS = 1_000_000;
const SWING_TICKS = [0, 100, 200, 100, 0, -100, -200, -100] as const;
const SPREAD_TICKS = 100;

/** Creates the stream, which says something every second for as long as somebody is connected. */
export function createTestStream(keys: BrokerKeys, clock: Clock): DataStream {
  const stream = createDataStream({ keys, symbolLimit: Number.POSITIVE_INFINITY });
  let id = 0;
  let minute: ExchangeBar[] = [];

  function tell(): void {
    if (stream.server.clients.size === 0) return;
    const atMs = clock.now();
    id += 1;
    const priceTicks = MIDDLE_TICKS + (SWING_TICKS[id % SWING_TICKS.length] ?? 0);
    const trade = { symbol: SYMBOL, priceTicks, qty: 100, atMs, id };
    const sides = { bidTicks: priceTicks - SPREAD_TICKS, askTicks: priceTicks, bidQty: 100, askQty: 100 };
    const quote = { symbol: SYMBOL, ...sides, lastTicks: priceTicks, atMs };
    const bars = finishMinute(atMs);
    minute.push(secondBar(priceTicks, atMs));
    stream.publish({ trades: [trade], quotes: [quote], statuses: [], bars, dayBar: () => null });
  }

  /** The minute that has ended, if one has. */
  function finishMinute(nowMs: number): readonly ExchangeBar[] {
    const startMs = (minute[0]?.atMs ?? nowMs) - ((minute[0]?.atMs ?? nowMs) % MINUTE_MS);
    if (nowMs < startMs + MINUTE_MS) return [];
    const bar = mergeBars(minute, startMs);
    minute = [];
    return bar ? [bar] : [];
  }

  const timer = setInterval(tell, SECOND_MS);
  return {
    ...stream,
    close() {
      clearInterval(timer);
      stream.close();
    },
  };
}

function secondBar(priceTicks: number, atMs: number): ExchangeBar {
  const prices = {
    openTicks: priceTicks,
    highTicks: priceTicks,
    lowTicks: priceTicks,
    closeTicks: priceTicks,
  };
  return { symbol: SYMBOL, atMs, ...prices, volume: 100, tradeCount: 1, vwapTicks: priceTicks };
}
