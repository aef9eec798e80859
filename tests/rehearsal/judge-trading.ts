// What must hold between a desk, its journal and its broker: at every event, at every order that leaves, and once everything is calm.
import { DeskEvent, type EventOf } from '../../electron/contract/events.ts';
import { isWide } from '../../electron/contract/kill-scope.ts';
import { notionalMicros } from '../../electron/contract/money.ts';
import { isFinal } from '../../electron/contract/reduce-orders.ts';
import type { KillReceipt, Order } from '../../electron/contract/state.ts';
import type { Store } from '../../electron/host/store.ts';
import type { MarketOrder } from '../../electron/host/trading/broker.ts';
import type { CrashingJournal } from '../support/crashing-journal.ts';
import { isWorking } from '../support/troubled-orders.ts';
import type { TroubledBroker } from '../support/troubled-broker.ts';
import { judgeKilledBooks } from './judge-killed-books.ts';
import { judgeBooks, judgeCalm } from './judge-books.ts';
import { emptyBooks, enter, signed } from './naive-books.ts';
import type { TradingDesk } from './trading-desk.ts';

export interface TradingJudge {
  /** A host starts on the record. */
  begin(run: number, desk: () => TradingDesk): void;
  /** An event was folded. */
  hear(event: DeskEvent, store: Store): void;
  /** An order leaves the host. */
  sent(order: MarketOrder): void;
  /** Shares came or went without an order. */
  transferred(symbol: string, deltaNanos: number): void;
  /** Cash went that the broker lists nowhere. */
  taken(store: Store): void;
  /** A kill has told its result. */
  killed(receipt: KillReceipt): void;
  /** After a minute without trouble. */
  calm(): void;
  /** After everything was closed. */
  end(): void;
}

export interface TradingView {
  readonly broker: TroubledBroker;
  readonly journal: CrashingJournal;
  readonly now: () => number;
  readonly limits: {
    readonly orderNotionalMicros: number;
    readonly symbolPositionMicros: number;
    readonly maxQuoteAgeMs: number;
    readonly ordersPerMinute: number;
  };
  readonly complain: (complaint: string) => void;
}

const open: readonly Order['state'][] = [
  'sent',
  'partially_filled',
  'filled',
  'cancelled',
  'expired',
  'rejected',
];
const minuteMs = 60_000;
const moves: Readonly<Record<Order['state'], readonly Order['state'][]>> = {
  approved: [...open, 'unknown'],
  unknown: [...open, 'unknown'],
  sent: open,
  partially_filled: open.filter((state) => state !== 'sent'),
  filled: ['filled'],
  // The last fill may be told after the cancellation.
  cancelled: ['cancelled', 'filled'],
  expired: ['expired', 'filled'],
  rejected: ['rejected'],
};

