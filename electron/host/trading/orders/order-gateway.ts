// The only way to the broker: targets are netted per symbol, pass the native risk gate, are journalled, then sent.
// One order a symbol is in work at a time, so what is outstanding is always known.
import { DeskError } from '../../../contract/errors.ts';
import type { RoundOutcome } from '../../../contract/execute.ts';
import type { AllocationShare } from '../../../contract/order-events.ts';
import type { Side } from '../../../contract/names.ts';
import { latchOf } from '../../../contract/latches.ts';
import { isFinal } from '../../../contract/reduce-orders.ts';
import type { DeskState } from '../../../contract/state.ts';
import type { Native } from '../../../native/load.ts';
import { moveBook } from '../books/allocate-execution.ts';
import { createDenials } from '../risk/denials.ts';
import type { Broker } from '../broker.ts';
import { permittedPositions } from '../risk/permitted-positions.ts';
import type { Denial } from '../risk/risk-gate.ts';
import { createRounds, idle, type IdleCode } from './rounds.ts';
import { sendOrder, type SendParts } from './send-order.ts';
import { wantedPositions } from '../books/wanted-positions.ts';

const gatherMs = 10;
/** Denials that pass by themselves; the order is tried again. */
const passing: readonly string[] = ['DUPLICATE_ORDER', 'ORDER_RATE', 'OPEN_ORDERS'];
const tryAgainMs = 500;

