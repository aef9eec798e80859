// The part of the state that follows the broker's account and the budget day.
import type { EventOf } from './events.ts';
import { notionalMicros } from './money.ts';
import type { DeskState } from './state.ts';

export function openMarket(state: DeskState, event: EventOf<'MarketOpened'>): DeskState {
  const { source, label, symbols } = event;
  // Another market is another account: its equity and positions say nothing about this one.
  const isSame = state.market?.label === label;
  return {
    ...state,
    account: isSame ? state.account : null,
    discrepancy: isSame ? state.discrepancy : null,
    market: { source, label, symbols },
  };
}

export function readAccount(state: DeskState, event: EventOf<'AccountRead'>): DeskState {
  const { equityMicros, cashMicros } = event;
  const counted = event.cashSettled ? { cashMicros, fills: 0 } : (state.account?.counted ?? null);
  return {
    ...state,
    account: {
      equityMicros,
      cashMicros,
      counted,
      flows: state.account?.flows ?? {},
      unsharedFeesMicros: state.account?.unsharedFeesMicros ?? 0,
      dayStartEquityMicros: state.account?.dayStartEquityMicros ?? event.equityMicros,
      peakEquityMicros: Math.max(
        state.account?.peakEquityMicros ?? event.equityMicros,
        event.equityMicros,
        event.peakEquityMicros ?? event.equityMicros,
      ),
      fillsReadTo: event.fillsReadTo ?? state.account?.fillsReadTo ?? null,
      positions: Object.fromEntries(event.positions.map((position) => [position.symbol, position.qtyNanos])),
    },
  };
}

/** The desk's own count of the account moves with each fill. `deltaNanos` is signed. */
export function countFill(
  state: DeskState,
  symbol: string,
  deltaNanos: number,
  priceTicks: number,
): DeskState {
  const { account } = state;
  if (!account) return state;
  const positions = { ...account.positions, [symbol]: (account.positions[symbol] ?? 0) + deltaNanos };
  const counted = account.counted && {
    cashMicros: account.counted.cashMicros - notionalMicros(deltaNanos, priceTicks),
    fills: account.counted.fills + 1,
  };
  return { ...state, account: { ...account, positions, counted } };
}

/** Adds to what differs already: the desk's version stays the first one, the broker's is the newest. */
export function differAccount(
  state: DeskState,
  { at, positions, cash }: EventOf<'AccountDiffered'>,
): DeskState {
  const known = state.discrepancy?.positions ?? [];
  const fresh = positions.map((position) => {
    const before = known.find(({ symbol }) => symbol === position.symbol);
    return before ? { ...position, oursNanos: before.oursNanos } : position;
  });
  const others = known.filter(({ symbol }) => !positions.some((position) => position.symbol === symbol));
  const oursMicros = state.discrepancy?.cash?.oursMicros ?? cash?.oursMicros;
  return {
    ...state,
    discrepancy: {
      since: state.discrepancy?.since ?? at,
      positions: [...others, ...fresh],
      cash: cash && oursMicros !== undefined ? { ...cash, oursMicros } : (state.discrepancy?.cash ?? null),
    },
  };
}

export function startBudgetDay(state: DeskState, event: EventOf<'BudgetDayStarted'>): DeskState {
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
    agents: sameDay ? state.agents : startAgentsDay(state.agents),
    account:
      state.account && !sameDay
        ? { ...state.account, dayStartEquityMicros: state.account.equityMicros }
        : state.account,
  };
}

/** A day's results begin at nothing. */
export function startAgentsDay(agents: DeskState['agents']): DeskState['agents'] {
  return Object.fromEntries(
    Object.entries(agents).map(([agentId, agent]) => [agentId, { ...agent, dayRealisedMicros: 0 }]),
  );
}
