// The only way to the broker: targets are netted per symbol, pass the native risk gate, are journalled, then sent.
// One order a symbol is in work at a time, so what is outstanding is always known.
import { DeskError } from '../../contract/errors.ts';
import type { AllocationShare } from '../../contract/events.ts';
import type { Side } from '../../contract/names.ts';
import { isFinal } from '../../contract/reduce.ts';
import type { Native } from '../../native/load.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store.ts';
import { moveBook } from './allocate-execution.ts';
import { submitFailure } from './alpaca-broker.ts';
import type { Broker, BrokerOrder } from './broker.ts';
import type { GateContext } from './gate-context.ts';
import { midTicks } from './quotes.ts';
import { wantedPositions } from './wanted-positions.ts';

const gatherMs = 10;
const firstRetryMs = 250;
const lastRetryMs = 5_000;
/** A 404 counts only after this: the broker may still be taking the order in. */
const lookupGraceMs = 2_000;
const repeatDenialMs = 60_000;

export interface OrderGateway {
  /** Brings the account to the agents' targets in this symbol; calls while one runs are folded into one more. */
  rebalance(symbol: string): void;
  /** Sends a closing order past netting, for the kill switch: the gate still judges it, a failed journal does not stop it. */
  close(symbol: string, side: Side, qtyNanos: number, shares: readonly AllocationShare[]): Promise<void>;
  /** True while a submission's outcome is being found out. */
  isInFlight(clientOrderId: string): boolean;
}

interface NettedOrder {
  readonly side: Side;
  readonly qtyNanos: number;
  readonly shares: readonly AllocationShare[];
}

interface PlannedOrder extends NettedOrder {
  readonly symbol: string;
}

export interface GatewayParts {
  readonly store: Store;
  readonly native: Native;
  readonly clock: Clock;
  readonly log: Log;
  /** Starts every client order id; unique to this desk and this run, so that ids never repeat on one account. */
  readonly orderPrefix: () => string;
  readonly broker: () => Broker;
  readonly canSend: () => boolean;
  readonly gate: GateContext;
  readonly onOrder: (order: BrokerOrder) => void;
  readonly onSubmitted: (durationMs: number, failed: boolean) => void;
}

