// Folds one event into the state. Pure and shared: the host, the window and the terminal monitor all run this.
import { canMoveAgent } from './agent-phase.ts';
import type { Allocation, DeskEvent, EventOf } from './events.ts';
import { notionalMicros } from './money.ts';
import type { Agent, DeskState, Order, Sandbox } from './state.ts';

const keptOrders = 500;
const keptFills = 500;
const keptSandboxes = 200;
const keptNotices = 100;

/** Returns the state after `event`. Unknown ids leave the state unchanged: a replica may be younger than the event's subject. */
export function reduce(state: DeskState, event: DeskEvent): DeskState {
  switch (event.kind) {
    case 'HostStarted':
      return {
        ...state,
        mode: event.mode,
        host: { startedAt: event.at, pid: event.pid, version: event.version },
      };
    case 'HostStopped':
      return { ...state, host: null };
    case 'DeskNamed':
      return { ...state, deskId: event.deskId };
    case 'MarketOpened':
      return openMarket(state, event);
    case 'LocalServicesLost':
      return { ...state, isolation: null };
    case 'LocalServicesStarted':
      return { ...state, isolation: event.isolation };
    case 'SandboxRequested':
      return requestSandbox(state, event);
    case 'SandboxCreated':
      return changeSandbox(state, event.slotId, () => ({
        phase: 'ready',
        phaseReason: 'created',
        sandboxId: event.sandboxId,
        createdAt: event.at,
        leaseEndsAt: event.leaseEndsAt,
        sessionStartedAt: event.at,
        meteredFrom: event.at,
      }));
    case 'SandboxPaused':
      return pauseSandbox(state, event);
    case 'SandboxResumed':
      return resumeSandbox(state, event);
    case 'SandboxPooled':
      return changeSandbox(state, event.slotId, () => ({ pooled: event.pooled }));
    case 'SandboxLeaseRenewed':
      return renewLease(state, event);
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
    case 'AgentsCrossed':
      return count(allocate(state, event.allocations), { crosses: 1 });
    case 'OrderDenied':
      return count(state, { denied: 1 });
    case 'OrderApproved':
      return approveOrder(state, event);
    case 'OrderUpdated':
      return changeOrder(state, event.clientOrderId, (order) => ({
        state: nextOrderState(order, event.state),
        detail: event.detail,
        updatedAt: event.at,
        brokerOrderId: event.brokerOrderId ?? order.brokerOrderId,
      }));
    case 'OrderFilled':
      return fillOrder(state, event);
    case 'AccountRead':
      return readAccount(state, event);
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
      return state.entries.kind === 'blocked' ? { ...state, entries: { kind: 'open' } } : state;
    case 'KillStarted':
      return startKill(state, event);
    case 'KillItemUpdated':
      return updateKillItem(state, event);
    case 'KillFinished':
      return state.kill?.killId === event.killId
        ? { ...state, kill: { ...state.kill, finishedAt: event.at, verified: event.verified } }
        : state;
    case 'Rearmed':
      return { ...state, entries: { kind: 'open' } };
    case 'NoticeRaised': {
      const { kind: _, ...notice } = event;
      const others = state.notices.filter((other) => other.noticeId !== notice.noticeId);
      return { ...state, notices: [...others, notice].slice(-keptNotices) };
    }
    case 'NoticeDismissed':
      return { ...state, notices: state.notices.filter((notice) => notice.noticeId !== event.noticeId) };
  }
}

function openMarket(state: DeskState, event: EventOf<'MarketOpened'>): DeskState {
  const { source, label, symbols } = event;
  // Another market is another account: its equity and positions say nothing about this one.
  const account = state.market?.label === label ? state.account : null;
  return { ...state, account, market: { source, label, symbols } };
}

function changeAgent(state: DeskState, agentId: string, change: (agent: Agent) => Partial<Agent>): DeskState {
  const agent = state.agents[agentId];
  if (!agent) return state;
  return { ...state, agents: { ...state.agents, [agentId]: { ...agent, ...change(agent) } } };
}

