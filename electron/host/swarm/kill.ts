// Stops everything and proves it: latch, cancel, flatten or keep, verify at the broker, end the sandboxes, verify at the provider.
// Each item of the receipt is what was verified, not what was asked for. Runs in the host; no window is needed.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventOf, KillItem } from '../../contract/events.ts';
import type { Actor, KillPolicy } from '../../contract/names.ts';
import { isFinal } from '../../contract/reduce-orders.ts';
import type { KillReceipt } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Fleet } from '../sandboxes/fleet.ts';
import type { Store } from '../store.ts';
import { flattenAccount } from '../trading/flatten-account.ts';
import { killItem, pollUntil } from '../trading/kill-items.ts';
import type { Trading } from '../trading/trading.ts';
import type { Swarm } from './swarm.ts';

const journalPatienceMs = 1_000;

export interface KillParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly trading: Trading;
  readonly fleet: Fleet;
  readonly swarm: Swarm;
}

export interface KillOrder {
  readonly policy: KillPolicy;
  readonly reason: string;
  readonly actor: Actor;
}

/** Runs the kill to its end. Never rejects for the broker's or provider's sake: what failed stands in the receipt. */
export async function kill(parts: KillParts, order: KillOrder): Promise<KillReceipt> {
  const { store, clock } = parts;
  const killId = `kill-${randomBytes(4).toString('hex')}`;
  const started: EventOf<'KillStarted'> = {
    kind: 'KillStarted',
    at: clock.now(),
    killId,
    ...order,
    items: listItems(parts),
  };
  // The latch stands before the first call leaves; a journal that fails or stalls must not keep us from stopping.
  await Promise.race([
    store.commitDurable(started),
    sleep(journalPatienceMs, undefined, { ref: false }),
  ]).catch((error: unknown) => parts.log.error({ err: error }, 'kill not journalled'));
  const mark = (item: KillItem): void =>
    store.commit({ kind: 'KillItemUpdated', at: clock.now(), killId, item });

  await flattenAccount(parts, order.policy, mark);
  await endSandboxes(parts, mark);

  const items = store.state().kill?.items ?? [];
  const verified = items.every((item) => item.state === 'done' || item.state === 'kept');
  await store
    .commitDurable({ kind: 'KillFinished', at: clock.now(), killId, verified })
    .catch(() => undefined);
  const receipt = store.state().kill;
  if (!receipt) throw new Error('the receipt of a kill is gone');
  return receipt;
}

function listItems({ store, fleet }: KillParts): KillItem[] {
  const { orders, account } = store.state();
  const working = Object.values(orders).filter((known) => !isFinal(known));
  const held = Object.entries(account?.positions ?? {}).filter(([, qtyNanos]) => qtyNanos !== 0);
  return [
    ...working.map((known) =>
      killItem(
        'order',
        known.clientOrderId,
        `${known.side} ${known.qtyNanos / 1e9} ${known.symbol}`,
        'pending',
        'open',
      ),
    ),
    ...held.map(([symbol, qtyNanos]) =>
      killItem('position', symbol, `${symbol} ${qtyNanos / 1e9}`, 'pending', 'open'),
    ),
    ...fleet
      .aliveSlots()
      .map((slot) => killItem('sandbox', slot.slotId, slot.sandboxId ?? slot.slotId, 'pending', 'running')),
  ];
}

async function endSandboxes(
  { fleet, swarm, store, clock }: KillParts,
  mark: (item: KillItem) => void,
): Promise<void> {
  const slots = fleet.aliveSlots();
  for (const agent of Object.values(store.state().agents)) {
    swarm.move(agent.agentId, 'stopping', 'kill');
    swarm.move(agent.agentId, 'stopped', 'kill');
  }
  const failures = new Map<string, string>();
  let alive: Set<string> | null = null;
  await pollUntil(clock, async () => {
    await Promise.all(
      slots.map(({ slotId }) =>
        swarm
          .endSlot(slotId, 'kill')
          .catch(
            (error: unknown) =>
              void failures.set(slotId, error instanceof Error ? error.message : String(error)),
          ),
      ),
    );
    alive = await fleet.survivors().then(
      (ids) => new Set(ids),
      () => null,
    );
    return alive?.size === 0 && fleet.aliveSlots().length === 0;
  });
  for (const slot of slots) {
    const label = slot.sandboxId ?? slot.slotId;
    const isGone =
      alive !== null &&
      !new Set<string>(alive).has(slot.sandboxId ?? '') &&
      !fleet.aliveSlots().some((open) => open.slotId === slot.slotId);
    mark(
      killItem(
        'sandbox',
        slot.slotId,
        label,
        isGone ? 'done' : 'failed',
        isGone ? 'gone at the provider' : (failures.get(slot.slotId) ?? 'the provider still lists it'),
      ),
    );
  }
}
