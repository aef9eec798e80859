// The part of the state that follows the broker's account and the budget day.
import type { EventOf } from './events.ts';
import type { DeskState } from './state.ts';

export function openMarket(state: DeskState, event: EventOf<'MarketOpened'>): DeskState {
  const { source, label, symbols } = event;
  // Another market is another account: its equity and positions say nothing about this one.
  const account = state.market?.label === label ? state.account : null;
  return { ...state, account, market: { source, label, symbols } };
}

export function readAccount(state: DeskState, event: EventOf<'AccountRead'>): DeskState {
  return {
    ...state,
    account: {
      equityMicros: event.equityMicros,
      cashMicros: event.cashMicros,
      dayStartEquityMicros: state.account?.dayStartEquityMicros ?? event.equityMicros,
      fillsReadTo: event.fillsReadTo ?? state.account?.fillsReadTo ?? null,
      positions: Object.fromEntries(event.positions.map((position) => [position.symbol, position.qtyNanos])),
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
    account:
      state.account && !sameDay
        ? { ...state.account, dayStartEquityMicros: state.account.equityMicros }
        : state.account,
  };
}
