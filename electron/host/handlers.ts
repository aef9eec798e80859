// One handler an operation, each short: the work is done on the floors below.
import { DeskError } from '../contract/errors.ts';
import type { Gauges } from '../contract/frames.ts';
import { slaTargetsMs } from '../contract/names.ts';
import type { KillReceipt } from '../contract/state.ts';
import { createAccountHandlers } from './account-handlers.ts';
import { createDatasetHandlers } from './dataset-handlers.ts';
import type { DeskHandlers } from './dispatch.ts';
import { checkHealth } from './health.ts';
import type { HostParts } from './host-parts.ts';
import { marketSources, toMarketChoice } from './market-sources.ts';
import { accrualCurve } from './spend/accrual-curve.ts';
import { budgetDay } from './spend/budget-day.ts';
import { forecastMicros } from './spend/forecast.ts';
import { createBacktestHandlers } from './backtest-handlers.ts';
import { createSandboxHandlers } from './sandbox-handlers.ts';
import { createTerminalHandlers } from './terminal-handlers.ts';
import { createPoolHandlers } from './pool-handlers.ts';
import { createProviderHandlers } from './provider-handlers.ts';
import { createTemplateHandlers } from './template-handlers.ts';
import { cardLabel } from './spend/rate-card.ts';
import { strategyHandlers } from './strategy-handlers.ts';
import { deployAgents, previewDeployment } from './swarm/deploy-agents.ts';
import { executeRound } from './swarm/execute-round.ts';
import { kill } from './swarm/kill.ts';
import { stopAgent, stopAllAgents } from './swarm/stop-agents.ts';
import { countAlive } from './watch/gauges.ts';
import { viewAgent, viewSandbox } from './views.ts';
import { isAlive } from '../contract/agent-phase.ts';

