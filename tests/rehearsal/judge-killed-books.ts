// What a verified kill of single books has to leave: nothing in work for them, what the policy says, and a broker that agrees.
import { isInScope } from '../../electron/contract/kill-scope.ts';
import { isFinal } from '../../electron/contract/reduce-orders.ts';
import type { DeskState, KillReceipt } from '../../electron/contract/state.ts';
import { tradedSymbols, type TroubledBroker } from '../support/troubled-broker.ts';

/** Complains about the state in which the receipt was written. */
export function judgeKilledBooks(
  broker: TroubledBroker,
  transfers: ReadonlyMap<string, number>,
  { agents, orders }: DeskState,
  { scope, policy, items }: KillReceipt,
): string[] {
  const killed = Object.values(agents).filter((agent) => isInScope(scope, agent));
  const ids = new Set(killed.map(({ agentId }) => agentId));
  const complaints = killed
    .filter(({ phase }) => phase !== 'stopped')
    .map(({ agentId, phase }) => `${agentId} is ${phase}`);
  for (const order of Object.values(orders))
    if (!isFinal(order) && order.shares.some(({ agentId }) => ids.has(agentId)))
      complaints.push(`${order.clientOrderId} still works for a killed agent`);
  for (const { agentId, positions } of killed)
    for (const { symbol, qtyNanos } of Object.values(positions)) {
      const item = items.find(({ id }) => id === `position:${agentId}/${symbol}`);
      if (policy === 'flatten') complaints.push(`${agentId} holds ${qtyNanos} ${symbol}`);
      else if (item?.state !== 'kept')
        complaints.push(`${agentId} ${symbol} is ${item?.state ?? 'not listed'}`);
    }
  for (const symbol of tradedSymbols) {
    const touched = items.some(({ id }) => id.startsWith('position:') && id.endsWith(`/${symbol}`));
    const isWorking = Object.values(orders).some((order) => order.symbol === symbol && !isFinal(order));
    const theirs = (broker.account.positions().get(symbol) ?? 0) - (transfers.get(symbol) ?? 0);
    const books = Object.values(agents).reduce(
      (sum, { positions }) => sum + (positions[symbol]?.qtyNanos ?? 0),
      0,
    );
    if (touched && !isWorking && transfers.size === 0 && theirs !== books)
      complaints.push(`the broker holds ${theirs} ${symbol}, the books ${books}`);
  }
  return complaints;
}
