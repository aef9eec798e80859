// What happened, in the past tense. The journal keeps these, `reduce` folds them, every replica receives them in order.
import { z } from 'zod';
import { agentPhases } from './agent-phase.ts';
import { DataOrigin, DatasetName } from './datasets.ts';
import { Micros, PriceTicks, QtyNanos } from './money.ts';
import {
  Actor,
  AgentId,
  EpochMs,
  KillPolicy,
  Mode,
  SandboxId,
  Side,
  StrategyId,
  Symbol,
  TerminalId,
} from './names.ts';
import { ProviderChoice } from './provider.ts';

const at = EpochMs;

/** One agent's part of an order; parts sum to the order's quantity exactly. Unsigned: the order has the side. */
export const AllocationShare = z.object({ agentId: AgentId, qtyNanos: z.int().positive() });
export type AllocationShare = z.infer<typeof AllocationShare>;

/** An agent's virtual position after a fill or a cross, as computed by the native book. */
export const AgentPosition = z.object({
  agentId: AgentId,
  symbol: Symbol,
  /** Signed. */
  qtyNanos: QtyNanos,
  /** Signed cash paid for what is still held. Zero when flat. */
  costMicros: Micros,
});
export type AgentPosition = z.infer<typeof AgentPosition>;

/** The part of a fill or cross that one agent receives. */
export const Allocation = AgentPosition.extend({
  /** Signed change of the agent's position. */
  deltaNanos: QtyNanos,
  /** PnL realised by this part alone. */
  realisedMicros: Micros,
});
export type Allocation = z.infer<typeof Allocation>;

export const KillItem = z.object({
  /** Unique in the receipt, for example "order:3f2…" or "position:AAPL". */
  id: z.string(),
  kind: z.enum(['order', 'position', 'sandbox']),
  label: z.string(),
  /** `kept`: left on purpose by the policy. `waiting`: cannot finish before the market opens. */
  state: z.enum(['pending', 'done', 'kept', 'waiting', 'failed']),
  /** What was verified at the broker or provider, or why it failed. */
  detail: z.string(),
});
export type KillItem = z.infer<typeof KillItem>;

export const OrderState = z.enum([
  'approved',
  'sent',
  'partially_filled',
  'filled',
  'cancelled',
  'rejected',
  'expired',
  'unknown',
]);
export type OrderState = z.infer<typeof OrderState>;