export interface OrderGateway {
  /** Brings the account to the agents' targets in this symbol; calls while one runs are folded into one more. */
  rebalance(symbol: string): void;
  /** Rebalances the symbol and resolves with what came of it, an approved order before it is sent. */
  round(symbol: string): Promise<RoundOutcome>;
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

export interface GatewayParts extends SendParts {
  readonly native: Native;
  /** Starts every client order id; unique to this desk and this run, so that ids never repeat on one account. */
  readonly orderPrefix: () => string;
  readonly broker: () => Broker;
  /** Takes the closing orders of a kill. */
  readonly closingBroker: () => Broker;
  readonly canSend: () => boolean;
  /** What a kill closes needs no word of the order stream. */
  readonly canClose: () => boolean;
}

/** Creates the gateway. */
export function createOrderGateway(parts: GatewayParts): OrderGateway {
  const { store, native, clock, log, gate } = parts;
  const running = new Map<string, 'once' | 'again'>();
  const inFlight = new Set<string>();
  const rounds = createRounds();
  const denials = createDenials(store, clock);
  const tryingAgain = new Set<string>();

  function rebalance(symbol: string): void {
    if (running.has(symbol)) {
      running.set(symbol, 'again');
      return;
    }
    running.set(symbol, 'once');
    // Agents that decide on the same bar answer a moment apart: netted together they are one order.
    void gate.sleep(gatherMs).then(() => runRebalance(symbol));
  }

  function round(symbol: string): Promise<RoundOutcome> {
    const outcome = rounds.ask(symbol);
    // An order can be in work for long; what follows it is not this round's to tell.
    if (hasWorkingOrder(symbol)) rounds.tell(symbol, idle('ORDER_WORKING'));
    else rebalance(symbol);
    return outcome;
  }

  async function runRebalance(symbol: string): Promise<void> {
    try {
      await rebalanceOnce(symbol);
    } catch (error) {
      log.error({ err: error, symbol }, 'rebalance failed');
      rounds.tell(symbol, idle('FAILED'));
    } finally {
      const again = running.get(symbol) === 'again';
      running.delete(symbol);
      if (again) rebalance(symbol);
    }
  }

  async function rebalanceOnce(symbol: string): Promise<void> {
    const obstacle = obstacleTo(symbol);
    if (obstacle) return rounds.tell(symbol, idle(obstacle));
    const startedAt = clock.monotonicMs();
    const mayOpen = gate.state() === 'active';
    const canSend = parts.canSend();
    const wishes = wantedPositions(store.state(), symbol, mayOpen).filter(
      ({ agentId }) => canSend || isKilled(agentId),
    );
    const { wanted, refused } = permittedPositions(gate, denials, symbol, wishes);
    if (wanted.length === 0) {
      const nothing = idle(canSend ? (mayOpen ? 'AT_TARGET' : 'ENTRIES_BLOCKED') : 'NOT_READY');
      return rounds.tell(symbol, refused ? denied(refused.wish, refused.denial) : nothing);
    }
    const priceTicks = gate.midTicks(symbol);
    const plan = native.netTargets(symbol, [...wanted], 0, priceTicks ?? 0);
    if (priceTicks !== null && plan.crosses.length > 0) crossInside(symbol, plan.crosses, priceTicks);
    if (!plan.order) return rounds.tell(symbol, idle(priceTicks === null ? 'NOT_READY' : 'CROSSED'));
    const { side, qtyNanos, shares } = withoutFlip(symbol, plan.order);
    if (!passesGate(symbol, side, qtyNanos)) return;
    const closing = shares.every(({ agentId }) => isKilled(agentId));
    await approveAndSend({ symbol, side, qtyNanos, shares }, startedAt, closing);
  }

  /** Why nothing may be sent in the symbol now; null when something may. */
  function obstacleTo(symbol: string): IdleCode | null {
    if (!parts.canClose()) return 'NOT_READY';
    if (isKilling()) return 'KILLING';
    return hasWorkingOrder(symbol) ? 'ORDER_WORKING' : null;
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

  /** A kill of everything at work closes by itself, but for what it trims book by book: an order of ours would get in its way. */
  function isKilling(): boolean {
    const { kill } = store.state();
    return kill?.finishedAt === null && kill.policy !== 'keep-hedged';
  }

  function isKilled(agentId: string): boolean {
    const agent = store.state().agents[agentId];
    return agent !== undefined && latchOf(store.state(), agent) !== null;
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
    const denial = gate.check({ symbol, side, qtyNanos });
    if (!denial) return true;
    rounds.tell(symbol, denied({ side, qtyNanos }, denial));
    denials.record({ symbol, side, qtyNanos }, denial);
    if (passing.includes(denial.code)) tryAgain(symbol);
    return false;
  }

  function tryAgain(symbol: string): void {
    if (tryingAgain.has(symbol)) return;
    tryingAgain.add(symbol);
    void gate.sleep(tryAgainMs).then(() => {
      tryingAgain.delete(symbol);
      rebalance(symbol);
    });
  }

  async function approveAndSend(plan: PlannedOrder, startedAt: number, closing: boolean): Promise<void> {
    const clientOrderId = `${parts.orderPrefix()}-${store.state().totals.orders + 1}`;
    const { symbol, side, qtyNanos } = plan;
    inFlight.add(clientOrderId);
    try {
      await approve(clientOrderId, plan, closing);
      rounds.tell(symbol, { kind: 'approved', side, qtyNanos, clientOrderId });
      await sendOrder(
        parts,
        { clientOrderId, symbol, side, qtyNanos },
        closing ? parts.closingBroker : parts.broker,
        startedAt,
      );
    } finally {
      inFlight.delete(clientOrderId);
    }
  }

  /** Durable before it is sent: after a crash we may know of an order that never left, never the other way round. */
  async function approve(clientOrderId: string, plan: PlannedOrder, closing: boolean): Promise<void> {
    const { symbol, side, qtyNanos } = plan;
    const shares = [...plan.shares];
    try {
      await store.commitDurable({
        kind: 'OrderApproved',
        at: clock.now(),
        clientOrderId,
        symbol,
        side,
        qtyNanos,
        shares,
        judgement: gate.judgement({ symbol, side, qtyNanos }),
        ...(closing ? {} : decidedAt(store.state(), symbol, shares)),
      });
    } catch (error) {
      if (closing) {
        log.error({ err: error, clientOrderId }, 'closing order sent without a journal');
        return;
      }
      // Left approved it would stand in the way of the order that closes the position.
      store.commit({
        kind: 'OrderUpdated',
        at: clock.now(),
        clientOrderId,
        state: 'rejected',
        detail: 'not sent: the journal failed',
      });
      throw error;
    }
  }

  return {
    rebalance,
    round,
    async close(symbol, side, qtyNanos, shares) {
      const denial = gate.check({ symbol, side, qtyNanos });
      if (denial) {
        throw new DeskError(
          'BROKER_REFUSED',
          `The gate refused to close ${symbol}: ${denial.code}, ${denial.detail}`,
          { code: denial.code },
        );
      }
      await approveAndSend({ symbol, side, qtyNanos, shares }, clock.monotonicMs(), true);
    },
    isInFlight: (clientOrderId) => inFlight.has(clientOrderId),
  };
}

/** When the newest of the targets that an order brings about arrived. */
function decidedAt(
  { agents }: DeskState,
  symbol: string,
  shares: readonly AllocationShare[],
): { decidedAt?: number } {
  const times = shares.flatMap(({ agentId }) => agents[agentId]?.targets[symbol]?.at ?? []);
  return times.length === 0 ? {} : { decidedAt: Math.max(...times) };
}

function denied(
  { side, qtyNanos }: Pick<NettedOrder, 'side' | 'qtyNanos'>,
  { code, detail }: Denial,
): RoundOutcome {
  return { kind: 'denied', side, qtyNanos, code, detail };
}
