// Puts the books of one account away and opens another's, so that orders, fills and positions of two accounts never mix.
import type { EventOf } from './events.ts';
import { startAgentsDay } from './reduce-account.ts';
import { type AccountBooks, type DeskState, emptyBooks } from './state.ts';

export function chooseAccount(state: DeskState, event: EventOf<'AccountChosen'>): DeskState {
  const { account: mode, accountNumber } = event;
  const from = shelfName(state);
  const to = shelfName({ mode, accountNumber });
  if (from === to) return state;
  const { [to]: kept, ...others } = state.shelf;
  return {
    ...state,
    ...(kept ? openedOn(kept, state.spend.day) : emptyBooks),
    mode,
    accountNumber,
    live: null,
    shelf: { ...others, [from]: { day: state.spend.day, books: booksOf(state) } },
  };
}

/** An account that was reset at the broker has another number, and so other books. */
function shelfName({ mode, accountNumber }: Pick<DeskState, 'mode' | 'accountNumber'>): string {
  return accountNumber === null ? mode : `${mode} ${accountNumber}`;
}

/** A day that began while the books were put away begins, as any day does, with the equity that was read last. */
function openedOn({ day, books }: DeskState['shelf'][string], today: string | null): AccountBooks {
  if (day === today) return books;
  const { account } = books;
  return {
    ...books,
    agents: startAgentsDay(books.agents),
    account: account && { ...account, dayStartEquityMicros: account.equityMicros },
  };
}

function booksOf(state: DeskState): AccountBooks {
  const { market, entries, agents, orders, fills, denied, totals, account, kill, latches, deadMan } = state;
  const { limits, limitsChanged, breach, discrepancy } = state;
  return {
    market,
    entries,
    agents,
    orders,
    fills,
    denied,
    totals,
    account,
    limits,
    limitsChanged,
    breach,
    discrepancy,
    kill,
    latches,
    deadMan,
  };
}
