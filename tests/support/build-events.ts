// Builders of events for tests: each has sensible values, a test names only what it is about.
import type { EventOf } from '../../electron/contract/events.ts';

const at = 1_800_000_000_000;

export function agentDeployed(fields: Partial<EventOf<'AgentDeployed'>> = {}): EventOf<'AgentDeployed'> {
  return {
    kind: 'AgentDeployed',
    at,
    agentId: 'momentum-01',
    swarmId: 'swarm-1',
    strategy: 'momentum',
    symbols: ['AAPL'],
    params: { fast: 12, slow: 26 },
    slotId: 'slot-1',
    mode: 'demo',
    maxPositionMicros: 5_000_000_000,
    plannedEndAt: at + 3_600_000,
    actor: 'cli',
    ...fields,
  };
}

export function sandboxRequested(
  fields: Partial<EventOf<'SandboxRequested'>> = {},
): EventOf<'SandboxRequested'> {
  return {
    kind: 'SandboxRequested',
    at,
    slotId: 'slot-1',
    template: 'base',
    cpuCount: 2,
    memoryMb: 512,
    reservedMicros: 18_302,
    ...fields,
  };
}

export function orderApproved(fields: Partial<EventOf<'OrderApproved'>> = {}): EventOf<'OrderApproved'> {
  return {
    kind: 'OrderApproved',
    at,
    clientOrderId: 'nt-1',
    symbol: 'AAPL',
    side: 'buy',
    qtyNanos: 10_000_000_000,
    shares: [{ agentId: 'momentum-01', qtyNanos: 10_000_000_000 }],
    ...fields,
  };
}

export function orderFilled(fields: Partial<EventOf<'OrderFilled'>> = {}): EventOf<'OrderFilled'> {
  return {
    kind: 'OrderFilled',
    at,
    clientOrderId: 'nt-1',
    executionId: 'b-1:4',
    symbol: 'AAPL',
    side: 'buy',
    qtyNanos: 4_000_000_000,
    priceTicks: 1_700_000,
    marketAt: at,
    allocations: [
      {
        agentId: 'momentum-01',
        symbol: 'AAPL',
        deltaNanos: 4_000_000_000,
        qtyNanos: 4_000_000_000,
        costMicros: 680_000_000,
        realisedMicros: 0,
      },
    ],
    ...fields,
  };
}
