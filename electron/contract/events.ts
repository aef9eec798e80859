// What happened, in the past tense. The journal keeps these, `reduce` folds them, every replica receives them in order.
import { z } from 'zod';
import { AgentEvent } from './agent-events.ts';
import { DeadManEvent } from './dead-man-events.ts';
import { DataOrigin, DatasetName } from './datasets.ts';
import { KillScope } from './kill-scope.ts';
import { LimitChange } from './limits.ts';
import { Micros } from './money.ts';
import { Actor, EpochMs, KillPolicy, Mode, Symbol } from './names.ts';
import { OrderEvent } from './order-events.ts';
import { ProviderChoice } from './provider.ts';
import { SandboxEvent } from './sandbox-events.ts';

const at = EpochMs;

export const KillItem = z.object({
  /** Unique in the receipt, for example "order:3f2…" or "position:AAPL". */
  id: z.string(),
  kind: z.enum(['order', 'position', 'agent', 'sandbox']),
  label: z.string(),
  /** `kept`: left on purpose by the policy. `waiting`: cannot finish before the market opens. */
  state: z.enum(['pending', 'done', 'kept', 'waiting', 'failed']),
  /** What was verified at the broker or provider, or why it failed. */
  detail: z.string(),
});
export type KillItem = z.infer<typeof KillItem>;

export const DeskEvent = z.discriminatedUnion('kind', [
  SandboxEvent,
  AgentEvent,
  OrderEvent,
  DeadManEvent,

  /** The mode it starts in, which the journal told; `AccountChosen` alone changes it. */
  z.object({ kind: z.literal('HostStarted'), at, mode: Mode, pid: z.int().positive(), version: z.string() }),
  z.object({ kind: z.literal('HostStopped'), at }),
  /** Once a data directory: the name its sandboxes carry at the provider, so that a later start finds them again. */
  z.object({ kind: z.literal('DeskNamed'), at, deskId: z.string().min(1) }),

  z.object({
    kind: z.literal('MarketOpened'),
    at,
    source: z.enum(['simulator', 'replay', 'alpaca']),
    label: z.string(),
    /** Of a demo market all of them; a real one lists too many, and the broker is asked. */
    symbols: z.array(Symbol),
  }),
  /** What follows concerns this account, until the next is chosen. */
  z.object({
    kind: z.literal('AccountChosen'),
    at,
    actor: Actor,
    account: Mode,
    /** Null for DEMO. */
    accountNumber: z.string().min(1).nullable(),
  }),
  z.object({
    kind: z.literal('LiveArmed'),
    at,
    actor: Actor,
    accountNumber: z.string().min(1),
    /** Names the limits that were shown. */
    limitsKey: z.string(),
  }),
  /** An operator acted while LIVE was armed; recorded once a minute at most. */
  z.object({ kind: z.literal('LiveAttended'), at, actor: Actor }),
  z.object({ kind: z.literal('LiveDisarmed'), at, actor: Actor, reason: z.string() }),
  z.object({ kind: z.literal('ProviderChosen'), at, choice: ProviderChoice }),
  z.object({ kind: z.literal('LocalServicesLost'), at, reason: z.string() }),
  z.object({
    kind: z.literal('LocalServicesStarted'),
    at,
    isolation: z.enum(['isolated', 'not isolated']),
    /** What isolates and limits sandboxes and what does not; earlier journals do not tell. */
    isolationDetail: z.string().optional(),
  }),

  /** All of these at once; in force from the next order. */
  z.object({
    kind: z.literal('LimitsChanged'),
    at,
    actor: Actor,
    mode: Mode,
    changes: z.array(LimitChange).min(1),
  }),
  /** The account has lost what it may: from here on positions only shrink, until somebody unblocks entries. */
  z.object({
    kind: z.literal('LimitBreached'),
    at,
    /** The gate's code, DAILY_LOSS or DRAWDOWN. */
    code: z.string(),
    value: z.number().nullable(),
    limit: z.number().nullable(),
    detail: z.string(),
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
    /** Earlier journals knew nothing but `all`. */
    scope: KillScope.optional(),
    policy: KillPolicy,
    reason: z.string(),
    items: z.array(KillItem),
  }),
  z.object({ kind: z.literal('KillItemUpdated'), at, killId: z.string(), item: KillItem }),
  z.object({ kind: z.literal('KillFinished'), at, killId: z.string(), verified: z.boolean() }),
  /** `all` and `account` name the same latch, the one on entries. */
  z.object({
    kind: z.literal('Rearmed'),
    at,
    actor: Actor,
    scope: KillScope.optional(),
    reason: z.string(),
  }),

  z.object({
    kind: z.literal('BacktestFinished'),
    at,
    backtestId: z.string(),
    strategy: z.string(),
    status: z.enum(['passed', 'failed']),
    /** Digest of all fills and of the equity at every instant, hex. */
    hash: z.string(),
    /** Variants that were really run. */
    trials: z.int().positive(),
  }),

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