function changeSandbox(
  state: DeskState,
  slotId: string,
  change: (sandbox: Sandbox) => Partial<Sandbox>,
): DeskState {
  const sandbox = state.sandboxes[slotId];
  if (!sandbox) return state;
  return { ...state, sandboxes: { ...state.sandboxes, [slotId]: { ...sandbox, ...change(sandbox) } } };
}

function changeOrder(
  state: DeskState,
  clientOrderId: string,
  change: (order: Order) => Partial<Order>,
): DeskState {
  const order = state.orders[clientOrderId];
  if (!order) return state;
  return { ...state, orders: { ...state.orders, [clientOrderId]: { ...order, ...change(order) } } };
}

function slotOf(state: DeskState, sandboxId: string): Sandbox | undefined {
  return Object.values(state.sandboxes).find((sandbox) => sandbox.sandboxId === sandboxId);
}

function count(state: DeskState, by: Partial<DeskState['totals']>): DeskState {
  const { totals } = state;
  return {
    ...state,
    totals: {
      orders: totals.orders + (by.orders ?? 0),
      fills: totals.fills + (by.fills ?? 0),
      denied: totals.denied + (by.denied ?? 0),
      crosses: totals.crosses + (by.crosses ?? 0),
      realisedMicros: totals.realisedMicros + (by.realisedMicros ?? 0),
    },
  };
}

function charge(state: DeskState, postedMicros: number, reservedChangeMicros: number): DeskState {
  const { spend } = state;
  return {
    ...state,
    spend: {
      ...spend,
      postedMicros: spend.postedMicros + postedMicros,
      reservedMicros: spend.reservedMicros + reservedChangeMicros,
    },
  };
}

function requestSandbox(state: DeskState, event: EventOf<'SandboxRequested'>): DeskState {
  const sandbox: Sandbox = {
    slotId: event.slotId,
    sandboxId: null,
    template: event.template,
    cpuCount: event.cpuCount,
    memoryMb: event.memoryMb,
    phase: 'creating',
    phaseReason: 'requested',
    requestedAt: event.at,
    createdAt: null,
    endedAt: null,
    leaseEndsAt: null,
    sessionStartedAt: null,
    pooled: false,
    reservedMicros: event.reservedMicros,
    postedMicros: 0,
    meteredFrom: event.at,
  };
  const sandboxes = dropOldest(
    { ...state.sandboxes, [event.slotId]: sandbox },
    keptSandboxes,
    (old) => old.endedAt !== null,
  );
  return charge({ ...state, sandboxes }, 0, event.reservedMicros);
}

function renewLease(state: DeskState, event: EventOf<'SandboxLeaseRenewed'>): DeskState {
  const slot = slotOf(state, event.sandboxId);
  if (!slot) return state;
  const renewed = changeSandbox(state, slot.slotId, (sandbox) => ({
    leaseEndsAt: event.leaseEndsAt,
    reservedMicros: event.reservedMicros,
    postedMicros: sandbox.postedMicros + event.postedMicros,
    meteredFrom: event.at,
  }));
  return charge(renewed, event.postedMicros, event.reservedMicros - slot.reservedMicros);
}

function pauseSandbox(state: DeskState, event: EventOf<'SandboxPaused'>): DeskState {
  const slot = state.sandboxes[event.slotId];
  if (slot?.phase !== 'ready') return state;
  const paused = changeSandbox(state, event.slotId, (sandbox) => ({
    phase: 'paused',
    phaseReason: event.reason,
    leaseEndsAt: null,
    sessionStartedAt: null,
    reservedMicros: 0,
    postedMicros: sandbox.postedMicros + event.postedMicros,
    meteredFrom: event.at,
  }));
  return charge(paused, event.postedMicros, -slot.reservedMicros);
}

function resumeSandbox(state: DeskState, event: EventOf<'SandboxResumed'>): DeskState {
  if (state.sandboxes[event.slotId]?.phase !== 'paused') return state;
  const resumed = changeSandbox(state, event.slotId, () => ({
    phase: 'ready',
    phaseReason: 'resumed',
    leaseEndsAt: event.leaseEndsAt,
    sessionStartedAt: event.at,
    reservedMicros: event.reservedMicros,
    meteredFrom: event.at,
  }));
  return charge(resumed, 0, event.reservedMicros);
}

