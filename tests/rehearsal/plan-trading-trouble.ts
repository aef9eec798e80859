// Draws what a trading floor and its broker go through: a list of steps that a seed repeats exactly.
import type { KillScope } from '../../electron/contract/kill-scope.ts';
import type { KillPolicy } from '../../electron/contract/names.ts';
import { type BrokerTrouble, brokerTroubles } from '../support/broker-troubles.ts';
import { tradedSymbols } from '../support/troubled-broker.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';

export type TradingStep =
  | { readonly kind: 'time'; readonly passesMs: number }
  /** Other steps go on meanwhile. */
  | { readonly kind: 'trouble'; readonly trouble: BrokerTrouble; readonly lastsMs: number }
  | { readonly kind: 'reconnect' }
  /** The host dies; what was not on disk yet may be lost. */
  | { readonly kind: 'restart'; readonly losesTail: boolean; readonly downMs: number }
  | { readonly kind: 'block'; readonly lastsMs: number }
  | { readonly kind: 'stop'; readonly agentId: string }
  /** Shares come or go without an order. */
  | { readonly kind: 'transfer'; readonly symbol: string; readonly deltaNanos: number }
  /** Cash goes without a fill: as a fee that the broker lists, or without a word. */
  | { readonly kind: 'charge'; readonly micros: number; readonly listed: boolean }
  | {
      readonly kind: 'kill';
      readonly scope: KillScope;
      readonly policy: KillPolicy;
      readonly rearmsAfterMs: number;
    };

export interface TradingPlan {
  readonly seed: number;
  readonly steps: readonly TradingStep[];
  readonly agentIds: readonly string[];
  /** Longest time between two changes of a target. */
  readonly paceMs: number;
  /** Whether targets are in parts of shares. */
  readonly hasParts: boolean;
  readonly limits: {
    readonly orderNotionalMicros: number;
    readonly symbolPositionMicros: number;
    readonly ordersPerMinute: number;
    readonly dailyLossMicros: number;
  };
}

const troubles = Object.keys(brokerTroubles) as BrokerTrouble[];

/** Draws 10 to 30 steps for 2 to 6 agents. */
export function planTradingTrouble(seed: number): TradingPlan {
  const random = seededRandom(seed);
  const agentIds = Array.from({ length: random.between(2, 6) }, (_, index) => `agent-${index + 1}`);
  const length = random.between(10, 30);
  return {
    seed,
    steps: Array.from({ length }, () => drawStep(random, agentIds)),
    agentIds,
    paceMs: random.pick([100, 300, 1_000]),
    hasParts: random.chance(0.2),
    limits: {
      ...random.pick([
        { orderNotionalMicros: 25_000_000_000, symbolPositionMicros: 50_000_000_000 },
        { orderNotionalMicros: 25_000_000_000, symbolPositionMicros: 50_000_000_000 },
        { orderNotionalMicros: 6_000_000_000, symbolPositionMicros: 10_000_000_000 },
      ]),
      ordersPerMinute: random.pick([180, 180, 180, 15]),
      dailyLossMicros: random.pick([5_000_000_000, 5_000_000_000, 5_000_000_000, 100_000_000]),
    },
  };
}

function drawStep(random: SeededRandom, agentIds: readonly string[]): TradingStep {
  if (random.chance(0.45))
    return { kind: 'time', passesMs: random.pick([random.between(1, 200), random.between(500, 8_000)]) };
  if (random.chance(0.7))
    return { kind: 'trouble', trouble: random.pick(troubles), lastsMs: random.between(500, 25_000) };
  return random.pick<() => TradingStep>([
    () => ({ kind: 'reconnect' }),
    () => ({ kind: 'restart', losesTail: random.chance(0.5), downMs: random.between(0, 3_000) }),
    () => ({ kind: 'restart', losesTail: random.chance(0.5), downMs: random.between(0, 100) }),
    () => ({ kind: 'block', lastsMs: random.between(500, 10_000) }),
    () => ({
      kind: 'transfer',
      symbol: random.pick(tradedSymbols),
      deltaNanos: random.between(1, 9) * 1_000_000_000,
    }),
    () => ({ kind: 'charge', micros: random.between(1, 500_000), listed: true }),
    () => ({ kind: 'charge', micros: random.between(100, 500) * 1_000_000, listed: random.chance(0.5) }),
    () => ({ kind: 'stop', agentId: random.pick(agentIds) }),
    () => ({
      kind: 'kill',
      scope: random.pick(['all', 'strategy:momentum', ...agentIds.map((agentId) => `agent:${agentId}`)]),
      policy: random.pick<KillPolicy>(['flatten', 'flatten', 'keep', 'keep-hedged']),
      rearmsAfterMs: random.between(100, 30_000),
    }),
  ])();
}
