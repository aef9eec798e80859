// Builders of desk state for tests and the preview. Every figure here is made up and never reaches the product.
import type { DeskEvent } from '../../electron/contract/events.ts';
import type { AgentGauge, Gauges, LatencySummary, SlaRow } from '../../electron/contract/frames.ts';
import { slaTargetsMs, type SlaOperation } from '../../electron/contract/names.ts';
import { reduce } from '../../electron/contract/reduce.ts';
import { type DeskState, initialState } from '../../electron/contract/state.ts';

export const sampleSymbols = ['AAPL', 'MSFT', 'GOOGL', 'NVDA', 'AMZN', 'KO', 'PEP', 'XOM'];

/** Folds events over the initial state. */
export function stateAfter(...events: readonly DeskEvent[]): DeskState {
  return events.reduce(reduce, initialState);
}

/** A demo host with an open market, a budget day and a read account, but no agents. */
export function startedEvents(at: number): DeskEvent[] {
  return [
    { kind: 'HostStarted', at, mode: 'demo', pid: 4_242, version: '0.1.0' },
    { kind: 'LocalServicesStarted', at, isolation: 'isolated' },
    { kind: 'MarketOpened', at, source: 'simulator', label: 'simulated 60x', symbols: sampleSymbols },
    { kind: 'BudgetDayStarted', at, day: '2026-03-02', budgetMicros: 5_000_000, exitReserveMicros: 250_000 },
    { kind: 'AccountRead', at, equityMicros: 100_000_000_000, cashMicros: 100_000_000_000, positions: [] },
  ];
}

/** One agent in its own slot, running. */
export function agentEvents(
  agentId: string,
  slotId: string,
  at: number,
  symbols: readonly string[] = ['AAPL'],
): DeskEvent[] {
  return [
    {
      kind: 'AgentDeployed',
      at,
      agentId,
      swarmId: 'swarm-1',
      strategy: 'momentum',
      symbols: [...symbols],
      params: { fast: 12, slow: 26 },
      slotId,
      mode: 'demo',
      maxPositionMicros: 5_000_000_000,
      plannedEndAt: at + 8 * 3_600_000,
      actor: 'window',
    },
    { kind: 'AgentMoved', at, agentId, phase: 'warming', reason: 'sandbox is ready' },
    { kind: 'AgentMoved', at, agentId, phase: 'running', reason: 'warm' },
  ];
}

export function sandboxEvents(slotId: string, sandboxId: string, at: number): DeskEvent[] {
  return [
    {
      kind: 'SandboxRequested',
      at,
      slotId,
      template: 'base',
      cpuCount: 2,
      memoryMb: 512,
      reservedMicros: 18_150,
    },
    { kind: 'SandboxCreated', at, slotId, sandboxId, leaseEndsAt: at + 600_000 },
  ];
}

/** A working order and a filled position of `shares` in `symbol`, allocated to one agent. */
export function positionEvents(
  agentId: string,
  symbol: string,
  shares: number,
  priceUsd: number,
  at: number,
): DeskEvent[] {
  const qtyNanos = Math.abs(shares) * 1_000_000_000;
  const clientOrderId = `order-${agentId}-${symbol}`;
  const side = shares > 0 ? 'buy' : 'sell';
  return [
    { kind: 'OrderApproved', at, clientOrderId, symbol, side, qtyNanos, shares: [{ agentId, qtyNanos }] },
    {
      kind: 'OrderFilled',
      at,
      clientOrderId,
      executionId: `fill-${agentId}-${symbol}`,
      symbol,
      side,
      qtyNanos,
      priceTicks: Math.round(priceUsd * 10_000),
      marketAt: at,
      allocations: [
        {
          agentId,
          symbol,
          qtyNanos: shares * 1_000_000_000,
          costMicros: Math.round(shares * priceUsd * 1_000_000),
          deltaNanos: shares * 1_000_000_000,
          realisedMicros: 0,
        },
      ],
    },
  ];
}

export function summary(n: number, p50Ms: number, p95Ms: number, p99Ms: number): LatencySummary {
  return {
    n,
    failed: 0,
    p50Ms: n > 0 ? p50Ms : null,
    p95Ms: n >= 20 ? p95Ms : null,
    p99Ms: n >= 100 ? p99Ms : null,
    maxMs: n > 0 ? p99Ms : null,
  };
}

export function slaRow(operation: SlaOperation, latency: LatencySummary): SlaRow {
  return {
    ...latency,
    operation,
    targetMs: slaTargetsMs[operation],
    windowS: 3_600,
    withinTarget: latency.n === 0 ? null : 1 - latency.failed / latency.n,
  };
}

export function agentGauge(change: Partial<AgentGauge> = {}): AgentGauge {
  return {
    tickAgeMs: 400,
    heartbeatAgeMs: 300,
    decisions: 240,
    errors: 0,
    decision: summary(240, 2.1, 4.8, 7.2),
    unrealisedMicros: 0,
    infraMicros: 0,
    lastDecision: null,
    ...change,
  };
}

/** A lease that is renewed. */
export const heldLease: Gauges['deadMan'] = {
  phase: 'held',
  leaseS: 15,
  remainingMs: 14_900,
  drilling: false,
  facts: [
    { name: 'event loop', ok: true, detail: 'looked 0.0 s late', ageMs: 2, boundMs: 1_500 },
    { name: 'journal', ok: true, detail: 'acknowledged 0.1 s ago', ageMs: 120, boundMs: 3_000 },
    { name: 'order stream', ok: true, detail: 'authenticated', ageMs: null, boundMs: null },
    { name: 'market clock', ok: true, detail: 'read from the broker 0.6 s ago', ageMs: 610, boundMs: 5_000 },
    { name: 'account', ok: true, detail: 'read from the broker 1.9 s ago', ageMs: 1_900, boundMs: 15_000 },
    { name: 'reconciliation', ok: true, detail: 'agreed 12.4 s ago', ageMs: 12_400, boundMs: 90_000 },
    { name: 'watchdog', ok: true, detail: 'answered 0.0 s ago', ageMs: 31, boundMs: 2_000 },
  ],
};

/** A lease that runs out because the broker's clock is not read any more. */
export function lapsingLease(remainingMs: number): Gauges['deadMan'] {
  const detail = 'read from the broker 8.6 s ago, bound 5.0 s';
  const facts = heldLease.facts.map((fact) =>
    fact.name === 'market clock' ? { ...fact, ok: false, detail, ageMs: 8_600 } : fact,
  );
  return { ...heldLease, phase: 'lapsing', remainingMs, facts };
}

export function gaugesAt(at: number, change: Partial<Gauges> = {}): Gauges {
  return {
    at,
    market: { isOpen: true, marketAt: at, dataAgeMs: 400, quotes: {} },
    agents: {},
    sla: [],
    intentToOrder: summary(0, 0, 0, 0),
    spend: { accruedMicros: 0, ratePerHourMicros: 0, rateCard: 'e2b-list 2026-08', simulated: true },
    pnl: { realisedMicros: 0, unrealisedMicros: 0, todayMicros: 0 },
    deadMan: heldLease,
    loopDelayP99Ms: 6,
    work: [],
    ...change,
  };
}

export function quote(lastUsd: number): Gauges['market']['quotes'][string] {
  const lastTicks = Math.round(lastUsd * 10_000);
  return { bidTicks: lastTicks - 100, askTicks: lastTicks + 100, lastTicks, ageMs: 300 };
}
