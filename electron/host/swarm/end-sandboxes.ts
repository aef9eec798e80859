// The sandboxes' half of a kill: ends them and asks the provider what is left. Nothing on record is not proof of nothing running.
import type { KillItem } from '../../contract/events.ts';
import type { Sandbox } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Fleet } from '../sandboxes/fleet.ts';
import { killItem, type Mark, pollUntil, reasonOf } from '../trading/kill/kill-items.ts';
import type { Swarm } from './swarm.ts';

/** What a kill needs of the fleet. */
export type KilledFleet = Pick<Fleet, 'aliveSlots' | 'creating' | 'survivors' | 'reap'>;

export interface EndParts {
  readonly clock: Clock;
  readonly fleet: KilledFleet;
  readonly swarm: Pick<Swarm, 'endSlot'>;
}

type ProviderWord =
  | { readonly kind: 'answered'; readonly alive: readonly string[] }
  | { readonly kind: 'silent'; readonly reason: string };

/** Ends these slots, and nothing else. Never rejects: what failed stands in the marked items. */
export async function endSlots(parts: EndParts, slots: readonly Sandbox[], mark: Mark): Promise<void> {
  if (slots.length === 0) return;
  const isOurs = (alive: readonly string[]): boolean =>
    slots.some(({ sandboxId }) => sandboxId !== null && alive.includes(sandboxId));
  const { failures, provider } = await endUntil(parts, slots, (alive) => {
    const ids = new Set(slots.map(({ slotId }) => slotId));
    return !isOurs(alive) && !parts.fleet.aliveSlots().some(({ slotId }) => ids.has(slotId));
  });
  for (const item of judgeSlots(parts.fleet, slots, failures, provider)) mark(item);
}

/**
 * Ends whatever is alive for this desk: the listed slots, warm ones, those that are being made, and what no slot knows.
 * A listed one that has ended meanwhile is judged too.
 */
export async function endAllSandboxes(
  parts: EndParts,
  listed: readonly Sandbox[],
  mark: Mark,
): Promise<void> {
  const { fleet } = parts;
  const alive = fleet.aliveSlots();
  const aliveIds = new Set(alive.map(({ slotId }) => slotId));
  const slots = [...alive, ...listed.filter(({ slotId }) => !aliveIds.has(slotId))];
  const { failures, provider } = await endUntil(
    parts,
    slots,
    (alive) => alive.length === 0 && fleet.aliveSlots().length === 0 && fleet.creating() === 0,
    // What no slot knows is ended on the way.
    async (alive) => {
      if (alive.length > 0) await fleet.reap().catch(() => undefined);
    },
  );
  for (const item of judgeSlots(fleet, slots, failures, provider)) mark(item);
  for (const item of judgeOthers(fleet, slots, provider)) mark(item);
}

async function endUntil(
  { clock, fleet, swarm }: EndParts,
  slots: readonly Sandbox[],
  isQuiet: (alive: readonly string[]) => boolean,
  onAlive: (alive: readonly string[]) => Promise<void> = () => Promise.resolve(),
): Promise<{ failures: ReadonlyMap<string, string>; provider: ProviderWord }> {
  const failures = new Map<string, string>();
  let provider: ProviderWord = { kind: 'silent', reason: 'it was not asked' };
  await pollUntil(clock, async () => {
    await Promise.all(
      slots.map(({ slotId }) =>
        swarm.endSlot(slotId, 'kill').catch((error: unknown) => void failures.set(slotId, reasonOf(error))),
      ),
    );
    try {
      const alive = await fleet.survivors();
      await onAlive(alive);
      provider = { kind: 'answered', alive };
      return isQuiet(alive);
    } catch (error) {
      provider = { kind: 'silent', reason: reasonOf(error) };
      return false;
    }
  });
  return { failures, provider };
}

function judgeSlots(
  fleet: KilledFleet,
  slots: readonly Sandbox[],
  failures: ReadonlyMap<string, string>,
  provider: ProviderWord,
): KillItem[] {
  const alive = provider.kind === 'answered' ? provider.alive : [];
  const open = new Set(fleet.aliveSlots().map((slot) => slot.slotId));
  return slots.map(({ slotId, sandboxId }) => {
    const label = sandboxId ?? slotId;
    const isListed = alive.includes(label);
    if (provider.kind === 'answered' && !isListed && !open.has(slotId))
      return killItem('sandbox', slotId, label, 'done', 'gone at the provider');
    if (provider.kind === 'answered' && sandboxId === null && !isListed)
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
}

function judgeOthers(fleet: KilledFleet, slots: readonly Sandbox[], provider: ProviderWord): KillItem[] {
  const known = new Set(slots.map((slot) => slot.sandboxId));
  const alive = provider.kind === 'answered' ? provider.alive : [];
  const items = alive
    .filter((sandboxId) => !known.has(sandboxId))
    .map((id) => killItem('sandbox', id, id, 'failed', 'no slot knows it and it is still alive'));
  if (provider.kind === 'silent') {
    const detail = `the provider did not answer: ${provider.reason}`;
    items.push(killItem('sandbox', 'all', 'sandboxes', 'failed', detail));
  }
  if (fleet.creating() > 0)
    items.push(killItem('sandbox', 'creating', 'sandboxes', 'failed', 'a creation was not answered yet'));
  return items;
}
