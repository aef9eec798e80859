// The account's activities: fills, and what moved its cash otherwise.
import type { Alpaca } from '@alpacahq/alpaca-trade-api';
import type { CashFlow } from '../../../contract/order-events.ts';
import { toExecution, toMicros, toNanos } from './alpaca-values.ts';
import type { BrokerOrder, Execution } from '../broker.ts';
import { reach } from './reach-broker.ts';

const activityPage = 100;

/** Executions of one order, oldest first. */
export async function readExecutions(client: Alpaca, order: BrokerOrder): Promise<Execution[]> {
  const executions: Execution[] = [];
  let pageToken: string | undefined;
  do {
    // The call by activity type drops the order's id and price in this version of the SDK; this one keeps them.
    const page = await reach('read fills', () =>
      client.trading.accountActivities.getAccountActivities({
        activityTypes: ['FILL'],
        direction: 'desc',
        pageSize: activityPage,
        ...(pageToken ? { pageToken } : {}),
      }),
    );
    for (const activity of page) {
      if (!('orderId' in activity) || activity.orderId !== order.brokerOrderId) continue;
      executions.push(
        toExecution(
          order,
          activity.qty ?? '0',
          activity.price ?? '0',
          activity.cumQty ?? '0',
          activity.transactionTime?.getTime() ?? 0,
        ),
      );
    }
    pageToken = page.length === activityPage ? page.at(-1)?.id : undefined;
  } while (pageToken && executions.reduce((sum, { qtyNanos }) => sum + qtyNanos, 0) < order.filledNanos);
  return executions.reverse();
}

/** Filled quantity of each order that was filled after `marketAt`, by the broker's id. */
export async function readFilled(client: Alpaca, marketAt: number): Promise<Map<string, number>> {
  const filled = new Map<string, number>();
  let pageToken: string | undefined;
  do {
    const page = await reach('read fills', () =>
      client.trading.accountActivities.getAccountActivities({
        activityTypes: ['FILL'],
        direction: 'asc',
        after: new Date(marketAt),
        pageSize: activityPage,
        ...(pageToken ? { pageToken } : {}),
      }),
    );
    for (const activity of page) {
      if (!('orderId' in activity) || activity.orderId === undefined) continue;
      const cumulative = toNanos(activity.cumQty ?? '0');
      filled.set(activity.orderId, Math.max(cumulative, filled.get(activity.orderId) ?? 0));
    }
    pageToken = page.length === activityPage ? page.at(-1)?.id : undefined;
  } while (pageToken);
  return filled;
}

/** Cash that moved without a fill from `since` on, a time of the market's clock; those that the broker took back are left out. */
export async function readCashFlows(client: Alpaca, since: number): Promise<CashFlow[]> {
  const flows: CashFlow[] = [];
  let pageToken: string | undefined;
  do {
    const page = await reach('read fees and transfers', () =>
      client.trading.accountActivities.getAccountActivities({
        category: 'non_trade_activity',
        direction: 'asc',
        after: new Date(since),
        pageSize: activityPage,
        ...(pageToken ? { pageToken } : {}),
      }),
    );
    for (const activity of page) {
      if (!('netAmount' in activity) || activity.id === undefined || activity.status === 'canceled') continue;
      flows.push({
        activityId: activity.id,
        activityType: activity.activityType ?? 'unknown',
        day: (activity.date ?? new Date(since)).toISOString().slice(0, 10),
        netMicros: toMicros(activity.netAmount ?? '0'),
      });
    }
    pageToken = page.length === activityPage ? page.at(-1)?.id : undefined;
  } while (pageToken);
  return flows;
}
