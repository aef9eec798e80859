// Stops a scope and proves it: latch, cancel, apply the policy, verify at the broker, end runners and sandboxes, verify at
// the provider. Each item of the receipt is what was verified, not what was asked for. Needs no window.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isWide, type KillScope, scopeParts } from '../../contract/kill-scope.ts';
import { receiptOf } from '../../contract/latches.ts';
import type { Actor, KillPolicy } from '../../contract/names.ts';
import type { Agent, KillReceipt } from '../../contract/state.ts';
import type { Native } from '../../native/load.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store.ts';
import { cancelEverything, cancelOrders } from '../trading/kill/cancel-for-kill.ts';
import { flattenAccount, keepPositions } from '../trading/kill/flatten-account.ts';
import { killItem, type Mark, reasonOf } from '../trading/kill/kill-items.ts';
import type { Trading } from '../trading/trading.ts';
import { windDownBooks } from '../trading/kill/wind-down-books.ts';
import { endAllSandboxes, endSlots, type KilledFleet } from './end-sandboxes.ts';
import { type KillExtent, killExtent, listItems } from './kill-extent.ts';
import type { Swarm } from './swarm.ts';

const journalPatienceMs = 1_000;

export interface KillParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly native: Native;
  readonly trading: Trading;
  readonly fleet: KilledFleet;
  readonly swarm: Pick<Swarm, 'move' | 'detach' | 'endSlot'>;
}

export interface KillOrder {
  readonly scope: KillScope;
  readonly policy: KillPolicy;
  readonly reason: string;
  readonly actor: Actor;
}

/** Runs the kill to its end. Never rejects for the broker's or provider's sake: what failed stands in the receipt. */
export async function kill(parts: KillParts, order: KillOrder): Promise<KillReceipt> {
  const { store, clock } = parts;
  const killId = `kill-${randomBytes(4).toString('hex')}`;
  const extent = killExtent(store.state(), parts.fleet, order.scope);
  await latch(parts, killId, order, extent);
  const mark: Mark = (item) => store.commit({ kind: 'KillItemUpdated', at: clock.now(), killId, item });

  await stopTrading(parts, order, extent, mark);
  await endRunners(parts, order, extent, mark);

  const items = receiptOf(store.state(), killId)?.items ?? [];
  const verified = items.every((item) => item.state === 'done' || item.state === 'kept');
  await store
    .commitDurable({ kind: 'KillFinished', at: clock.now(), killId, verified })
    .catch(() => undefined);
  if (isWide(order.scope) && order.policy === 'flatten') crossLeftovers(parts);
  const receipt = receiptOf(store.state(), killId);
  if (!receipt) throw new Error('the receipt of a kill is gone');
  return receipt;
}

/** The latch stands before the first call leaves; a journal that fails or stalls must not keep us from stopping. */
async function latch(
  { store, clock, log, swarm }: KillParts,
  killId: string,
  order: KillOrder,
  extent: KillExtent,
): Promise<void> {
  const items = listItems(store.state(), extent, isByBook(order));
  const onDisk = store.commitDurable({ kind: 'KillStarted', at: clock.now(), killId, ...order, items });
  if (!isWide(order.scope)) for (const { agentId } of extent.agents) swarm.move(agentId, 'stopping', 'kill');
  await Promise.race([onDisk, sleep(journalPatienceMs, undefined, { ref: false })]).catch((error: unknown) =>
    log.error({ err: error }, 'kill not journalled'),
  );
}

/** The account's positions are closed or kept as the broker shows them; all else is done book by book. */
function isByBook({ scope, policy }: KillOrder): boolean {
  return !isWide(scope) || policy === 'keep-hedged';
}

async function stopTrading(
  parts: KillParts,
  order: KillOrder,
  { agents, orders }: KillExtent,
  mark: Mark,
): Promise<void> {
  const { scope, policy } = order;
  if (isWide(scope)) await cancelEverything(parts, mark);
  else await cancelOrders(parts, orders, mark);
  if (isByBook(order)) {
    const agentIds = agents.map(({ agentId }) => agentId);
    await windDownBooks(parts, { policy, agentIds, isWide: isWide(scope) }, mark);
  } else if (policy === 'flatten') await flattenAccount(parts, mark);
  else await keepPositions(parts, mark);
}

/** Books that offset each other in a symbol in which the account is flat have nothing to close at the broker: they are crossed. */
function crossLeftovers({ store, clock, trading }: KillParts): void {
  const { agents, account } = store.state();
  const held = Object.values(agents).flatMap(({ positions }) => Object.values(positions));
  const symbols = new Set(held.map(({ symbol }) => symbol));
  for (const symbol of symbols) {
    const books = held.filter((position) => position.symbol === symbol);
    const isFlat = books.reduce((sum, { qtyNanos }) => sum + qtyNanos, 0) === 0;
    if (!isFlat || (account?.positions[symbol] ?? 0) !== 0) continue;
    const target = { symbol, qtyNanos: 0, priceTicks: trading.terms(symbol).priceTicks ?? 0 };
    for (const { agentId } of books)
      store.commit({ kind: 'TargetSet', at: clock.now(), agentId, ...target, reason: 'kill, flatten' });
    trading.rebalance(symbol);
  }
}

async function endRunners(
  parts: KillParts,
  { scope }: KillOrder,
  { agents, slots }: KillExtent,
  mark: Mark,
): Promise<void> {
  const { store, swarm } = parts;
  for (const { agentId } of agents) {
    swarm.move(agentId, 'stopping', 'kill');
    swarm.move(agentId, 'stopped', stoppedReason(store.state().agents[agentId]));
  }
  if (scopeParts(scope).kind === 'all') await endAllSandboxes(parts, slots, mark);
  else {
    if (!isWide(scope)) await detachAll(parts, agents, slots);
    await endSlots(parts, slots, mark);
  }
  for (const { agentId, phase } of agents) if (phase !== 'stopped') mark(agentItem(parts, agentId));
}

function stoppedReason(agent: Agent | undefined): string {
  const open = Object.values(agent?.positions ?? {})
    .map(({ symbol, qtyNanos }) => `${symbol} ${qtyNanos / 1e9}`)
    .join(', ');
  return open === '' ? 'kill' : `kill; left open ${open}`;
}

/** Off their runners, which may carry others on; what lives in a slot that ends is gone with it. */
async function detachAll(
  { swarm, log }: KillParts,
  agents: readonly Agent[],
  slots: readonly { readonly slotId: string }[],
): Promise<void> {
  const ending = new Set(slots.map(({ slotId }) => slotId));
  const staying = agents.filter(({ slotId }) => !ending.has(slotId));
  await Promise.all(
    staying.map(({ agentId }) =>
      swarm
        .detach(agentId)
        .catch((error: unknown) => log.warn({ err: error, agentId }, `not detached: ${reasonOf(error)}`)),
    ),
  );
}

function agentItem({ store }: KillParts, agentId: string): ReturnType<typeof killItem> {
  const phase = store.state().agents[agentId]?.phase;
  return phase === 'stopped'
    ? killItem('agent', agentId, agentId, 'done', 'stopped; nothing it says is heard')
    : killItem('agent', agentId, agentId, 'failed', `is ${phase ?? 'gone'}`);
}