export const DeskEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('HostStarted'), at, mode: Mode, pid: z.int().positive(), version: z.string() }),
  z.object({ kind: z.literal('HostStopped'), at }),
  /** Once a data directory: the name its sandboxes carry at the provider, so that a later start finds them again. */
  z.object({ kind: z.literal('DeskNamed'), at, deskId: z.string().min(1) }),

  z.object({
    kind: z.literal('MarketOpened'),
    at,
    source: z.enum(['simulator', 'replay']),
    label: z.string(),
    symbols: z.array(Symbol),
  }),
  z.object({ kind: z.literal('ProviderChosen'), at, choice: ProviderChoice }),
  z.object({ kind: z.literal('LocalServicesLost'), at, reason: z.string() }),
  z.object({
    kind: z.literal('LocalServicesStarted'),
    at,
    isolation: z.enum(['isolated', 'not isolated']),
    /** What isolates and limits sandboxes and what does not; earlier journals do not tell. */
    isolationDetail: z.string().optional(),
  }),

  z.object({
    kind: z.literal('SandboxRequested'),
    at,
    /** Ours until the provider answers with its own id. */
    slotId: z.string(),
    template: z.string(),
    cpuCount: z.int().positive(),
    memoryMb: z.int().positive(),
    reservedMicros: Micros,
  }),
  z.object({
    kind: z.literal('SandboxCreated'),
    at,
    slotId: z.string(),
    sandboxId: SandboxId,
    leaseEndsAt: EpochMs,
    /** Where it is not the one that was requested. */
    template: z.string().optional(),
    /** Where it ran already when it was found. */
    startedAt: EpochMs.optional(),
  }),
  /** Nobody waits for its creation any more. It may run all the same: its reservation stays until the provider has said. */
  z.object({
    kind: z.literal('SandboxGivenUp'),
    at,
    slotId: z.string(),
    reason: z.string(),
    /** Of the failure, where it was one. */
    code: z.string().optional(),
  }),
  z.object({
    kind: z.literal('SandboxLeaseRenewed'),
    at,
    sandboxId: SandboxId,
    leaseEndsAt: EpochMs,
    reservedMicros: Micros,
    postedMicros: Micros,
  }),
  /** Stops costing: what was used is posted and the reservation given back. */
  z.object({
    kind: z.literal('SandboxPaused'),
    at,
    slotId: z.string(),
    reason: z.string(),
    postedMicros: Micros,
  }),
  /** Runs again under a new lease; the provider counts a new session. */
  z.object({
    kind: z.literal('SandboxResumed'),
    at,
    slotId: z.string(),
    leaseEndsAt: EpochMs,
    reservedMicros: Micros,
  }),
  /** The sandbox was started, or is kept, for the warm pool. */
  z.object({ kind: z.literal('SandboxPooled'), at, slotId: z.string(), pooled: z.boolean() }),
  /** The provider has a template with this runner in it; `existed` when nothing had to be built. */
  z.object({
    kind: z.literal('TemplateBuilt'),
    at,
    templateId: z.string(),
    name: z.string(),
    provider: z.enum(['local', 'e2b']),
    /** SHA-256 of the runner, hex. */
    runnerHash: z.string(),
    cpuCount: z.int().positive(),
    memoryMb: z.int().positive(),
    existed: z.boolean(),
  }),
  /** The provider does not know the template any more. */
  z.object({ kind: z.literal('TemplateLost'), at, templateId: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('SandboxEnding'), at, sandboxId: SandboxId, reason: z.string() }),
  z.object({ kind: z.literal('SandboxEnded'), at, slotId: z.string(), postedMicros: Micros }),
  z.object({
    kind: z.literal('SandboxLost'),
    at,
    slotId: z.string(),
    reason: z.string(),
    /** Of the failure, where it was one. */
    code: z.string().optional(),
    postedMicros: Micros,
  }),

  /** Somebody looks into a sandbox. What is typed and shown is not kept. */
  z.object({
    kind: z.literal('TerminalOpened'),
    at,
    terminalId: TerminalId,
    sandboxId: SandboxId,
    actor: Actor,
  }),
  z.object({
    kind: z.literal('TerminalClosed'),
    at,
    terminalId: TerminalId,
    sandboxId: SandboxId,
    /** Who ended it; `host` also for the shell's own end. */
    actor: Actor,
    reason: z.string(),
  }),

  z.object({
    kind: z.literal('AgentDeployed'),
    at,
    agentId: AgentId,
    swarmId: z.string(),
    strategy: StrategyId,
    symbols: z.array(Symbol).min(1),
    params: z.record(z.string(), z.number()),
    slotId: z.string(),
    mode: Mode,
    maxPositionMicros: Micros,
    plannedEndAt: EpochMs,
    actor: Actor,
  }),
  z.object({
    kind: z.literal('AgentMoved'),
    at,
    agentId: AgentId,
    phase: z.enum(agentPhases),
    reason: z.string(),
  }),
  /** A successor's runner has taken the agents over: same agents, books and targets, another slot. */
  z.object({
    kind: z.literal('AgentsRolledOver'),
    at,
    agentIds: z.array(AgentId),
    fromSlotId: z.string(),
    toSlotId: z.string(),
    reason: z.string(),
  }),
  z.object({
    kind: z.literal('TargetSet'),
    at,
    agentId: AgentId,
    symbol: Symbol,
    qtyNanos: QtyNanos,
    priceTicks: PriceTicks,
    reason: z.string(),
  }),

  z.object({
    kind: z.literal('AgentsCrossed'),
    at,
    symbol: Symbol,
    priceTicks: PriceTicks,
    allocations: z.array(Allocation),
  }),
  z.object({
    kind: z.literal('OrderDenied'),
    at,
    symbol: Symbol,
    side: Side,
    qtyNanos: z.int().positive(),
    code: z.string(),
    detail: z.string(),
  }),
  z.object({
    kind: z.literal('OrderApproved'),
    at,
    clientOrderId: z.string(),
    symbol: Symbol,
    side: Side,
    qtyNanos: z.int().positive(),
    shares: z.array(AllocationShare),
  }),
  z.object({
    kind: z.literal('OrderUpdated'),
    at,
    clientOrderId: z.string(),
    brokerOrderId: z.string().optional(),
    state: OrderState,
    detail: z.string(),
  }),
  z.object({
    kind: z.literal('OrderFilled'),
    at,
    clientOrderId: z.string(),
    /** The broker's execution id; a second event with the same id is dropped. */
    executionId: z.string(),
    symbol: Symbol,
    side: Side,
    qtyNanos: z.int().positive(),
    priceTicks: PriceTicks,
    /** On the market's clock. */
    marketAt: EpochMs,
    allocations: z.array(Allocation),
  }),
  z.object({
    kind: z.literal('AccountRead'),
    at,
    equityMicros: Micros,
    cashMicros: Micros,
    /** Up to this time of the market's clock every execution is on record; earlier journals do not tell. */
    fillsReadTo: EpochMs.optional(),
    positions: z.array(z.object({ symbol: Symbol, qtyNanos: QtyNanos })),
  }),

  z.object({
    kind: z.literal('BudgetDayStarted'),
    at,
    day: z.iso.date(),
    budgetMicros: Micros,
    exitReserveMicros: Micros,
  }),

  /** Bars were imported, fetched or simulated; the latter two replace those of the same name. */
  z.object({
    kind: z.literal('DatasetImported'),
    at,
    actor: Actor,
    name: DatasetName,
    symbol: Symbol,
    origin: DataOrigin,
    intervalMs: z.int().positive(),
    bars: z.int().positive(),
    firstAt: z.int(),
    lastAt: z.int(),
    /** Rows left out because their problems were allowed. */
    dropped: z.int().nonnegative(),
    barsSha256: z.string(),
  }),
  z.object({ kind: z.literal('DatasetRemoved'), at, actor: Actor, name: DatasetName }),

  z.object({ kind: z.literal('EntriesBlocked'), at, actor: Actor, reason: z.string() }),
  z.object({ kind: z.literal('EntriesUnblocked'), at, actor: Actor }),
  z.object({
    kind: z.literal('KillStarted'),
    at,
    killId: z.string(),
    actor: Actor,
    policy: KillPolicy,
    reason: z.string(),
    items: z.array(KillItem),
  }),
  z.object({ kind: z.literal('KillItemUpdated'), at, killId: z.string(), item: KillItem }),
  z.object({ kind: z.literal('KillFinished'), at, killId: z.string(), verified: z.boolean() }),
  z.object({ kind: z.literal('Rearmed'), at, actor: Actor, reason: z.string() }),

  z.object({
    kind: z.literal('NoticeRaised'),
    at,
    noticeId: z.string(),
    severity: z.enum(['info', 'warning', 'critical']),
    title: z.string(),
    detail: z.string(),
  }),
  z.object({ kind: z.literal('NoticeDismissed'), at, noticeId: z.string() }),
]);
export type DeskEvent = z.infer<typeof DeskEvent>;
export type DeskEventKind = DeskEvent['kind'];
export type EventOf<K extends DeskEventKind> = Extract<DeskEvent, { kind: K }>;
