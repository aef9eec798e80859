// The desk's state: what every replica holds. Changed only by `reduce`.
import type { AgentPhase, SandboxPhase } from './agent-phase.ts';
import type { DeadManFiring } from './dead-man.ts';
import type { KillItem } from './events.ts';
import type {
  AgentPosition,
  AllocationShare,
  DifferingCash,
  DifferingPosition,
  GateJudgement,
  OrderState,
} from './order-events.ts';
import type { KillScope } from './kill-scope.ts';
import { defaultLimits, type Limits } from './limits.ts';
import type { Actor, KillPolicy, Mode, Side, StrategyId } from './names.ts';
import type { ProviderChoice } from './provider.ts';

export interface Agent {
  readonly agentId: string;
  readonly swarmId: string;
  readonly strategy: StrategyId;
  readonly symbols: readonly string[];
  readonly params: Readonly<Record<string, number>>;
  readonly slotId: string;
  readonly mode: Mode;
  readonly phase: AgentPhase;
  /** Why it is in this phase, for people. */
  readonly phaseReason: string;
  readonly phaseSince: number;
  readonly deployedAt: number;
  readonly plannedEndAt: number;
  readonly maxPositionMicros: number;
  readonly realisedMicros: number;
  /** The same by symbol. */
  readonly realisedBySymbol: Readonly<Record<string, number>>;
  /** Of the budget day. */
  readonly dayRealisedMicros: number;
  readonly fills: number;
  /** Its part of the broker's fees. */
  readonly feesMicros: number;
  /** What it has sold since fees were last shared out: they are shared by it. */
  readonly soldMicros: number;
  /** Signed quantity wanted per symbol, and why. */
  readonly targets: Readonly<
    Record<string, { readonly qtyNanos: number; readonly reason: string; readonly at: number }>
  >;
  /** Virtual book per symbol; flat symbols are absent. */
  readonly positions: Readonly<Record<string, AgentPosition>>;
}

export interface Sandbox {
  readonly slotId: string;
  /** Null until the provider has answered. */
  readonly sandboxId: string | null;
  readonly template: string;
  readonly cpuCount: number;
  readonly memoryMb: number;
  readonly phase: SandboxPhase;
  readonly phaseReason: string;
  readonly requestedAt: number;
  readonly createdAt: number | null;
  /** Since when nobody waits for the creation, although it may run; null while somebody does. */
  readonly givenUpAt: number | null;
  readonly endedAt: number | null;
  readonly leaseEndsAt: number | null;
  /** Start of the provider's running session, which its plan caps; null while it does not run. */
  readonly sessionStartedAt: number | null;
  /** Kept warm for the next deployment. */
  readonly pooled: boolean;
  /** Open reservation; zero once ended. */
  readonly reservedMicros: number;
  readonly postedMicros: number;
  /** Start of the part of its life that is not posted yet. */
  readonly meteredFrom: number;
}

/** A template that sandboxes with a runner in them are made from. */
export interface RunnerTemplate {
  readonly templateId: string;
  readonly name: string;
  readonly provider: 'local' | 'e2b';
  /** SHA-256 of the runner, hex. */
  readonly runnerHash: string;
  readonly cpuCount: number;
  readonly memoryMb: number;
  readonly builtAt: number;
}

export interface Order {
  readonly clientOrderId: string;
  readonly brokerOrderId: string | null;
  readonly symbol: string;
  readonly side: Side;
  readonly qtyNanos: number;
  readonly filledNanos: number;
  /** Volume-weighted, 1e-4 USD, rounded for display; null before the first fill. */
  readonly averagePriceTicks: number | null;
  readonly state: OrderState;
  readonly detail: string;
  readonly approvedAt: number;
  readonly updatedAt: number;
  readonly shares: readonly AllocationShare[];
  /** When the newest target behind it arrived; null where none is on record. */
  readonly decidedAt: number | null;
  /** When the broker had taken it, as far as it said so. */
  readonly acknowledgedAt: number | null;
  readonly firstFillAt: number | null;
  /** Since when a cancel is under way; null when none is, or the broker refused it. */
  readonly cancelAskedAt: number | null;
  /** Null where the desk did not send it, or did not keep what it was judged by. */
  readonly judgement: GateJudgement | null;
  /** Placed on the account by somebody else. */
  readonly isForeign: boolean;
}

export interface Fill {
  readonly executionId: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly qtyNanos: number;
  readonly priceTicks: number;
  readonly at: number;
  readonly marketAt: number;
  readonly agentIds: readonly string[];
}

/** An order or an agent's wish that the gate refused. */
export interface DeniedOrder {
  readonly at: number;
  readonly symbol: string;
  readonly side: Side;
  readonly qtyNanos: number;
  readonly code: string;
  readonly detail: string;
  /** Null where it was the net of several agents. */
  readonly agentId: string | null;
}

export interface Notice {
  readonly noticeId: string;
  /** Of the account that was in use when it was raised. */
  readonly mode: Mode;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly title: string;
  readonly detail: string;
  readonly at: number;
}

/** Whether new risk may be taken. `latched` only ends by re-arming with a reason. */
export type Entries =
  | { readonly kind: 'open' }
  | { readonly kind: 'blocked'; readonly since: number; readonly actor: Actor; readonly reason: string }
  | { readonly kind: 'latched'; readonly since: number; readonly killId: string };

export interface KillReceipt {
  readonly killId: string;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  /** Null until finished; true when broker and provider confirmed every item. */
  readonly verified: boolean | null;
  readonly actor: Actor;
  readonly scope: KillScope;
  readonly policy: KillPolicy;
  readonly reason: string;
  readonly items: readonly KillItem[];
}

