// Folds one event into the state. Pure and shared: the host, the window and the terminal monitor all run this.
import { canMoveAgent } from './agent-phase.ts';
import type { DeskEvent } from './events.ts';
import { isWide } from './kill-scope.ts';
import { differAccount, openMarket, readAccount, startBudgetDay } from './reduce-account.ts';
import { fireDeadMan, recordCancellation } from './reduce-dead-man.ts';
import { allocate, changeAgent, deployAgent } from './reduce-agents.ts';
import { takeFlows } from './reduce-cash.ts';
import { finishKill, releaseLatch, startKill, updateKillItem } from './reduce-kill.ts';
import { breachLimit, changeLimits } from './reduce-limits.ts';
import { approveOrder, askCancel, denyOrder, fillOrder, refuseCancel, updateOrder } from './reduce-orders.ts';
import {
  buildTemplate,
  changeSandbox,
  closeSandbox,
  createSandbox,
  giveUpSandbox,
  loseTemplate,
  pauseSandbox,
  renewLease,
  requestSandbox,
  resumeSandbox,
  slotOf,
} from './reduce-sandboxes.ts';
import { chooseAccount } from './reduce-shelf.ts';
import { count } from './reduce-totals.ts';
import type { DeskState } from './state.ts';

const keptNotices = 100;

/** Returns the state after `event`. Unknown ids leave the state unchanged: a replica may be younger than the event's subject. */
export function reduce(state: DeskState, event: DeskEvent): DeskState {
  switch (event.kind) {
    case 'HostStarted':
      return { ...state, host: { startedAt: event.at, pid: event.pid, version: event.version } };
    case 'HostStopped':
      return { ...state, host: null };
    case 'DeskNamed':
      return { ...state, deskId: event.deskId };
    case 'MarketOpened':
      return openMarket(state, event);
    case 'AccountChosen':
      return chooseAccount(state, event);
    case 'LiveArmed': {
      const { accountNumber, limitsKey, at } = event;
      return { ...state, live: { accountNumber, limitsKey, since: at, attendedAt: at } };
    }
    case 'LiveAttended':
      return state.live ? { ...state, live: { ...state.live, attendedAt: event.at } } : state;
    case 'LiveDisarmed':
      return { ...state, live: null };
    case 'ProviderChosen':
      return { ...state, provider: event.choice };
    case 'LocalServicesLost':
      return { ...state, isolation: null, isolationDetail: null };
    case 'LocalServicesStarted':
      return { ...state, isolation: event.isolation, isolationDetail: event.isolationDetail ?? null };
    case 'SandboxRequested':
      return requestSandbox(state, event);
    case 'SandboxCreated':
      return createSandbox(state, event);
    case 'SandboxGivenUp':
      return giveUpSandbox(state, event);
    case 'SandboxPaused':
      return pauseSandbox(state, event);
    case 'SandboxResumed':
      return resumeSandbox(state, event);
    case 'SandboxPooled':
      return changeSandbox(state, event.slotId, () => ({ pooled: event.pooled }));
    case 'SandboxLeaseRenewed':
      return renewLease(state, event);
    case 'TemplateBuilt':
      return buildTemplate(state, event);
    case 'TemplateLost':
      return loseTemplate(state, event);
    case 'SandboxEnding': {
      const slot = slotOf(state, event.sandboxId);
      return slot
        ? changeSandbox(state, slot.slotId, () => ({ phase: 'ending', phaseReason: event.reason }))
        : state;
    }
    case 'SandboxEnded':
      return closeSandbox(state, event.slotId, event.postedMicros, event.at, 'ended', 'ended');
    case 'SandboxLost':
      return closeSandbox(state, event.slotId, event.postedMicros, event.at, 'lost', event.reason);
    case 'TerminalOpened':
    case 'TerminalClosed':
    case 'BacktestFinished':
      return state;
    case 'DatasetImported':
    case 'DatasetRemoved':
      return state;
    case 'AgentDeployed':
      return deployAgent(state, event);
    case 'AgentMoved':
      return changeAgent(state, event.agentId, (agent) =>
        canMoveAgent(agent.phase, event.phase)
          ? { phase: event.phase, phaseReason: event.reason, phaseSince: event.at }
          : {},
      );
    case 'AgentsRolledOver':
      return event.agentIds.reduce(
        (next, agentId) => changeAgent(next, agentId, () => ({ slotId: event.toSlotId })),
        state,
      );
    case 'TargetSet':
      return changeAgent(state, event.agentId, (agent) => ({
        targets: {
          ...agent.targets,
          [event.symbol]: { qtyNanos: event.qtyNanos, reason: event.reason, at: event.at },
        },
      }));
    case 'AgentSilenced':
      return changeAgent(state, event.agentId, () => ({ targets: {} }));
    case 'AgentOrdersCancelled':
      return state;
    case 'AgentsCrossed':
      return count(allocate(state, event.allocations, null), { crosses: 1 });
    case 'OrderDenied':
      return denyOrder(state, event);
    case 'OrderApproved':
      return approveOrder(state, event);
    case 'OrderUpdated':
      return updateOrder(state, event);
    case 'OrderCancelAsked':
      return askCancel(state, event);
    case 'OrderCancelRefused':
      return refuseCancel(state, event);
    case 'OrderFilled':
      return fillOrder(state, event);
    case 'AccountRead':
      return readAccount(state, event);
    case 'CashFlowed':
      return takeFlows(state, event);
    case 'AccountDiffered':
      return differAccount(state, event);
    case 'AccountAcknowledged':
      return { ...state, discrepancy: null };
    case 'LimitsChanged':
      return changeLimits(state, event);
    case 'LimitBreached':
      return breachLimit(state, event);
    case 'BudgetDayStarted':
      return startBudgetDay(state, event);
    case 'EntriesBlocked':
      return state.entries.kind === 'latched'
        ? state
        : {
            ...state,
            entries: { kind: 'blocked', since: event.at, actor: event.actor, reason: event.reason },
          };
    case 'EntriesUnblocked':
      return state.entries.kind === 'blocked' ? openEntries(state) : state;
    case 'KillStarted':
      return startKill(state, event);
    case 'KillItemUpdated':
      return updateKillItem(state, event);
    case 'KillFinished':
      return finishKill(state, event);
    case 'Rearmed':
      return isWide(event.scope ?? 'all') ? openEntries(state) : releaseLatch(state, event);
    case 'DeadManFired':
      return fireDeadMan(state, event);
    case 'DeadManCancelled':
      return recordCancellation(state, event);
    case 'NoticeRaised': {
      const { kind: _, ...raised } = event;
      const notice = { ...raised, mode: state.mode };
      const others = state.notices.filter((other) => other.noticeId !== notice.noticeId);
      return { ...state, notices: [...others, notice].slice(-keptNotices) };
    }
    case 'NoticeDismissed':
      return { ...state, notices: state.notices.filter((notice) => notice.noticeId !== event.noticeId) };
  }
}

/** An operator's word: what had blocked entries before does not any more. */
function openEntries(state: DeskState): DeskState {
  return {
    ...state,
    entries: { kind: 'open' },
    breach: null,
    deadMan: { ...state.deadMan, blocking: false },
  };
}