/** Creates the gateway. `broker` is asked anew at each step because the demo broker may have been restarted. */
export function createOrderGateway(parts: GatewayParts): OrderGateway {
  const { store, native, clock, log, gate } = parts;
  const running = new Map<string, 'once' | 'again'>();
  const inFlight = new Set<string>();
  const lastDenials = new Map<string, { key: string; at: number }>();

  function rebalance(symbol: string): void {
    if (running.has(symbol)) {
      running.set(symbol, 'again');
      return;
    }
    running.set(symbol, 'once');
    // Agents that decide on the same bar answer a moment apart: netted together they are one order.
    void gate.sleep(gatherMs).then(() => runRebalance(symbol));
  }

  async function runRebalance(symbol: string): Promise<void> {
    try {
      await rebalanceOnce(symbol);
    } catch (error) {
      log.error({ err: error, symbol }, 'rebalance failed');
    } finally {
      const again = running.get(symbol) === 'again';
      running.delete(symbol);
      if (again) rebalance(symbol);
    }
  }

  async function rebalanceOnce(symbol: string): Promise<void> {
    if (!parts.canSend() || hasWorkingOrder(symbol)) return;
    const startedAt = clock.monotonicMs();
    const wanted = wantedPositions(store.state(), symbol);
    if (wanted.length === 0) return;
    const quote = gate.quote(symbol);
    const plan = native.netTargets(symbol, wanted, 0, quote ? midTicks(quote) : 0);
    if (plan.crosses.length > 0) {
      if (!quote || gate.isStale(quote)) return;
      crossInside(symbol, plan.crosses, midTicks(quote));
    }
    if (!plan.order) return;
    const { side, qtyNanos, shares } = withoutFlip(symbol, plan.order);
    if (!passesGate(symbol, side, qtyNanos)) return;
    await approveAndSend({ symbol, side, qtyNanos, shares }, startedAt, 'refuse');
  }

  /** A broker takes no order through zero: the position is closed first, the other side opens with the next order. */
  function withoutFlip(symbol: string, order: NettedOrder): NettedOrder {
    const held = store.state().account?.positions[symbol] ?? 0;
    const closes = order.side === 'buy' ? held < 0 : held > 0;
    const heldNanos = Math.abs(held);
    if (!closes || order.qtyNanos <= heldNanos) return order;
    return {
      side: order.side,
      qtyNanos: heldNanos,
      shares: native.allocateFill([...order.shares], 0, heldNanos),
    };
  }

  function hasWorkingOrder(symbol: string): boolean {
    return Object.values(store.state().orders).some((order) => order.symbol === symbol && !isFinal(order));
  }

  function crossInside(
    symbol: string,
    crosses: readonly { agentId: string; deltaNanos: number }[],
    priceTicks: number,
  ): void {
    const state = store.state();
    const allocations = crosses.map((cross) =>
      moveBook(native, state, cross.agentId, symbol, cross.deltaNanos, priceTicks),
    );
    store.commit({ kind: 'AgentsCrossed', at: clock.now(), symbol, priceTicks, allocations });
  }

  function passesGate(symbol: string, side: Side, qtyNanos: number): boolean {
    const verdict = gate.check(symbol, side, qtyNanos);
    if (verdict.approved) return true;
    const key = `${side} ${qtyNanos} ${verdict.code}`;
    const last = lastDenials.get(symbol);
    const now = clock.now();
    if (last?.key === key && now - last.at < repeatDenialMs) return false;
    lastDenials.set(symbol, { key, at: now });
    store.commit({
      kind: 'OrderDenied',
      at: now,
      symbol,
      side,
      qtyNanos,
      code: verdict.code,
      detail: verdict.detail,
    });
    return false;
  }

  async function approveAndSend(
    plan: PlannedOrder,
    startedAt: number,
    onJournalFailure: 'refuse' | 'send',
  ): Promise<void> {
    const { symbol, side, qtyNanos, shares } = plan;
    const clientOrderId = `${parts.orderPrefix()}-${store.state().totals.orders + 1}`;
    inFlight.add(clientOrderId);
    try {
      // Durable before it is sent: after a crash we may know of an order that never left, never the other way round.
      await store
        .commitDurable({
          kind: 'OrderApproved',
          at: clock.now(),
          clientOrderId,
          symbol,
          side,
          qtyNanos,
          shares: [...shares],
        })
        .catch((error: unknown) => {
          if (onJournalFailure === 'refuse') throw error;
          log.error({ err: error, clientOrderId }, 'closing order sent without a journal');
        });
      await submit({ clientOrderId, symbol, side, qtyNanos }, startedAt);
    } finally {
      inFlight.delete(clientOrderId);
    }
  }

  async function submit(
    order: { clientOrderId: string; symbol: string; side: Side; qtyNanos: number },
    startedAt: number,
  ): Promise<void> {
    try {
      const accepted = await parts.broker().submit(order);
      parts.onSubmitted(clock.monotonicMs() - startedAt, false);
      update(order.clientOrderId, 'sent', '', accepted.brokerOrderId);
      parts.onOrder(accepted);
    } catch (error) {
      parts.onSubmitted(clock.monotonicMs() - startedAt, true);
      const reason = error instanceof Error ? error.message : String(error);
      if (submitFailure(error) === 'refused') {
        update(order.clientOrderId, 'rejected', reason);
        return;
      }
      update(order.clientOrderId, 'unknown', reason);
      await findOut(order);
    }
  }

  /** Looks the order up until the broker tells; sends the same id again once the broker says it never came. */
  async function findOut(order: {
    clientOrderId: string;
    symbol: string;
    side: Side;
    qtyNanos: number;
  }): Promise<void> {
    const since = clock.monotonicMs();
    for (let waitMs = firstRetryMs; ; waitMs = Math.min(waitMs * 2, lastRetryMs)) {
      await gate.sleep(waitMs);
      try {
        const found = await parts.broker().findOrder(order.clientOrderId);
        if (found) {
          update(order.clientOrderId, 'sent', 'found at the broker', found.brokerOrderId);
          parts.onOrder(found);
          return;
        }
        if (clock.monotonicMs() - since < lookupGraceMs) continue;
        const accepted = await parts.broker().submit(order);
        update(order.clientOrderId, 'sent', 'sent again under the same id', accepted.brokerOrderId);
        parts.onOrder(accepted);
        return;
      } catch (error) {
        if (submitFailure(error) === 'refused') {
          update(order.clientOrderId, 'rejected', error instanceof Error ? error.message : String(error));
          return;
        }
        log.warn({ err: error, clientOrderId: order.clientOrderId }, 'order outcome still unknown');
      }
    }
  }

  function update(
    clientOrderId: string,
    state: 'sent' | 'rejected' | 'unknown',
    detail: string,
    brokerOrderId?: string,
  ): void {
    store.commit({
      kind: 'OrderUpdated',
      at: clock.now(),
      clientOrderId,
      state,
      detail,
      ...(brokerOrderId ? { brokerOrderId } : {}),
    });
  }

  return {
    rebalance,
    async close(symbol, side, qtyNanos, shares) {
      const verdict = gate.check(symbol, side, qtyNanos);
      if (!verdict.approved) {
        throw new DeskError(
          'BROKER_REFUSED',
          `The gate refused to close ${symbol}: ${verdict.code} ${verdict.detail}`,
          { code: verdict.code },
        );
      }
      await approveAndSend({ symbol, side, qtyNanos, shares }, clock.monotonicMs(), 'send');
    },
    isInFlight: (clientOrderId) => inFlight.has(clientOrderId),
  };
}
