// The quick signs of each agent: heartbeats, last data, decisions. Kept in memory, shown as gauges, judged every second.
import type { RunnerMessage } from '../sandboxes/link-messages.ts';
import type { Clock } from '../clock.ts';

type Decision = Pick<Extract<RunnerMessage, { kind: 'decision' }>, 'symbol' | 'action' | 'reason'>;

export interface Vitals {
  heartbeatAt: number | null;
  tickAt: number | null;
  decisions: number;
  errors: number;
  warm: boolean;
  lastDecision: { at: number; text: string; reason: string } | null;
  readonly decisionsBySymbol: Map<string, Decision & { readonly at: number }>;
}

export interface AgentVitals {
  of(agentId: string): Vitals;
  beat(agentId: string, warm: boolean): void;
  tick(agentId: string): void;
  decided(agentId: string, decision: Decision): void;
  failed(agentId: string): void;
  forget(agentId: string): void;
  heartbeatAgeMs(agentId: string): number | null;
  tickAgeMs(agentId: string): number | null;
}

/** Keeps vitals by agent on the host's clock. */
export function createAgentVitals(clock: Clock): AgentVitals {
  const vitals = new Map<string, Vitals>();

  function of(agentId: string): Vitals {
    const known = vitals.get(agentId);
    if (known) return known;
    const fresh: Vitals = {
      heartbeatAt: null,
      tickAt: null,
      decisions: 0,
      errors: 0,
      warm: false,
      lastDecision: null,
      decisionsBySymbol: new Map(),
    };
    vitals.set(agentId, fresh);
    return fresh;
  }

  function age(at: number | null): number | null {
    return at === null ? null : Math.max(0, clock.now() - at);
  }

  return {
    of,
    beat(agentId, warm) {
      const entry = of(agentId);
      entry.heartbeatAt = clock.now();
      entry.warm = warm;
    },
    tick(agentId) {
      of(agentId).tickAt = clock.now();
    },
    decided(agentId, { symbol, action, reason }) {
      const entry = of(agentId);
      const at = clock.now();
      entry.decisions += 1;
      entry.lastDecision = { at, text: `${action} ${symbol}`, reason };
      entry.decisionsBySymbol.set(symbol, { at, symbol, action, reason });
    },
    failed(agentId) {
      of(agentId).errors += 1;
    },
    forget: (agentId) => void vitals.delete(agentId),
    heartbeatAgeMs: (agentId) => age(vitals.get(agentId)?.heartbeatAt ?? null),
    tickAgeMs: (agentId) => age(vitals.get(agentId)?.tickAt ?? null),
  };
}
