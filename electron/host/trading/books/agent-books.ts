// What agents hold and have lost, alone and with their strategy: what the gate judges a wish of an agent by.
import { notionalMicros } from '../../../contract/money.ts';
import type { Agent, DeskState } from '../../../contract/state.ts';
import { openOrders, type PriceOf } from '../risk/holdings.ts';
import type { AgentFacts } from '../risk/risk-gate.ts';
import type { WantedPosition } from './wanted-positions.ts';

export interface AgentBooks {
  facts(wish: WantedPosition): AgentFacts;
  /** Counts what an agent may now hold in the symbol against its strategy. */
  grant(agentId: string, targetNanos: number): void;
}

export interface AgentBookSources {
  readonly state: DeskState;
  readonly askOf: PriceOf;
  readonly lastOf: PriceOf;
}

interface Book {
  readonly strategy: string;
  /** Worst case value in the symbol, and in all others. */
  inSymbolMicros: number | null;
  readonly otherMicros: number | null;
  readonly dayResultMicros: number | null;
}

interface StrategyBook {
  exposureMicros: number | null;
  readonly dayResultMicros: number | null;
}

/** Values every agent's book once, for the wishes of one round in one symbol. Without a price a value is null. */
export function openAgentBooks(symbol: string, { state, askOf, lastOf }: AgentBookSources): AgentBooks {
  const books = new Map<string, Book>();
  const strategies = new Map<string, StrategyBook>();
  const ordered = orderedShares(state);
  const askTicks = askOf(symbol);
  for (const agent of Object.values(state.agents)) {
    const book = valueBook(agent, symbol, ordered.get(agent.agentId) ?? new Map(), askOf, lastOf);
    const before = strategies.get(agent.strategy) ?? { exposureMicros: 0, dayResultMicros: 0 };
    books.set(agent.agentId, book);
    strategies.set(agent.strategy, {
      exposureMicros: total([before.exposureMicros, book.inSymbolMicros, book.otherMicros]),
      dayResultMicros: total([before.dayResultMicros, book.dayResultMicros]),
    });
  }

  return {
    facts({ agentId, positionNanos, targetNanos }) {
      const book = books.get(agentId);
      const strategy = book && strategies.get(book.strategy);
      return {
        positionNanos,
        targetNanos,
        askTicks,
        otherExposureMicros: book?.otherMicros ?? null,
        dayResultMicros: book?.dayResultMicros ?? null,
        strategyOtherExposureMicros: less(strategy?.exposureMicros, book?.inSymbolMicros),
        strategyDayResultMicros: strategy?.dayResultMicros ?? null,
      };
    },
    grant(agentId, targetNanos) {
      const book = books.get(agentId);
      const strategy = book && strategies.get(book.strategy);
      if (!strategy || book.inSymbolMicros === null || strategy.exposureMicros === null || askTicks === null)
        return;
      const grantedMicros = Math.max(book.inSymbolMicros, notionalMicros(Math.abs(targetNanos), askTicks));
      strategy.exposureMicros += grantedMicros - book.inSymbolMicros;
      book.inSymbolMicros = grantedMicros;
    },
  };
}

type SharesBySymbol = ReadonlyMap<string, number>;

/** Each agent's signed parts of what is ordered. What of them is filled already counts twice: never too little. */
function orderedShares(state: DeskState): ReadonlyMap<string, SharesBySymbol> {
  const ordered = new Map<string, Map<string, number>>();
  for (const { symbol, side, shares } of openOrders(state)) {
    for (const { agentId, qtyNanos } of shares) {
      const bySymbol = ordered.get(agentId) ?? new Map<string, number>();
      bySymbol.set(symbol, (bySymbol.get(symbol) ?? 0) + (side === 'buy' ? qtyNanos : -qtyNanos));
      ordered.set(agentId, bySymbol);
    }
  }
  return ordered;
}

function valueBook(
  agent: Agent,
  symbol: string,
  ordered: SharesBySymbol,
  askOf: PriceOf,
  lastOf: PriceOf,
): Book {
  const value = (of: string): number | null => {
    const heldNanos = agent.positions[of]?.qtyNanos ?? 0;
    const reachedNanos = Math.max(Math.abs(heldNanos), Math.abs(heldNanos + (ordered.get(of) ?? 0)));
    if (reachedNanos === 0) return 0;
    const priceTicks = askOf(of);
    return priceTicks === null ? null : notionalMicros(reachedNanos, priceTicks);
  };
  const others = new Set([...Object.keys(agent.positions), ...ordered.keys()]);
  others.delete(symbol);
  return {
    strategy: agent.strategy,
    inSymbolMicros: value(symbol),
    otherMicros: total([...others].map(value)),
    dayResultMicros: dayResultMicros(agent, lastOf),
  };
}

/** Realised today, and unrealised on all that is held, at the last price; null when a position has none. */
function dayResultMicros(agent: Agent, lastOf: PriceOf): number | null {
  const open = Object.values(agent.positions).map(({ symbol, qtyNanos, costMicros }) => {
    const priceTicks = lastOf(symbol);
    return priceTicks === null ? null : notionalMicros(qtyNanos, priceTicks) - costMicros;
  });
  return total([agent.dayRealisedMicros, ...open]);
}

function total(parts: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const part of parts) {
    if (part === null) return null;
    sum += part;
  }
  return sum;
}

function less(whole: number | null | undefined, part: number | null | undefined): number | null {
  return typeof whole === 'number' && typeof part === 'number' ? whole - part : null;
}