function closeSandbox(
  state: DeskState,
  slotId: string,
  postedMicros: number,
  at: number,
  phase: 'ended' | 'lost',
  reason: string,
): DeskState {
  const slot = state.sandboxes[slotId];
  if (!slot || slot.endedAt !== null) return state;
  const closed = changeSandbox(state, slotId, (sandbox) => ({
    phase,
    phaseReason: reason,
    endedAt: at,
    leaseEndsAt: null,
    sessionStartedAt: null,
    reservedMicros: 0,
    postedMicros: sandbox.postedMicros + postedMicros,
    meteredFrom: at,
  }));
  return charge(closed, postedMicros, -slot.reservedMicros);
}

function deployAgent(state: DeskState, event: EventOf<'AgentDeployed'>): DeskState {
  const before = state.agents[event.agentId];
  const agent: Agent = {
    agentId: event.agentId,
    swarmId: event.swarmId,
    strategy: event.strategy,
    symbols: event.symbols,
    params: event.params,
    slotId: event.slotId,
    mode: event.mode,
    phase: 'deploying',
    phaseReason: 'sandbox requested',
    phaseSince: event.at,
    deployedAt: before?.deployedAt ?? event.at,
    plannedEndAt: event.plannedEndAt,
    maxPositionMicros: event.maxPositionMicros,
    realisedMicros: before?.realisedMicros ?? 0,
    fills: before?.fills ?? 0,
    targets: before?.targets ?? {},
    positions: before?.positions ?? {},
  };
  return { ...state, agents: { ...state.agents, [event.agentId]: agent } };
}

function approveOrder(state: DeskState, event: EventOf<'OrderApproved'>): DeskState {
  const order: Order = {
    clientOrderId: event.clientOrderId,
    brokerOrderId: null,
    symbol: event.symbol,
    side: event.side,
    qtyNanos: event.qtyNanos,
    filledNanos: 0,
    averagePriceTicks: null,
    state: 'approved',
    detail: '',
    approvedAt: event.at,
    updatedAt: event.at,
    shares: event.shares,
  };
  const orders = dropOldest({ ...state.orders, [event.clientOrderId]: order }, keptOrders, isFinal);
  return count({ ...state, orders }, { orders: 1 });
}

/** A fill can overtake the broker's acknowledgement: what the broker has already finished is never reopened. */
function nextOrderState(order: Order, reported: Order['state']): Order['state'] {
  const overtaken = order.filledNanos > 0 && (reported === 'sent' || reported === 'unknown');
  return isFinal(order) || overtaken ? order.state : reported;
}

/** True when the broker can no longer fill the order. */
export function isFinal(order: Order): boolean {
  return (
    order.state === 'filled' ||
    order.state === 'cancelled' ||
    order.state === 'rejected' ||
    order.state === 'expired'
  );
}

function fillOrder(state: DeskState, event: EventOf<'OrderFilled'>): DeskState {
  if (state.fills.some((fill) => fill.executionId === event.executionId)) return state;
  const filled = changeOrder(state, event.clientOrderId, (order) => {
    const filledNanos = order.filledNanos + event.qtyNanos;
    const before = (order.averagePriceTicks ?? 0) * order.filledNanos;
    return {
      filledNanos,
      averagePriceTicks: Math.round((before + event.priceTicks * event.qtyNanos) / filledNanos),
      state:
        filledNanos >= order.qtyNanos
          ? 'filled'
          : order.state === 'cancelled'
            ? 'cancelled'
            : 'partially_filled',
      updatedAt: event.at,
    };
  });
  const fills = [
    ...state.fills,
    {
      executionId: event.executionId,
      clientOrderId: event.clientOrderId,
      symbol: event.symbol,
      side: event.side,
      qtyNanos: event.qtyNanos,
      priceTicks: event.priceTicks,
      at: event.at,
      marketAt: event.marketAt,
      agentIds: event.allocations.map((allocation) => allocation.agentId),
    },
  ].slice(-keptFills);
  const signed = event.side === 'buy' ? event.qtyNanos : -event.qtyNanos;
  return count(allocate(moveAccount({ ...filled, fills }, event.symbol, signed), event.allocations), {
    fills: 1,
  });
}

