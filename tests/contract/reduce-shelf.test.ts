import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventOf } from '../../electron/contract/events.ts';
import { reduce } from '../../electron/contract/reduce.ts';
import { type DeskState, initialState } from '../../electron/contract/state.ts';
import { arbitraryHistory } from '../support/arbitrary-events.ts';
import { agentDeployed, orderApproved, orderFilled } from '../support/build-events.ts';

const at = 1_800_000_001_000;

function choose(account: 'demo' | 'paper' | 'live', accountNumber: string | null): EventOf<'AccountChosen'> {
  return { kind: 'AccountChosen', at, actor: 'cli', account, accountNumber };
}

/** What a replica of one account alone would hold. */
function booksOf(state: DeskState) {
  const { market, entries, agents, orders, fills, totals, account, discrepancy, kill } = state;
  return { market, entries, agents, orders, fills, totals, account, discrepancy, kill };
}

test('nothing that happens on one account is seen in the books of another', () => {
  const history = arbitraryHistory(60).map((events) =>
    events.filter(({ kind }) => kind !== 'AccountChosen' && kind !== 'BudgetDayStarted'),
  );
  fc.assert(
    fc.property(history, history, history, (first, onPaper, second) => {
      const apart = [...first, ...second].reduce(reduce, initialState);
      const mixed = [...first, choose('paper', 'PA-1'), ...onPaper, choose('demo', null), ...second].reduce(
        reduce,
        initialState,
      );
      expect(booksOf(mixed)).toEqual(booksOf(apart));
      const paper = reduce(mixed, choose('paper', 'PA-1'));
      const alone = [choose('paper', 'PA-1'), ...onPaper].reduce(reduce, initialState);
      expect(booksOf(paper)).toEqual(booksOf(alone));
    }),
    { numRuns: 300 },
  );
});

test('an account of the same kind with another number has books of its own', () => {
  const traded = [choose('paper', 'PA-1'), agentDeployed(), orderApproved(), orderFilled()].reduce(
    reduce,
    initialState,
  );
  const reset = reduce(traded, choose('paper', 'PA-2'));
  expect([reset.orders, reset.fills, reset.totals.orders]).toEqual([{}, [], 0]);
  expect(Object.keys(reduce(reset, choose('paper', 'PA-1')).orders)).toEqual(['nt-1']);
});

test('a day that began while the books were away begins with the equity that was read last', () => {
  const day = (date: string): EventOf<'BudgetDayStarted'> => ({
    kind: 'BudgetDayStarted',
    at,
    day: date,
    budgetMicros: 1,
    exitReserveMicros: 0,
  });
  const read = (equityMicros: number): EventOf<'AccountRead'> => ({
    kind: 'AccountRead',
    at,
    equityMicros,
    cashMicros: 0,
    positions: [],
  });
  const before = [day('2026-03-02'), read(100), read(130), choose('paper', 'PA-1')].reduce(
    reduce,
    initialState,
  );
  const sameDay = reduce(before, choose('demo', null));
  const nextDay = [day('2026-03-03'), choose('demo', null)].reduce(reduce, before);
  expect(sameDay.account?.dayStartEquityMicros).toBe(100);
  expect(nextDay.account?.dayStartEquityMicros).toBe(130);
});
