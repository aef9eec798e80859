// Who asked what became of a rebalance, and the words for one that sent nothing.
import type { RoundOutcome } from '../../../contract/execute.ts';

export type IdleCode = Extract<RoundOutcome, { kind: 'none' }>['code'];

const details: Readonly<Record<IdleCode, string>> = {
  AT_TARGET: 'every agent holds what it wants',
  CROSSED: 'what agents wanted was crossed between them; nothing is left to send',
  ORDER_WORKING: 'an order in this symbol is in work; what is still wanted follows when it is done',
  ENTRIES_BLOCKED: 'entries are blocked, and what only reduces is done',
  KILLING: 'a kill is at work',
  NOT_READY: 'the broker is not connected, or the account or a price is not read yet',
  FAILED: "the round failed; the host's log says why",
};

/** Nothing was sent, and why. */
export function idle(code: IdleCode): RoundOutcome {
  return { kind: 'none', code, detail: details[code] };
}

export interface Rounds {
  /** Resolves with the next outcome that is told of the symbol. */
  ask(symbol: string): Promise<RoundOutcome>;
  tell(symbol: string, outcome: RoundOutcome): void;
}

/** Keeps whoever asked until there is something to tell. */
export function createRounds(): Rounds {
  const asking = new Map<string, ((outcome: RoundOutcome) => void)[]>();
  return {
    ask: (symbol) => new Promise((resolve) => asking.set(symbol, [...(asking.get(symbol) ?? []), resolve])),
    tell(symbol, outcome) {
      const answered = asking.get(symbol) ?? [];
      asking.delete(symbol);
      for (const resolve of answered) resolve(outcome);
    },
  };
}
