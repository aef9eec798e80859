// Asks the native gate. Facts and limits become rows of numbers here; what is not known becomes NaN, which refuses new risk.
import { DeskError } from '../../../contract/errors.ts';
import type { Limits } from '../../../contract/limits.ts';
import type { Native } from '../../../native/load.ts';

/** Older readings of the broker's clock and of the account say nothing about now. They are read every 1 s and 3 s. */
const maxClockAgeMs = 10_000;
const maxAccountAgeMs = 30_000;

/** In the order of the native row. Flags are 1 or 0. */
const orderFacts = [
  'side',
  'qtyNanos',
  'isLimit',
  'limitTicks',
  'timeInForce',
  'extendedHours',
  'state',
  'tradable',
  'halted',
  'shortable',
  'lotNanos',
  'session',
  'clockAgeMs',
  'bidTicks',
  'askTicks',
  'quoteAgeMs',
  'positionNanos',
  'workingBuyNanos',
  'workingSellNanos',
  'oppositeLimitTicks',
  'sameOrderAgeMs',
  'ordersLastMinute',
  'openOrders',
  'accountAgeMs',
  'equityMicros',
  'dayStartEquityMicros',
  'peakEquityMicros',
  'buyingPowerMicros',
  'reservedMicros',
  'otherGrossMicros',
  'otherNetHighMicros',
  'otherNetLowMicros',
] as const;

const agentFacts = [
  'positionNanos',
  'targetNanos',
  'askTicks',
  'otherExposureMicros',
  'dayResultMicros',
  'strategyOtherExposureMicros',
  'strategyDayResultMicros',
] as const;

const limitFacts = [
  'orderQuantityNanos',
  'orderNotionalMicros',
  'collarBps',
  'maxQuoteAgeMs',
  'maxClockAgeMs',
  'maxAccountAgeMs',
  'duplicateWindowMs',
  'ordersPerMinute',
  'openOrders',
  'symbolPositionMicros',
  'grossExposureMicros',
  'netExposureMicros',
  'concentrationBps',
  'shorting',
  'dailyLossMicros',
  'drawdownBps',
  'agentExposureMicros',
  'agentDailyLossMicros',
  'strategyExposureMicros',
  'strategyDailyLossMicros',
] as const;

type Facts<Name extends string> = Readonly<Record<Name, number | null>>;
/** What an order is judged by; null is "not known". */
export type OrderFacts = Facts<(typeof orderFacts)[number]>;
/** What an agent's wish is judged by; null is "not known". */
export type AgentFacts = Facts<(typeof agentFacts)[number]>;

/** The native numbers of what is no number. */
export const sides = { buy: 1, sell: -1 } as const;
export const states = { active: 0, reducing: 1, halted: 2 } as const;
export type TradingState = keyof typeof states;
export const sessions = { closed: 0, regular: 2 } as const;
export const timeInForce = { day: 0 } as const;
/** Long ago: no order like this one went before it. */
export const never = Number.MAX_SAFE_INTEGER;

/** Why the gate refuses: one code, its words, and the two figures behind it where they are known. */
export interface Denial {
  readonly code: string;
  /** Value, rule and remedy, for people. */
  readonly detail: string;
  readonly value: number | null;
  readonly limit: number | null;
}

export interface RiskGate {
  /** Null approves. */
  checkOrder(facts: OrderFacts, limits: Limits): Denial | null;
  /** Null approves. */
  checkAgent(facts: AgentFacts, limits: Limits): Denial | null;
  /** ACCOUNT_STALE, DAILY_LOSS, DRAWDOWN, or null. */
  checkLosses(facts: OrderFacts, limits: Limits): Denial | null;
}

/** Creates the gate. Throws NATIVE_MISSING when the addon lays its rows out in another way. */
export function createRiskGate(native: Native): RiskGate {
  const layout = native.riskLayout();
  assertLayout(layout.order, orderFacts);
  assertLayout(layout.agent, agentFacts);
  assertLayout(layout.limits, limitFacts);
  // One row each, written anew for every check: the gate is asked for every order.
  const order = new Float64Array(orderFacts.length);
  const agent = new Float64Array(agentFacts.length);
  let limits: { readonly of: Limits; readonly row: Float64Array } | null = null;

  function limitsRow(of: Limits): Float64Array {
    if (limits?.of !== of)
      limits = { of, row: write(new Float64Array(limitFacts.length), limitFacts, toRow(of)) };
    return limits.row;
  }

  return {
    checkOrder: (facts, of) => native.checkOrder(write(order, orderFacts, facts), limitsRow(of)),
    checkAgent: (facts, of) => native.checkAgent(write(agent, agentFacts, facts), limitsRow(of)),
    checkLosses: (facts, of) => native.checkLosses(write(order, orderFacts, facts), limitsRow(of)),
  };
}

function write<Name extends string>(
  row: Float64Array,
  names: readonly Name[],
  facts: Facts<Name>,
): Float64Array {
  for (const [at, name] of names.entries()) row[at] = facts[name] ?? Number.NaN;
  return row;
}

function toRow(limits: Limits): Facts<(typeof limitFacts)[number]> {
  return {
    orderQuantityNanos: limits['order.quantity'],
    orderNotionalMicros: limits['order.notional'],
    collarBps: limits['order.collar'],
    maxQuoteAgeMs: limits['order.quoteAge'],
    maxClockAgeMs,
    maxAccountAgeMs,
    duplicateWindowMs: limits['order.duplicateWindow'],
    ordersPerMinute: limits['account.ordersPerMinute'],
    openOrders: limits['account.openOrders'],
    symbolPositionMicros: limits['account.symbolPosition'],
    grossExposureMicros: limits['account.grossExposure'],
    netExposureMicros: limits['account.netExposure'],
    concentrationBps: limits['account.concentration'],
    shorting: limits['account.shorting'],
    dailyLossMicros: limits['account.dailyLoss'],
    drawdownBps: limits['account.drawdown'],
    agentExposureMicros: limits['agent.exposure'],
    agentDailyLossMicros: limits['agent.dailyLoss'],
    strategyExposureMicros: limits['strategy.exposure'],
    strategyDailyLossMicros: limits['strategy.dailyLoss'],
  };
}

function assertLayout(given: readonly string[], wanted: readonly string[]): void {
  if (given.length === wanted.length && wanted.every((name, at) => given[at] === name)) return;
  throw new DeskError(
    'NATIVE_MISSING',
    'The native gate lays its facts out in another way than this desk. Build it again with: npm run build:native',
    { given, wanted },
  );
}
