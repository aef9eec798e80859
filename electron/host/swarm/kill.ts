// Stops everything and proves it: latch, cancel, flatten or keep, verify at the broker, end the sandboxes, verify at the provider.
// Each item of the receipt is what was verified, not what was asked for. Runs in the host; no window is needed.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventOf, KillItem } from '../../contract/events.ts';
import type { Actor, KillPolicy } from '../../contract/names.ts';
import { isFinal } from '../../contract/reduce-orders.ts';
import type { KillReceipt, Sandbox } from '../../contract/state.ts';
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
  let provider: ProviderWord = { kind: 'silent', reason: 'it was not asked' };
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
    provider = await askProvider(fleet);
    const isQuiet = fleet.aliveSlots().length === 0 && fleet.creating() === 0;
    return provider.kind === 'answered' && provider.alive.length === 0 && isQuiet;
  });
  for (const item of judgeSandboxes(fleet, slots, failures, provider)) mark(item);
}

type ProviderWord =
  | { readonly kind: 'answered'; readonly alive: readonly string[] }
  | { readonly kind: 'silent'; readonly reason: string };

/** What is alive for this desk; what no slot knows is ended on the way. */
async function askProvider(fleet: Fleet): Promise<ProviderWord> {
  try {
    const alive = await fleet.survivors();
    if (alive.length > 0) await fleet.reap().catch(() => undefined);
    return { kind: 'answered', alive };
  } catch (error) {
    return { kind: 'silent', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Nothing on record is not proof of nothing running: what the provider says is judged beyond the slots. */
function judgeSandboxes(
  fleet: Fleet,
  slots: readonly Sandbox[],
  failures: ReadonlyMap<string, string>,
  provider: ProviderWord,
): KillItem[] {
  const alive = provider.kind === 'answered' ? provider.alive : [];
  const open = new Set(fleet.aliveSlots().map((slot) => slot.slotId));
  const items = slots.map(({ slotId, sandboxId }) => {
    const label = sandboxId ?? slotId;
    if (provider.kind === 'answered' && !alive.includes(label) && !open.has(slotId))
      return killItem('sandbox', slotId, label, 'done', 'gone at the provider');
    if (provider.kind === 'answered' && sandboxId === null && !alive.includes(label))
      return killItem(
        'sandbox',
        slotId,
        label,
        'failed',
        'its creation was not answered; it may still appear',
      );
    const listed = provider.kind === 'silent' ? provider.reason : 'the provider still lists it';
    return killItem('sandbox', slotId, label, 'failed', failures.get(slotId) ?? listed);
  });
  const known = new Set(slots.map((slot) => slot.sandboxId));
  for (const id of alive.filter((sandboxId) => !known.has(sandboxId)))
    items.push(killItem('sandbox', id, id, 'failed', 'no slot knows it and it is still alive'));
  if (provider.kind === 'silent')
    items.push(
      killItem('sandbox', 'all', 'sandboxes', 'failed', `the provider did not answer: ${provider.reason}`),
    );
  if (fleet.creating() > 0)
    items.push(killItem('sandbox', 'creating', 'sandboxes', 'failed', 'a creation was not answered yet'));
  return items;
}
