import { expect, test } from 'vitest';
import type { DeskEvent } from '../../electron/contract/events.ts';
import type { CashFlow } from '../../electron/contract/order-events.ts';
import type { DeskState } from '../../electron/contract/state.ts';
import { agentDeployed } from '../support/build-events.ts';
import { stateAfter } from '../support/sample-desk.ts';

const at = 1_000;
const agents = ['a', 'b', 'c'].map((agentId) => agentDeployed({ agentId }));
const settled: DeskEvent = {
  kind: 'AccountRead',
  at,
  equityMicros: 1_000_000_000,
  cashMicros: 1_000_000_000,
  cashSettled: true,
  positions: [],
};

function fee(activityId: string, micros: number, day = '2026-03-02'): DeskEvent {
  const flow: CashFlow = { activityId, activityType: 'FEE', day, netMicros: -micros };
  return { kind: 'CashFlowed', at, flows: [flow] };
}

/** A sale of whole dollars, shared by the agents. */
function sold(executionId: string, dollars: Readonly<Record<string, number>>): DeskEvent {
  const total = Object.values(dollars).reduce((sum, part) => sum + part, 0);
  return {
    kind: 'OrderFilled',
    at,
    clientOrderId: 'nt-1',
    executionId,
    symbol: 'AAPL',
    side: 'sell',
    qtyNanos: total * 1_000_000_000,
    priceTicks: 10_000,
    marketAt: at,
    allocations: Object.entries(dollars).map(([agentId, part]) => ({
      agentId,
      symbol: 'AAPL',
      qtyNanos: -part * 1_000_000_000,
      costMicros: -part * 1_000_000,
      deltaNanos: -part * 1_000_000_000,
      realisedMicros: 0,
    })),
  };
}

function feesOf({ agents: all, account }: DeskState): (number | undefined)[] {
  return [...['a', 'b', 'c'].map((agentId) => all[agentId]?.feesMicros), account?.unsharedFeesMicros];
}

test('a fee is shared by what was sold since the one before, to the micro-dollar', () => {
  const state = stateAfter(
    ...agents,
    settled,
    sold('1', { a: 100, b: 200 }),
    fee('f1', 100),
    sold('2', { c: 50 }),
    fee('f2', 7),
  );
  expect(feesOf(state)).toEqual([33, 67, 7, 0]);
});

test("a fee that no sale explains is the account's own", () => {
  expect(feesOf(stateAfter(...agents, settled, fee('f1', 100)))).toEqual([0, 0, 0, 100]);
});

test('the cash is counted from fills and flows, a listed flow once', () => {
  const state = stateAfter(...agents, settled, sold('1', { a: 100 }), fee('f1', 25), fee('f1', 25));
  expect(state.account?.counted).toEqual({ cashMicros: 1_100_000_000 - 25, fills: 1 });
});

test('what flowed before the count began is not taken off it', () => {
  const { cashSettled: _, ...unsettled } = settled;
  const state = stateAfter(...agents, unsettled, fee('f1', 25), settled, fee('f1', 25));
  expect(state.account?.counted?.cashMicros).toBe(1_000_000_000);
  expect(feesOf(state)).toEqual([0, 0, 0, 0]);
});

test('flows that are no longer listed are forgotten', () => {
  const state = stateAfter(...agents, settled, fee('old', 1, '2026-02-02'), fee('new', 1, '2026-03-02'));
  expect(Object.keys(state.account?.flows ?? {})).toEqual(['new']);
});
