// What the desk's journal and the demo broker's say of the same orders, in a form in which they can be compared.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AccountEvent } from '../../electron/local/broker/account-events.ts';
import { DeskEvent } from '../../electron/contract/events.ts';
import { resolvePaths } from '../../electron/host/paths.ts';
import { createStore } from '../../electron/host/store.ts';
import { type Journal, loadNative } from '../../electron/native/load.ts';
import { silent } from '../support/fleet-bench.ts';

const symbol = 'SPX';

export interface DeskRecord {
  /** Ids of all orders, sorted; twice where one was approved twice. */
  readonly approved: readonly string[];
  /** Ids of those that the desk says the broker never received. */
  readonly neverSent: readonly string[];
  readonly executions: readonly string[];
  readonly position: number;
  readonly heldByAgents: number;
}

export interface BrokerRecord {
  readonly orders: readonly string[];
  readonly executions: readonly string[];
  readonly position: number;
}

/** Reads both after their processes have ended. */
export function readBothRecords(home: string): { readonly ours: DeskRecord; readonly theirs: BrokerRecord } {
  const { Journal } = loadNative();
  const paths = resolvePaths({ NEURAL_TRADER_HOME: home }, process.platform);
  const [brokerFile, ...others] = readdirSync(paths.dataDir, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /demo-.*\.db$/.test(name),
  );
  if (brokerFile === undefined || others.length > 0) throw new Error('there is not exactly one demo account');
  return {
    ours: readDesk(Journal.open(paths.journal)),
    theirs: readBroker(Journal.open(join(paths.dataDir, brokerFile))),
  };
}

function readDesk(journal: Journal): DeskRecord {
  const events = payloads(journal).map((payload) => DeskEvent.parse(payload));
  const state = createStore(journal, silent, () => undefined).state();
  journal.close();
  const approved = events.filter((event) => event.kind === 'OrderApproved');
  return {
    approved: approved.map(({ clientOrderId }) => clientOrderId).sort(),
    neverSent: events
      .filter((event) => event.kind === 'OrderUpdated' && event.detail === 'the broker never received it')
      .map((event) => ('clientOrderId' in event ? event.clientOrderId : '')),
    executions: events
      .filter((event) => event.kind === 'OrderFilled')
      .map(
        ({ executionId, side, qtyNanos, priceTicks }) => `${executionId} ${side} ${qtyNanos} ${priceTicks}`,
      )
      .sort(),
    position: state.account?.positions[symbol] ?? 0,
    heldByAgents: Object.values(state.agents).reduce(
      (sum, { positions }) => sum + (positions[symbol]?.qtyNanos ?? 0),
      0,
    ),
  };
}

function readBroker(journal: Journal): BrokerRecord {
  const events = payloads(journal).map((payload) => AccountEvent.parse(payload));
  journal.close();
  const orders = new Map(
    events
      .filter((event) => event.kind === 'orderAccepted')
      .map(({ order }) => [order.id, { ...order, filledNanos: 0 }]),
  );
  const executions: string[] = [];
  let position = 0;
  for (const event of events) {
    if (event.kind !== 'orderFilled') continue;
    const order = orders.get(event.orderId);
    if (!order) throw new Error(`${event.orderId} was filled and never accepted`);
    order.filledNanos += event.qtyNanos;
    position += order.side === 'buy' ? event.qtyNanos : -event.qtyNanos;
    executions.push(
      `${event.orderId}:${order.filledNanos} ${order.side} ${event.qtyNanos} ${event.priceTicks}`,
    );
  }
  return {
    orders: [...orders.values()].map(({ clientOrderId }) => clientOrderId),
    executions: executions.sort(),
    position,
  };
}

function payloads(journal: Journal): unknown[] {
  const all: unknown[] = [];
  for (;;) {
    const rows = journal.scan(all.length, 5_000);
    all.push(...rows.map(({ payload }) => JSON.parse(payload)));
    if (rows.length < 5_000) return all;
  }
}
