// One agent: what it is, how it does, what it holds, what it wants and why.
import { SquareTerminal, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { isAlive } from '../../electron/contract/agent-phase.ts';
import { latchOf } from '../../electron/contract/latches.ts';
import type { Agent } from '../../electron/contract/state.ts';
import { useDesk, useNow } from '../desk-context.tsx';
import { age, count, duration, fineCost, percentile, pnl, unknown, wholeMoney } from '../format.ts';
import { useKillGuard } from '../kill/kill-guard.ts';
import { AgentPhaseMark } from '../ui/agent-phase-mark.tsx';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { FactGrid } from '../ui/facts.tsx';
import { ModeChip } from '../ui/mode-chip.tsx';
import { useEscape } from '../ui/use-escape.ts';
import { useWindowStore } from '../window-state.ts';
import { AgentBook } from './agent-book.tsx';
import { AgentDenials } from './agent-denials.tsx';
import { AgentFills } from './agent-fills.tsx';
import { AgentParams } from './agent-params.tsx';
import { StopAgentDialog } from './stop-agent-dialog.tsx';

export function AgentInspector({ agent }: { readonly agent: Agent }) {
  const windowStore = useWindowStore();
  const [stopping, setStopping] = useState(false);
  const close = (): void => windowStore.setState({ selectedAgentId: null });
  useEscape(close);
  const alive = isAlive(agent.phase);
  return (
    <aside
      aria-label={`Agent ${agent.agentId}`}
      className="flex w-[380px] shrink-0 flex-col rounded-card border border-line bg-surface"
    >
      <div className="flex items-start gap-2 px-4 pt-3.5">
        <div className="min-w-0">
          <div className="flex items-center gap-3">
            <h2 className="text-section font-semibold">{agent.agentId}</h2>
            <AgentPhaseMark phase={agent.phase} />
          </div>
          <SandboxLine agent={agent} />
        </div>
        <ModeChip mode={agent.mode} className="mt-1 ml-auto" />
        <Button tone="quiet" size="small" aria-label="Close inspector" onClick={close}>
          <X size={14} aria-hidden="true" />
        </Button>
      </div>
      <div className="grid min-h-0 flex-1 content-start gap-4 overflow-y-auto px-4 py-3">
        <Reason agent={agent} />
        <Facts agent={agent} />
        <LastDecision agentId={agent.agentId} />
        <AgentBook agent={agent} />
        <AgentParams agent={agent} />
        <AgentDenials agent={agent} />
        <AgentFills agentId={agent.agentId} />
      </div>
      <div className="flex flex-wrap items-center gap-3 border-t border-line px-4 py-3">
        <Button
          aria-label={`Stop ${agent.agentId}…`}
          disabled={!alive || agent.phase === 'stopping'}
          onClick={() => setStopping(true)}
        >
          Stop agent…
        </Button>
        {alive ? null : <span className="text-cell text-dim">This agent has ended.</span>}
        <KillButton agent={agent} />
        <TerminalButton slotId={agent.slotId} />
      </div>
      <StopAgentDialog agent={agent} open={stopping} onClose={() => setStopping(false)} />
    </aside>
  );
}

/** Where a kill keeps the agent stopped already, the sheet shows its receipt. */
function KillButton({ agent }: { readonly agent: Agent }) {
  const guard = useKillGuard();
  const latch = useDesk((desk) => latchOf(desk.state, agent));
  const holds = Object.keys(agent.positions).length > 0;
  return (
    <Button
      className="border-critical text-critical"
      disabled={latch === null && agent.phase === 'stopped' && !holds}
      onClick={() => guard.open(latch?.scope ?? `agent:${agent.agentId}`)}
    >
      {latch ? 'Kill receipt' : 'Kill agent…'}
    </Button>
  );
}

/** A sandbox that does not run has no shell to offer. */
function TerminalButton({ slotId }: { readonly slotId: string }) {
  const windowStore = useWindowStore();
  const sandboxId = useDesk((desk) => {
    const sandbox = desk.state.sandboxes[slotId];
    return sandbox?.phase === 'ready' ? sandbox.sandboxId : null;
  });
  return (
    <Button
      className="ml-auto"
      disabled={sandboxId === null}
      onClick={() => windowStore.setState({ terminalSandboxId: sandboxId })}
    >
      <SquareTerminal size={14} aria-hidden="true" />
      Terminal
    </Button>
  );
}

function SandboxLine({ agent }: { readonly agent: Agent }) {
  const sandbox = useDesk((desk) => desk.state.sandboxes[agent.slotId]);
  const together = useDesk(
    (desk) =>
      Object.values(desk.state.agents).filter(
        (other) => other.slotId === agent.slotId && isAlive(other.phase),
      ).length,
  );
  const name = sandbox?.sandboxId ?? 'no sandbox yet';
  return (
    <p className="text-cell text-muted">
      {agent.strategy} · {agent.symbols.join(' ')}
      <br />
      <span className="font-mono text-label">{name}</span>
      {together > 1 ? ` · 1 of ${count(together)} agents there` : ''}
    </p>
  );
}

/** Only an abnormal phase explains itself in colour. */
function Reason({ agent }: { readonly agent: Agent }) {
  const now = useNow();
  const tone =
    agent.phase === 'failed'
      ? 'border-critical/45 bg-critical/9'
      : agent.phase === 'degraded'
        ? 'border-warn/45 bg-warn/9'
        : null;
  if (tone === null) return null;
  return (
    <p className={classNames('rounded-card border px-3 py-2 text-cell', tone)}>
      <b className="font-medium">
        {agent.phase === 'failed' ? 'Failed' : 'Degraded'} for {duration(now - agent.phaseSince)}:
      </b>{' '}
      {agent.phaseReason}
    </p>
  );
}

function Facts({ agent }: { readonly agent: Agent }) {
  const gauge = useDesk((desk) => desk.gauges?.agents[agent.agentId]);
  const leaseEndsAt = useDesk((desk) => desk.state.sandboxes[agent.slotId]?.leaseEndsAt ?? null);
  const simulated = useDesk((desk) => desk.gauges?.spend.simulated ?? false);
  const now = useNow();
  const net = gauge ? agent.realisedMicros + gauge.unrealisedMicros - gauge.infraMicros : null;
  const alive = isAlive(agent.phase);
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Net PnL', pnl(net)],
    ['Realised', pnl(agent.realisedMicros)],
    ['Unrealised', pnl(gauge?.unrealisedMicros)],
    [simulated ? 'Infra, simulated' : 'Infra', fineCost(gauge?.infraMicros)],
    ['Decision P95, ms', gauge ? percentile(gauge.decision.p95Ms, gauge.decision.n, 'p95') : unknown],
    [
      'Decisions',
      gauge
        ? `${count(gauge.decisions)}${gauge.errors > 0 ? `, ${count(gauge.errors)} failed` : ''}`
        : unknown,
    ],
    ['Fills', count(agent.fills)],
    ['Tick age', age(gauge?.tickAgeMs)],
    ['Max position', wholeMoney(agent.maxPositionMicros)],
    ['Lease left', leaseEndsAt === null ? unknown : duration(leaseEndsAt - now)],
    ['Planned end in', alive ? duration(agent.plannedEndAt - now) : unknown],
  ];
  return (
    <div className="live-value">
      <FactGrid facts={facts} />
    </div>
  );
}

function LastDecision({ agentId }: { readonly agentId: string }) {
  const decision = useDesk((desk) => desk.gauges?.agents[agentId]?.lastDecision ?? null);
  const now = useNow();
  return (
    <section aria-label="Last decision">
      <h3 className="mb-1 text-label text-dim">
        Last decision{decision ? ` · ${duration(now - decision.at)} ago` : ''}
      </h3>
      {decision ? (
        <>
          <p className="font-medium">{decision.text}</p>
          <p className="text-cell text-muted">{decision.reason}</p>
        </>
      ) : (
        <p className="text-muted">None yet.</p>
      )}
    </section>
  );
}
