// Checks every part of the desk by looking at it, not at what it said of itself.
import type { OutputOf } from '../contract/define-operation.ts';
import type { DeskState } from '../contract/state.ts';
import type { hostHealth } from '../contract/watch.ts';
import type { HostParts } from './host-parts.ts';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Runs all checks. The journal's chain is verified from its first event. */
export async function checkHealth(parts: HostParts): Promise<OutputOf<typeof hostHealth>> {
  const checks = [
    await checkProvider(parts),
    checkBroker(parts),
    checkMarket(parts),
    checkJournal(parts),
    checkAgents(parts),
  ];
  return {
    healthy: checks.every((check) => check.ok),
    mode: parts.store.state().mode,
    version: parts.version,
    pid: parts.pid,
    uptimeMs: Math.round(parts.clock.now() - parts.startedAt),
    runtime: parts.runtime,
    dataDir: parts.dataDir,
    loopDelayP99Ms: parts.loopDelay.p99Ms(),
    checks,
  };
}

async function checkProvider({ fleet, store }: HostParts): Promise<Check> {
  try {
    const running = (await fleet.listed()).length;
    const known = fleet.aliveSlots().filter((slot) => slot.sandboxId !== null).length;
    return {
      name: 'sandboxes',
      ok: running === known,
      detail: `${running} at the provider, ${known} known, ${describeProvider(store.state())}`,
    };
  } catch (error) {
    return { name: 'sandboxes', ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

function describeProvider({ provider, isolation, isolationDetail }: DeskState): string {
  if (provider?.kind === 'e2b') return provider.apiUrl ?? provider.domain;
  // The detail begins with the verdict where there is none to speak of.
  if (isolation === 'isolated' && isolationDetail !== null) return `isolated (${isolationDetail})`;
  return isolationDetail ?? isolation ?? 'isolation unknown';
}

function checkBroker({ trading }: HostParts): Check {
  const ok = trading.isConnected();
  return {
    name: 'broker',
    ok,
    detail: ok ? 'both streams authenticated' : 'a stream is not connected; it reconnects by itself',
  };
}

function checkMarket({ trading }: HostParts): Check {
  const marketClock = trading.marketClock();
  const age = trading.quotes.dataAgeMs();
  const detail = `${marketClock?.isOpen ? 'open' : 'closed'}, ${age === null ? 'no data yet' : `data ${Math.round(age)} ms old`}`;
  return { name: 'market', ok: marketClock !== null, detail };
}

function checkJournal({ journal }: HostParts): Check {
  const result = journal.verify();
  const detail = result.ok
    ? `${result.events} events in an unbroken chain`
    : `the chain is broken at event ${result.brokenAtSeq ?? 'unknown'}`;
  return { name: 'journal', ok: result.ok, detail };
}

function checkAgents({ store }: HostParts): Check {
  const agents = Object.values(store.state().agents);
  const failed = agents.filter((agent) => agent.phase === 'failed').map((agent) => agent.agentId);
  const degraded = agents.filter((agent) => agent.phase === 'degraded').map((agent) => agent.agentId);
  const bad = [
    ...failed.map((agentId) => `${agentId} failed`),
    ...degraded.map((agentId) => `${agentId} degraded`),
  ];
  return {
    name: 'agents',
    ok: bad.length === 0,
    detail: bad.length === 0 ? 'none failed or degraded' : bad.join(', '),
  };
}
