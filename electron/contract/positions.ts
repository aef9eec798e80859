// What the account holds beside what the agents' books say, by symbol and by agent.
import { z } from 'zod';
import { defineOperation } from './define-operation.ts';
import type { Gauges } from './frames.ts';
import { MICROS_PER_TICK, Micros, NANOS_PER_SHARE, notionalMicros, PriceTicks, QtyNanos } from './money.ts';
import { AgentId, Mode, Symbol } from './names.ts';
import type { DeskState } from './state.ts';

const value = {
  /** Signed. */
  qtyNanos: QtyNanos,
  /** Average cost a share, rounded to a tick; null when flat, and where long and short books are added up. */
  averageTicks: PriceTicks.nullable(),
  /** At the last price; null without one. */
  unrealisedMicros: Micros.nullable(),
  realisedMicros: Micros,
};

const AgentHolding = z.object({ agentId: AgentId, ...value });

/** Average, unrealised and realised are of the agents' books. */
export const PositionView = z.object({
  symbol: Symbol,
  ...value,
  /** What the broker says; null while the account has not been read. */
  accountNanos: QtyNanos.nullable(),
  /** The account less the books; null while the account has not been read. */
  differenceNanos: QtyNanos.nullable(),
  /** Last price; null without one. */
  markTicks: PriceTicks.nullable(),
  /** Of what the account holds, signed; null without a price or an account. */
  valueMicros: Micros.nullable(),
  /** Agents that hold the symbol or have realised something in it. */
  agents: z.array(AgentHolding),
});
export type PositionView = z.infer<typeof PositionView>;

export const listPositions = defineOperation({
  name: 'positions.list',
  summary: "List the account's positions beside the sum of the agents' books.",
  effect: 'reads',
  input: z.object({
    symbol: Symbol.optional().describe('Only this symbol, upper case'),
    agent: AgentId.optional().describe('Only symbols that this agent holds or has traded'),
  }),
  output: z.object({
    mode: Mode,
    simulated: z.boolean(),
    /** False while the account has not been read. */
    accountRead: z.boolean(),
    positions: z.array(PositionView),
  }),
  errors: [],
  cli: { command: 'positions-list', examples: ['positions list', 'positions list --agent momentum-01'] },
});

type Quotes = Gauges['market']['quotes'];

/** Every symbol that the account or a book holds, or in which something was realised, by name. */
export function positionViews(
  { account, agents }: Pick<DeskState, 'account' | 'agents'>,
  quotes: Quotes,
): PositionView[] {
  const holdings = new Map<string, Holding[]>();
  for (const symbol of Object.keys(account?.positions ?? {})) holdings.set(symbol, []);
  for (const agent of Object.values(agents)) {
    for (const symbol of new Set([...Object.keys(agent.positions), ...Object.keys(agent.realisedBySymbol)])) {
      const { qtyNanos, costMicros } = agent.positions[symbol] ?? flat;
      const realisedMicros = agent.realisedBySymbol[symbol] ?? 0;
      const mine = { agentId: agent.agentId, qtyNanos, costMicros, realisedMicros };
      holdings.set(symbol, [...(holdings.get(symbol) ?? []), mine]);
    }
  }
  return [...holdings]
    .map(([symbol, held]) =>
      positionView(symbol, held, account?.positions, quotes[symbol]?.lastTicks ?? null),
    )
    .filter(isWorthShowing)
    .sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

interface Holding {
  readonly agentId: string;
  readonly qtyNanos: number;
  readonly costMicros: number;
  readonly realisedMicros: number;
}

const flat = { qtyNanos: 0, costMicros: 0 };

function positionView(
  symbol: string,
  held: readonly Holding[],
  account: Readonly<Record<string, number>> | undefined,
  markTicks: number | null,
): PositionView {
  const sum = (of: (holding: Holding) => number): number => held.reduce((total, one) => total + of(one), 0);
  const qtyNanos = sum((one) => one.qtyNanos);
  const costMicros = sum((one) => one.costMicros);
  const isMixed = held.some((one) => one.qtyNanos > 0) && held.some((one) => one.qtyNanos < 0);
  const accountNanos = account ? (account[symbol] ?? 0) : null;
  return {
    symbol,
    qtyNanos,
    averageTicks: isMixed ? null : averageTicks(qtyNanos, costMicros),
    unrealisedMicros: unrealised(qtyNanos, costMicros, markTicks),
    realisedMicros: sum((one) => one.realisedMicros),
    accountNanos,
    differenceNanos: accountNanos === null ? null : accountNanos - qtyNanos,
    markTicks,
    valueMicros: accountNanos === null || markTicks === null ? null : notionalMicros(accountNanos, markTicks),
    agents: held.map((one) => ({
      agentId: one.agentId,
      qtyNanos: one.qtyNanos,
      averageTicks: averageTicks(one.qtyNanos, one.costMicros),
      unrealisedMicros: unrealised(one.qtyNanos, one.costMicros, markTicks),
      realisedMicros: one.realisedMicros,
    })),
  };
}

function averageTicks(qtyNanos: number, costMicros: number): number | null {
  if (qtyNanos === 0) return null;
  return Math.round(costMicros / MICROS_PER_TICK / (qtyNanos / NANOS_PER_SHARE));
}

/** A flat book with cost left in it, from a long and a short one, has an unrealised result too. */
function unrealised(qtyNanos: number, costMicros: number, markTicks: number | null): number | null {
  if (qtyNanos === 0) return 0 - costMicros;
  if (markTicks === null) return null;
  return notionalMicros(qtyNanos, markTicks) - costMicros;
}

function isWorthShowing(position: PositionView): boolean {
  return position.agents.length > 0 || (position.accountNanos !== null && position.accountNanos !== 0);
}