function moveAccount(state: DeskState, symbol: string, deltaNanos: number): DeskState {
  if (!state.account) return state;
  const positions = {
    ...state.account.positions,
    [symbol]: (state.account.positions[symbol] ?? 0) + deltaNanos,
  };
  return { ...state, account: { ...state.account, positions } };
}

function allocate(state: DeskState, allocations: readonly Allocation[]): DeskState {
  let next = state;
  let realisedMicros = 0;
  for (const allocation of allocations) {
    realisedMicros += allocation.realisedMicros;
    next = changeAgent(next, allocation.agentId, (agent) => {
      const { [allocation.symbol]: _, ...others } = agent.positions;
      const { agentId, symbol, qtyNanos, costMicros } = allocation;
      return {
        positions:
          qtyNanos === 0 ? others : { ...others, [symbol]: { agentId, symbol, qtyNanos, costMicros } },
        realisedMicros: agent.realisedMicros + allocation.realisedMicros,
        fills: agent.fills + 1,
      };
    });
  }
  return count(next, { realisedMicros });
}

function readAccount(state: DeskState, event: EventOf<'AccountRead'>): DeskState {
  return {
    ...state,
    account: {
      equityMicros: event.equityMicros,
      cashMicros: event.cashMicros,
      dayStartEquityMicros: state.account?.dayStartEquityMicros ?? event.equityMicros,
      positions: Object.fromEntries(event.positions.map((position) => [position.symbol, position.qtyNanos])),
    },
  };
}

function startBudgetDay(state: DeskState, event: EventOf<'BudgetDayStarted'>): DeskState {
  const sameDay = state.spend.day === event.day;
  return {
    ...state,
    spend: {
      day: event.day,
      budgetMicros: event.budgetMicros,
      exitReserveMicros: event.exitReserveMicros,
      postedMicros: sameDay ? state.spend.postedMicros : 0,
      reservedMicros: state.spend.reservedMicros,
    },
    account:
      state.account && !sameDay
        ? { ...state.account, dayStartEquityMicros: state.account.equityMicros }
        : state.account,
  };
}

function startKill(state: DeskState, event: EventOf<'KillStarted'>): DeskState {
  return {
    ...state,
    entries: { kind: 'latched', since: event.at, killId: event.killId },
    kill: {
      killId: event.killId,
      startedAt: event.at,
      finishedAt: null,
      verified: null,
      actor: event.actor,
      policy: event.policy,
      reason: event.reason,
      items: event.items,
    },
  };
}

function updateKillItem(state: DeskState, event: EventOf<'KillItemUpdated'>): DeskState {
  const { kill } = state;
  if (kill?.killId !== event.killId) return state;
  const known = kill.items.some((item) => item.id === event.item.id);
  const items = known
    ? kill.items.map((item) => (item.id === event.item.id ? event.item : item))
    : [...kill.items, event.item];
  return { ...state, kill: { ...kill, items } };
}

/** Keeps at most `limit` entries, dropping the oldest that may be dropped; insertion order is age. */
function dropOldest<T>(
  entries: Record<string, T>,
  limit: number,
  mayDrop: (entry: T) => boolean,
): Record<string, T> {
  const surplus = Object.keys(entries).length - limit;
  if (surplus <= 0) return entries;
  const dropped = Object.entries(entries)
    .filter(([, entry]) => mayDrop(entry))
    .slice(0, surplus)
    .map(([key]) => key);
  return Object.fromEntries(Object.entries(entries).filter(([key]) => !dropped.includes(key)));
}

/** Marks the book at the given prices: unrealised PnL of one agent, in micro-dollars. */
export function unrealisedMicros(agent: Agent, priceTicks: (symbol: string) => number | undefined): number {
  let total = 0;
  for (const position of Object.values(agent.positions)) {
    const price = priceTicks(position.symbol);
    if (price !== undefined) total += notionalMicros(position.qtyNanos, price) - position.costMicros;
  }
  return total;
}