/** Judges one plan from its first host to its last. */
export function createTradingJudge(view: TradingView): TradingJudge {
  const { broker, journal, complain } = view;
  let books = emptyBooks();
  let desk: () => TradingDesk;
  let run = 0;
  let lastSeq = 0;
  let lastAt = 0;
  const transfers = new Map<string, number>();
  /** Whether cash is missing that the desk has to notice. */
  let isCashMissing = false;
  let hasTaken = false;
  let states = new Map<string, Pick<Order, 'state' | 'filledNanos'>>();

  const judges = (store: Store): void => {
    const state = store.state();
    for (const complaint of judgeBooks(books, state)) complain(complaint);
    const working = Object.values(state.orders).filter((order) => !isFinal(order));
    const symbols = working.map(({ symbol }) => symbol);
    if (new Set(symbols).size < symbols.length)
      complain(
        `two orders in work in one symbol: ${working.map(({ clientOrderId }) => clientOrderId).join()}`,
      );
  };

  function judgeMove(clientOrderId: string, store: Store): void {
    const order = store.state().orders[clientOrderId];
    if (!order) return complain(`${clientOrderId} is not on record`);
    const before = states.get(clientOrderId);
    if (before && !moves[before.state].includes(order.state))
      complain(`${clientOrderId} went from ${before.state} to ${order.state}`);
    if (order.filledNanos < (before?.filledNanos ?? 0) || order.filledNanos > order.qtyNanos)
      complain(`${clientOrderId} is filled ${order.filledNanos} of ${order.qtyNanos}`);
    if ((order.state === 'filled') !== (order.filledNanos === order.qtyNanos))
      complain(`${clientOrderId} is ${order.state} with ${order.filledNanos} of ${order.qtyNanos}`);
    states.set(clientOrderId, order);
  }

  function judgeApproval(event: EventOf<'OrderApproved'>): void {
    const { clientOrderId, symbol, side, qtyNanos, shares } = event;
    if (books.orders.has(clientOrderId)) complain(`${clientOrderId} was approved twice`);
    const sum = shares.reduce((total, share) => total + share.qtyNanos, 0);
    if (sum !== qtyNanos) complain(`the shares of ${clientOrderId} sum to ${sum}, not ${qtyNanos}`);
    for (const complaint of judgeRisk(event))
      complain(`${clientOrderId} (${side} ${qtyNanos} ${symbol}): ${complaint}`);
  }

  /** The gate's rules once more, over what was on record before the order. */
  function judgeRisk({ symbol, side, qtyNanos }: EventOf<'OrderApproved'>): string[] {
    const position = books.positions.get(symbol) ?? 0;
    const after = position + signed(side, qtyNanos);
    const reduces = Math.abs(after) < Math.abs(position) && after * position >= 0;
    if (reduces) return [];
    if (after * position < 0) return [`turns ${position} through zero`];
    if (!books.isOpen || !books.isExplained) return [`adds risk to ${position} while it may only reduce`];
    const lately = books.approvedAt.filter((at) => at > view.now() - minuteMs).length;
    const quote = desk().trading.quotes.get(symbol);
    if (!quote) return ['there is no quote'];
    const ageMs = view.now() - quote.receivedAt;
    const notional = notionalMicros(qtyNanos, quote.askTicks);
    const value = notionalMicros(Math.abs(after), quote.askTicks);
    return [
      ...(lately >= view.limits.ordersPerMinute ? [`follows ${lately} orders in one minute`] : []),
      ...(ageMs > view.limits.maxQuoteAgeMs ? [`the quote is ${ageMs} ms old`] : []),
      ...(notional > view.limits.orderNotionalMicros ? [`is worth ${notional}`] : []),
      ...(value > view.limits.symbolPositionMicros ? [`makes a position worth ${value}`] : []),
    ];
  }

  function judgeFill(event: EventOf<'OrderFilled'>): void {
    const { clientOrderId, executionId, qtyNanos, priceTicks, allocations } = event;
    if (!books.orders.has(clientOrderId))
      complain(`${executionId} fills ${clientOrderId} before its approval`);
    if (books.executionIds.has(executionId)) complain(`${executionId} was applied twice`);
    const made = broker.account.truth
      .get(clientOrderId)
      ?.executions.find(
        ({ execution }) => `${execution.order.brokerOrderId}:${execution.cumulativeNanos}` === executionId,
      );
    if (made?.execution.qtyNanos !== qtyNanos || made.execution.priceTicks !== priceTicks)
      complain(`the broker made no execution ${executionId} of ${qtyNanos} at ${priceTicks}`);
    const given = allocations.reduce((sum, { deltaNanos }) => sum + deltaNanos, 0);
    if (given !== signed(event.side, qtyNanos)) complain(`${executionId} gave out ${given} of ${qtyNanos}`);
  }

  /** Late and lost messages explain themselves in the end; only what had no order may raise the alarm. */
  function judgeDifference({ positions, cash }: EventOf<'AccountDiffered'>): void {
    if (cash && !hasTaken)
      complain(
        `the cash is said to differ, ${cash.oursMicros} from ${cash.theirsMicros}, and none was taken`,
      );
    if (cash) isCashMissing = false;
    for (const { symbol, oursNanos, theirsNanos } of positions)
      if (!transfers.has(symbol))
        complain(`${symbol} is said to differ, ${oursNanos} from ${theirsNanos}, and was not transferred`);
  }

  function judgeEvent(event: DeskEvent): void {
    if (event.kind === 'OrderApproved') judgeApproval(event);
    if (event.kind === 'OrderFilled') judgeFill(event);
    if (event.kind === 'OrderUpdated' && !books.orders.has(event.clientOrderId))
      complain(`${event.clientOrderId} was updated before its approval`);
    if (event.kind === 'AgentsCrossed') {
      const sum = event.allocations.reduce((total, { deltaNanos }) => total + deltaNanos, 0);
      if (sum !== 0) complain(`a cross in ${event.symbol} leaves ${sum}`);
    }
    if (event.kind === 'AccountDiffered') judgeDifference(event);
    if (event.at < lastAt) complain(`${event.kind} is dated before what precedes it`);
    lastAt = event.at;
  }

  return {
    begin(nextRun, nextDesk) {
      run = nextRun;
      desk = nextDesk;
      books = emptyBooks();
      states = new Map();
      for (const payload of journal.payloads) enter(books, DeskEvent.parse(JSON.parse(payload)));
      lastSeq = journal.payloads.length;
      // A count that was lost with the journal's tail begins anew, with what is missing in it.
      isCashMissing &&= books.countedMicros !== null;
    },
    hear(event, store) {
      lastSeq += 1;
      if (store.seq() !== lastSeq) complain(`event ${lastSeq} has the number ${store.seq()}`);
      judgeEvent(event);
      enter(books, event);
      if ('clientOrderId' in event) judgeMove(event.clientOrderId, store);
      judges(store);
    },
    sent(order) {
      for (const complaint of judgeSending(view, order, run)) complain(complaint);
    },
    transferred: (symbol, deltaNanos) =>
      void transfers.set(symbol, (transfers.get(symbol) ?? 0) + deltaNanos),
    taken(store) {
      hasTaken = true;
      isCashMissing ||= (store.state().account?.counted ?? null) !== null;
    },
    killed(receipt) {
      const { verified, policy, killId, scope } = receipt;
      if (verified !== true) return;
      if (!isWide(scope) || policy === 'keep-hedged') {
        for (const complaint of judgeKilledBooks(broker, transfers, desk().store.state(), receipt))
          complain(`${killId} (${scope}, ${policy}) is verified: ${complaint}`);
        if (!isWide(scope)) return;
      }
      const working = [...broker.account.truth.values()].filter(isWorking);
      if (working.length > 0)
        complain(
          `${killId} is verified while ${working.map(({ order }) => order.clientOrderId).join()} works`,
        );
      if (policy === 'flatten' && broker.account.positions().size > 0)
        complain(`${killId} is verified with ${[...broker.account.positions()].join(' ')} held`);
    },
    calm() {
      for (const complaint of judgeCalm({ ...view, transfers }, books, desk())) complain(complaint);
      if (isCashMissing) complain('cash is missing and nobody was told');
    },
    end() {
      if (broker.account.positions().size > 0)
        complain(`held at the end: ${[...broker.account.positions()].join(' ')}`);
      for (const known of broker.account.truth.values())
        if (isWorking(known)) complain(`${known.order.clientOrderId} still works at the end`);
    },
  };
}