/** Builds the handlers over the host's parts. */
export function createHandlers(parts: HostParts): DeskHandlers {
  const { store, clock, fleet, meter, latency, settingsFile, swarm } = parts;
  let killing: Promise<KillReceipt> | null = null;

  const gauges = (): Gauges => parts.sampleGauges();

  return {
    ...createSandboxHandlers(parts),
    ...createPoolHandlers(parts),
    ...strategyHandlers,
    ...createDatasetHandlers(parts),
    ...createBacktestHandlers(parts),
    ...createProviderHandlers(parts),
    ...createAccountHandlers(parts),
    ...createTerminalHandlers(parts.terminals),
    ...createTemplateHandlers(parts),
    'sandboxes.create': async ({ count, template }) => {
      await parts.connected();
      assertNotLatched(parts);
      const slotIds = fleet.reserve(count, template);
      await Promise.all(slotIds.map((slotId) => fleet.open(slotId)));
      const state = store.state();
      return {
        sandboxes: slotIds
          .flatMap((slotId) => state.sandboxes[slotId] ?? [])
          .map((slot) => viewSandbox(slot, state, meter.usedMicros(slot))),
      };
    },
    'sandboxes.list': ({ all }) => {
      const state = store.state();
      const slots = Object.values(state.sandboxes).filter((slot) => all || slot.endedAt === null);
      return { sandboxes: slots.map((slot) => viewSandbox(slot, state, meter.usedMicros(slot))) };
    },
    'sandboxes.destroy': async ({ id }) => {
      const slot = fleet.aliveSlots().find((open) => open.sandboxId === id);
      if (!slot)
        throw new DeskError(
          'SANDBOX_NOT_FOUND',
          `There is no running sandbox "${id}". See list for the ids.`,
          { id },
        );
      const agents = swarm.agentsIn(slot.slotId).map((agent) => agent.agentId);
      await Promise.all(agents.map((agentId) => stopAgent(parts, agentId, 'sandbox destroyed')));
      await swarm.endSlot(slot.slotId, 'destroyed by the operator');
      return { sandboxId: id, stoppedAgents: agents };
    },
    'swarm.preview': async (input) => {
      await parts.connected();
      return previewDeployment(parts, input);
    },
    'swarm.deploy': async (input, { actor }) => {
      await parts.connected();
      return deployAgents(parts, input, actor);
    },
    'swarm.execute': async (input) => {
      await parts.connected();
      assertNotLatched(parts);
      return executeRound(parts, input);
    },
    'swarm.status': ({ id }) => {
      const state = store.state();
      const sample = parts.latestGauges();
      const agents = Object.values(state.agents).filter((agent) =>
        id === undefined
          ? isAlive(agent.phase) || agent.phase === 'failed'
          : isNamed(agent.agentId, state.sandboxes[agent.slotId]?.sandboxId, id),
      );
      if (id !== undefined && agents.length === 0)
        throw new DeskError(
          'AGENT_NOT_FOUND',
          `There is no agent or sandbox with agents "${id}". See agents and list for the ids.`,
          { id },
        );
      return {
        mode: state.mode,
        entries: state.entries.kind,
        agents: agents.map((agent) => viewAgent(agent, state, sample)),
        alive: countAlive(state.agents),
        orders: state.totals.orders,
        fills: state.totals.fills,
        denied: state.totals.denied,
        spendMicros: meter.accruedMicros(),
        spendSimulated: state.mode === 'demo',
        budgetMicros: state.spend.budgetMicros,
        realisedMicros: sample.pnl.realisedMicros,
        unrealisedMicros: sample.pnl.unrealisedMicros,
        market: state.market
          ? { label: state.market.label, isOpen: sample.market.isOpen, dataAgeMs: sample.market.dataAgeMs }
          : null,
        at: clock.now(),
      };
    },
    'swarm.agents': ({ all }) => {
      const state = store.state();
      const sample = gauges();
      const agents = Object.values(state.agents).filter((agent) => all || isAlive(agent.phase));
      return { agents: agents.map((agent) => viewAgent(agent, state, sample)) };
    },
    'swarm.stop': async ({ agentId }) => {
      const leftOpen = await stopAgent(parts, agentId, 'stopped by the operator');
      return { agentId, leftOpen: leftOpen.map(({ symbol, qtyNanos }) => ({ symbol, qtyNanos })) };
    },
    'swarm.stopAll': async () => ({ stopped: await stopAllAgents(parts, 'stopped by the operator') }),
    'swarm.block': async ({ reason }, { actor }) => {
      const at = clock.now();
      await store.commitDurable({ kind: 'EntriesBlocked', at, actor, reason });
      return { blockedAt: at };
    },
    'swarm.unblock': (_input, { actor }) => {
      assertNotLatched(parts);
      store.commit({ kind: 'EntriesUnblocked', at: clock.now(), actor });
      parts.rebalanceAll();
      return { entries: store.state().entries.kind };
    },
    'swarm.kill': async ({ policy, reason }, { actor }) => {
      const startedAt = clock.monotonicMs();
      killing ??= kill(parts, { policy, reason, actor }).finally(() => {
        killing = null;
      });
      const receipt = await killing;
      return {
        killId: receipt.killId,
        verified: receipt.verified === true,
        policy: receipt.policy,
        tookMs: clock.monotonicMs() - startedAt,
        items: [...receipt.items],
      };
    },
    'swarm.rearm': async ({ reason }, { actor }) => {
      if (store.state().entries.kind !== 'latched')
        throw new DeskError('NOT_LATCHED', 'The kill switch is not latched; there is nothing to re-arm.');
      if (killing)
        throw new DeskError('KILL_LATCHED', 'The kill is still at work. Wait for its receipt, then re-arm.');
      const at = clock.now();
      await store.commitDurable({ kind: 'Rearmed', at, actor, reason });
      return { rearmedAt: at };
    },
    'sla.board': ({ windowS }) => ({ windowS, rows: latency.board(windowS) }),
    'sla.series': ({ operation, windowS, buckets }) => {
      const points = latency.series(operation, windowS, buckets);
      return {
        targetMs: slaTargetsMs[operation],
        bucketMs: (windowS * 1_000) / buckets,
        n: points.reduce((sum, point) => sum + point.n, 0),
        points,
      };
    },
    'spend.today': ({ points }) => {
      const state = store.state();
      const now = clock.now();
      const { timeZone } = settingsFile.read();
      const { day, startAt, endAt } = budgetDay(now, timeZone);
      const accruedMicros = meter.accruedMicros();
      return {
        day,
        timeZone,
        dayStartAt: startAt,
        dayEndAt: endAt,
        budgetMicros: state.spend.budgetMicros,
        exitReserveMicros: state.spend.exitReserveMicros,
        accruedMicros,
        reservedMicros: state.spend.reservedMicros,
        ratePerHourMicros: meter.ratePerHourMicros(),
        forecastMicros: forecastMicros(state, meter.card, accruedMicros, now, endAt),
        rateCard: cardLabel(meter.card),
        simulated: state.mode === 'demo',
        points: accrualCurve(
          Object.values(state.sandboxes),
          meter.usedMicros,
          accruedMicros,
          startAt,
          now,
          points,
        ),
      };
    },
    'market.sources': () => marketSources(settingsFile.read().market),
    'market.choose': async (input) => {
      await parts.connected();
      const { mode } = store.state();
      if (mode !== 'demo')
        throw new DeskError(
          'MARKET_IN_USE',
          `${mode.toUpperCase()} trades the real market. Use the DEMO account, then choose its market.`,
        );
      if (countAlive(store.state().agents) > 0)
        throw new DeskError('MARKET_IN_USE', 'Agents are trading on this market. Stop them, then switch.');
      return parts.switchMarket(toMarketChoice(input));
    },
    'settings.read': () => settingsFile.read(),
    'settings.change': ({ theme, budget }) => {
      const changed = settingsFile.change({
        ...(theme ? { theme } : {}),
        ...(budget === undefined ? {} : { budgetMicros: Math.round(budget * 1_000_000) }),
      });
      meter.rollDay();
      return changed;
    },
    'notices.dismiss': ({ noticeId }) => {
      store.commit({ kind: 'NoticeDismissed', at: clock.now(), noticeId });
      return {};
    },
    'host.health': () => checkHealth(parts),
    'host.shutdown': () => {
      parts.shutdown();
      return { pid: parts.pid };
    },
  };
}

function isNamed(agentId: string, sandboxId: string | null | undefined, id: string): boolean {
  return agentId === id || sandboxId === id;
}

function assertNotLatched({ store }: HostParts): void {
  const { entries } = store.state();
  if (entries.kind === 'latched')
    throw new DeskError('KILL_LATCHED', 'The kill switch is latched. Re-arm it with a reason first.', {
      killId: entries.killId,
    });
}
