// What any series of fills leaves behind, through the native allocation and the state's own reduction.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { notionalMicros } from '../../../electron/contract/money.ts';
import { reduce } from '../../../electron/contract/reduce.ts';
import { unrealisedMicros } from '../../../electron/contract/reduce-agents.ts';
import type { DeskState } from '../../../electron/contract/state.ts';
import { allocateExecution } from '../../../electron/host/trading/books/allocate-execution.ts';
import { loadNative } from '../../../electron/native/load.ts';
import { agentDeployed } from '../../support/build-events.ts';
import { stateAfter } from '../../support/sample-desk.ts';

const native = loadNative();
const symbols = ['AAPL', 'KO', 'TSLA'] as const;
const agentIds = ['a', 'b', 'c'];
const startMicros = 100_000_000_000;
const at = 1_000;

const fill = fc.record({
  symbol: fc.constantFrom(...symbols),
  side: fc.constantFrom('buy', 'sell'),
  /** Whole shares of each agent, none of them nothing. */
  shares: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }),
  priceTicks: fc.integer({ min: 1, max: 5_000_000 }),
});
type Fill = typeof fill extends fc.Arbitrary<infer T> ? T : never;
const fills = fc.array(fill, { maxLength: 25 });

const opened = stateAfter(...agentIds.map((agentId) => agentDeployed({ agentId, symbols: [...symbols] })), {
  kind: 'AccountRead',
  at,
  equityMicros: startMicros,
  cashMicros: startMicros,
  cashSettled: true,
  positions: [],
});

function play(series: readonly Fill[]): DeskState {
  return series.reduce((state, { symbol, side, shares, priceTicks }, index) => {
    const parts = shares.map((count, agent) => ({
      agentId: String(agentIds[agent]),
      qtyNanos: count * 1_000_000_000,
    }));
    const qtyNanos = parts.reduce((sum, part) => sum + part.qtyNanos, 0);
    const order = { symbol, side, shares: parts };
    return reduce(state, {
      kind: 'OrderFilled',
      at,
      clientOrderId: `nt-${index}`,
      executionId: `${symbol}-${index}`,
      symbol,
      side,
      qtyNanos,
      priceTicks,
      marketAt: at,
      allocations: allocateExecution(native, state, order, 0, qtyNanos, priceTicks),
    });
  }, opened);
}

/** Books, cash and totals, without what depends on the names of the executions. */
function booksOf({ agents, account, totals }: DeskState) {
  return { agents, account, totals };
}

test('cash and marked positions are what was there, and what was realised and is not yet, to the micro-dollar', () => {
  fc.assert(
    fc.property(
      fills,
      fc.array(fc.integer({ min: 1, max: 5_000_000 }), { minLength: 3, maxLength: 3 }),
      (series, marks) => {
        const { agents, account } = play(series);
        const priceOf = (symbol: string): number => marks[symbols.findIndex((name) => name === symbol)] ?? 0;
        const worthMicros = Object.entries(account?.positions ?? {}).reduce(
          (sum, [symbol, qtyNanos]) => sum + notionalMicros(qtyNanos, priceOf(symbol)),
          0,
        );
        const earnedMicros = Object.values(agents).reduce(
          (sum, agent) => sum + agent.realisedMicros + unrealisedMicros(agent, priceOf),
          0,
        );
        expect(Number(account?.counted?.cashMicros) + worthMicros).toBe(startMicros + earnedMicros);
      },
    ),
  );
});

test("the agents' books sum to the account's position", () => {
  fc.assert(
    fc.property(fills, (series) => {
      const { agents, account } = play(series);
      for (const symbol of symbols) {
        const held = Object.values(agents).map(({ positions }) => positions[symbol]?.qtyNanos ?? 0);
        expect(held.reduce((sum, qtyNanos) => sum + qtyNanos, 0)).toBe(account?.positions[symbol] ?? 0);
      }
    }),
  );
});

test('fills of different symbols at one time may come in any order', () => {
  fc.assert(
    fc.property(fills, (series) => {
      const bySymbol = symbols.flatMap((symbol) => series.filter((one) => one.symbol === symbol));
      expect(booksOf(play(bySymbol))).toEqual(booksOf(play(series)));
    }),
  );
});

test('prices k times as high make results k times as high, but for a micro-dollar of rounding a fill', () => {
  fc.assert(
    fc.property(fills, fc.integer({ min: 2, max: 50 }), (series, k) => {
      const dear = play(series.map((one) => ({ ...one, priceTicks: one.priceTicks * k })));
      const plain = play(series);
      const offMicros = dear.totals.realisedMicros - k * plain.totals.realisedMicros;
      expect(Math.abs(offMicros)).toBeLessThanOrEqual(k * series.length * agentIds.length);
      expect(Number(dear.account?.counted?.cashMicros) - startMicros).toBe(
        k * (Number(plain.account?.counted?.cashMicros) - startMicros),
      );
    }),
  );
});

test('a flat account has nothing unrealised, whatever the price', () => {
  fc.assert(
    fc.property(fills, fc.integer({ min: 1, max: 5_000_000 }), (series, priceTicks) => {
      const back = series
        .map((one) => ({ ...one, side: one.side === 'buy' ? ('sell' as const) : ('buy' as const) }))
        .reverse();
      const { agents } = play([...series, ...back]);
      for (const agent of Object.values(agents)) {
        expect(agent.positions).toEqual({});
        expect(unrealisedMicros(agent, () => priceTicks)).toBe(0);
      }
    }),
  );
});
