// Counts over the state that several parts of the window show.
import { isAlive } from '../electron/contract/agent-phase.ts';
import type { Gauges } from '../electron/contract/frames.ts';
import { notionalMicros } from '../electron/contract/money.ts';
import { isFinal } from '../electron/contract/reduce-orders.ts';
import type { Agent, DeskState, Notice, Sandbox } from '../electron/contract/state.ts';

export interface FleetCount {
  /** Alive agents: neither stopped nor failed. */
  readonly alive: number;
  readonly running: number;
  readonly degraded: number;
  readonly failed: number;
}

/** Counts the agents by what an operator asks first. */
export function countFleet(agents: DeskState['agents']): FleetCount {
  let alive = 0;
  let running = 0;
  let degraded = 0;
  let failed = 0;
  for (const agent of Object.values(agents)) {
    if (isAlive(agent.phase)) alive += 1;
    if (agent.phase === 'running') running += 1;
    if (agent.phase === 'degraded') degraded += 1;
    if (agent.phase === 'failed') failed += 1;
  }
  return { alive, running, degraded, failed };
}

/** Sandboxes that exist or are being made, so that somebody may charge for them. */
function openSandboxes(sandboxes: DeskState['sandboxes']): readonly Sandbox[] {
  return Object.values(sandboxes).filter((sandbox) => sandbox.phase !== 'ended' && sandbox.phase !== 'lost');
}

export interface SandboxCount {
  /** Carry agents, or were created for the operator. */
  readonly working: number;
  /** Kept for the next deployment. */
  readonly warm: number;
}

/** Counts the open sandboxes by whether somebody uses them. */
export function countSandboxes(sandboxes: DeskState['sandboxes']): SandboxCount {
  const open = openSandboxes(sandboxes);
  const warm = open.filter((sandbox) => sandbox.pooled).length;
  return { working: open.length - warm, warm };
}

/** Orders that the broker may still fill. */
export function workingOrders(orders: DeskState['orders']): number {
  return Object.values(orders).filter((order) => !isFinal(order)).length;
}

export interface Exposure {
  readonly symbol: string;
  /** Signed, never zero. */
  readonly qtyNanos: number;
  /** Unsigned market value; null without a quote. */
  readonly valueMicros: number | null;
}

/** Open positions of the account, or of the agents' books while the account has not been read. */
export function exposures(
  state: Pick<DeskState, 'account' | 'agents'>,
  gauges: Gauges | null,
): readonly Exposure[] {
  const held = state.account?.positions ?? bookPositions(Object.values(state.agents));
  return Object.entries(held)
    .filter(([, qtyNanos]) => qtyNanos !== 0)
    .map(([symbol, qtyNanos]) => {
      const quote = gauges?.market.quotes[symbol];
      return {
        symbol,
        qtyNanos,
        valueMicros: quote ? notionalMicros(Math.abs(qtyNanos), quote.lastTicks) : null,
      };
    });
}

function bookPositions(agents: readonly Agent[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const agent of agents) {
    for (const { symbol, qtyNanos } of Object.values(agent.positions)) {
      total[symbol] = (total[symbol] ?? 0) + qtyNanos;
    }
  }
  return total;
}

/** Counts the notices by severity. */
export function countNotices(notices: readonly Notice[]): Record<Notice['severity'], number> {
  const counts = { critical: 0, warning: 0, info: 0 };
  for (const notice of notices) counts[notice.severity] += 1;
  return counts;
}

/** PnL of the day after what the sandboxes have cost; null while the account has not been read. */
export function netTodayMicros(gauges: Gauges | null): number | null {
  if (!gauges || gauges.pnl.todayMicros === null) return null;
  return gauges.pnl.todayMicros - gauges.spend.accruedMicros;
}