function judgeSending({ broker, journal }: TradingView, order: MarketOrder, run: number): string[] {
  const { clientOrderId, symbol, side, qtyNanos } = order;
  const payload = journal.payloads
    .slice(0, journal.durable())
    .findLast((text) => text.includes('"OrderApproved"') && text.includes(`"${clientOrderId}"`));
  if (payload === undefined) return [`${clientOrderId} left before its approval was durable`];
  const approved = JSON.parse(payload) as EventOf<'OrderApproved'>;
  const isSame = approved.symbol === symbol && approved.side === side && approved.qtyNanos === qtyNanos;
  const earlier = broker.sent.filter((other) => other.order.clientOrderId === clientOrderId);
  const others = [...broker.account.truth.values()].filter(
    (other) =>
      other.order.symbol === symbol && other.order.clientOrderId !== clientOrderId && isWorking(other),
  );
  return [
    ...others.map((other) => `${clientOrderId} left while ${other.order.clientOrderId} works in ${symbol}`),
    ...(isSame ? [] : [`${clientOrderId} left otherwise than approved`]),
    ...(earlier.every(({ outcome }) => outcome === 'failed')
      ? []
      : [`${clientOrderId} was sent again although it had not failed`]),
    ...(clientOrderId.startsWith(`nt-${run}-`) ? [] : [`${clientOrderId} was sent by run ${run}`]),
  ];
}