export interface LiveArming {
  readonly accountNumber: string;
  readonly limitsKey: string;
  readonly since: number;
  /** When an operator acted last; every 24 h without one end it. */
  readonly attendedAt: number;
}

/** What belongs to one account and must never mix with another's. */
export interface AccountBooks {
  readonly market: {
    readonly source: 'simulator' | 'replay' | 'alpaca';
    readonly label: string;
    readonly symbols: readonly string[];
  } | null;
  readonly entries: Entries;
  readonly agents: Readonly<Record<string, Agent>>;
  /** Working and recent orders by client order id: the newest 500, and what changed in the last three minutes. */
  readonly orders: Readonly<Record<string, Order>>;
  /** Newest last, at most 500. */
  readonly fills: readonly Fill[];
  /** Newest last, at most 100. */
  readonly denied: readonly DeniedOrder[];
  readonly totals: {
    readonly orders: number;
    readonly fills: number;
    readonly denied: number;
    readonly crosses: number;
    readonly realisedMicros: number;
  };
  readonly account: {
    readonly equityMicros: number;
    readonly cashMicros: number;
    /** Equity at the first reading of the budget day, for PnL today. */
    readonly dayStartEquityMicros: number;
    /** Highest equity on this account so far. */
    readonly peakEquityMicros: number;
    /** Up to this time of the market's clock every execution is on record; null while nobody has looked. */
    readonly fillsReadTo: number | null;
    readonly positions: Readonly<Record<string, number>>;
    /** The cash by the desk's own count, and the fills in it since the broker last agreed; null until then. */
    readonly counted: { readonly cashMicros: number; readonly fills: number } | null;
    /** Day of each cash flow that is in the count, by the broker's id; those of the last days. */
    readonly flows: Readonly<Record<string, string>>;
    /** Broker's fees, paid, that no agent's sale explains. */
    readonly unsharedFeesMicros: number;
  } | null;
  /** What the broker held and the desk could not explain: the account only reduces until an operator acknowledges it. */
  readonly discrepancy: {
    readonly since: number;
    readonly positions: readonly DifferingPosition[];
    readonly cash: DifferingCash | null;
  } | null;
  /** In force from the next order. */
  readonly limits: Limits;
  /** Null while the limits are the defaults. */
  readonly limitsChanged: { readonly at: number; readonly actor: Actor } | null;
  /** The loss that has put the account to reducing; null once entries are unblocked. */
  readonly breach: { readonly at: number; readonly code: string; readonly detail: string } | null;
  /** The last kill of everything or of the account. */
  readonly kill: KillReceipt | null;
  /** Kills of strategies and agents that are not re-armed, by their scope. */
  readonly latches: Readonly<Record<KillScope, KillReceipt>>;
  readonly deadMan: {
    /** It has fired and nobody has unblocked since. */
    readonly blocking: boolean;
    readonly lastFiring: DeadManFiring | null;
    readonly lastDrill: DeadManFiring | null;
  };
}

export interface DeskState extends AccountBooks {
  /** Names this desk's sandboxes at the provider; null before the first start. */
  readonly deskId: string | null;
  /** The account in use: these are its books. */
  readonly mode: Mode;
  /** Of the account in use; null for DEMO. */
  readonly accountNumber: string | null;
  /** How LIVE was armed last; `isArmed` tells whether that still holds. Null when it was not, or was disarmed. */
  readonly live: LiveArming | null;
  /** Books of the accounts that are not in use, and the budget day on which they were put away. */
  readonly shelf: Readonly<Record<string, { readonly day: string | null; readonly books: AccountBooks }>>;
  readonly host: { readonly startedAt: number; readonly pid: number; readonly version: string } | null;
  /** Where sandboxes run; null before the first connection. */
  readonly provider: ProviderChoice | null;
  /** Of the local services; null while they are down. */
  readonly isolation: 'isolated' | 'not isolated' | null;
  /** What isolates and limits sandboxes and what does not. */
  readonly isolationDetail: string | null;
  /** By slot. Ended ones are kept for the day's receipts, newest 200. */
  readonly sandboxes: Readonly<Record<string, Sandbox>>;
  /** By template id; the newest 20. */
  readonly templates: Readonly<Record<string, RunnerTemplate>>;
  readonly spend: {
    /** Null before the first day has started. */
    readonly day: string | null;
    readonly budgetMicros: number;
    readonly exitReserveMicros: number;
    readonly postedMicros: number;
    readonly reservedMicros: number;
  };
  /** Newest last, at most 100. */
  readonly notices: readonly Notice[];
}

/** The books of an account on which nothing has happened. */
export const emptyBooks: AccountBooks = {
  market: null,
  entries: { kind: 'open' },
  agents: {},
  orders: {},
  fills: [],
  denied: [],
  totals: { orders: 0, fills: 0, denied: 0, crosses: 0, realisedMicros: 0 },
  account: null,
  discrepancy: null,
  limits: defaultLimits,
  limitsChanged: null,
  breach: null,
  kill: null,
  latches: {},
  deadMan: { blocking: false, lastFiring: null, lastDrill: null },
};

export const initialState: DeskState = {
  ...emptyBooks,
  deskId: null,
  mode: 'demo',
  accountNumber: null,
  live: null,
  shelf: {},
  host: null,
  provider: null,
  isolation: null,
  isolationDetail: null,
  sandboxes: {},
  templates: {},
  spend: { day: null, budgetMicros: 0, exitReserveMicros: 0, postedMicros: 0, reservedMicros: 0 },
  notices: [],
};
