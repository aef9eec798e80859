// How slots leave: paused, ended, lost, or given up while nobody knows whether their sandbox runs.
// A reservation is given back only when the provider's word, or its refusal, says that nothing runs under it.
import { DeskError } from '../../contract/errors.ts';
import type { Sandbox } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Meter } from '../spend/meter.ts';
import type { Store } from '../store.ts';
import type { FleetSandbox, SandboxProvider } from './provider.ts';
import type { SlotsInHand } from './slots-in-hand.ts';

export interface SlotClosing {
  /** Pauses a slot's sandbox and posts what it used. Rejects with POOL_UNAVAILABLE and leaves it running. */
  pause(slotId: string, reason: string): Promise<void>;
  /** Ends a slot's sandbox and posts what it used; one that may yet appear is given up. Safe to repeat. */
  end(slotId: string, reason: string): Promise<void>;
  /** Marks a slot whose sandbox is gone, or was refused. */
  lose(slotId: string, reason: unknown): void;
  /** Nobody waits for the slot's creation any more; it may run all the same, so its reservation stays. */
  giveUp(slotId: string, reason: unknown): void;
  /** Puts an end on record that could not be brought about yet; the reaper goes on with it. */
  oweEnd(slotId: string, reason: string): void;
}

export interface SlotClosingParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly inHand: SlotsInHand;
  readonly opened: Map<string, FleetSandbox>;
  readonly prepared: Set<string>;
  /** Slots whose creation the provider was asked for and has not answered. */
  readonly asked: ReadonlySet<string>;
  /** Throws SANDBOX_UNAVAILABLE while there is none. */
  readonly provider: () => SandboxProvider;
  /** What the provider has was changed. */
  readonly onChanged: () => void;
}

/** Creates the ways out over the fleet's records. */
export function createSlotClosing(parts: SlotClosingParts): SlotClosing {
  const { store, clock, meter, inHand, opened, prepared } = parts;

  function aliveSlot(slotId: string): Sandbox | undefined {
    const slot = store.state().sandboxes[slotId];
    return slot?.endedAt === null ? slot : undefined;
  }

  async function pause(slotId: string, reason: string): Promise<void> {
    const sandbox = opened.get(slotId);
    if (!sandbox) throw new DeskError('SANDBOX_NOT_FOUND', `Slot ${slotId} does not run.`, { slotId });
    inHand.take(slotId, 'pause');
    try {
      await sandbox.pause();
      const slot = aliveSlot(slotId);
      // Ended meanwhile: what it used is the end's to post.
      if (slot?.phase !== 'ready') return;
      opened.delete(slotId);
      const postedMicros = meter.settle(slot);
      store.commit({ kind: 'SandboxPaused', at: clock.now(), slotId, reason, postedMicros });
    } finally {
      inHand.release(slotId, 'pause');
      parts.onChanged();
    }
  }

  async function end(slotId: string, reason: string): Promise<void> {
    const slot = aliveSlot(slotId);
    if (!slot) return;
    if (slot.sandboxId === null) {
      const waits = inHand.has(slotId) && !parts.asked.has(slotId);
      return waits ? finish(slotId) : giveUp(slotId, reason);
    }
    inHand.take(slotId, 'end');
    oweEnd(slotId, reason);
    try {
      await parts.provider().kill(slot.sandboxId);
      finish(slotId);
    } finally {
      inHand.release(slotId, 'end');
      parts.onChanged();
    }
  }

  function finish(slotId: string): void {
    forget(slotId);
    const slot = aliveSlot(slotId);
    if (!slot) return;
    store.commit({ kind: 'SandboxEnded', at: clock.now(), slotId, postedMicros: meter.settle(slot) });
  }

  function forget(slotId: string): void {
    opened.delete(slotId);
    prepared.delete(slotId);
    inHand.release(slotId, 'reserved');
  }

  function oweEnd(slotId: string, reason: string): void {
    const slot = aliveSlot(slotId);
    if (!slot || slot.sandboxId === null || slot.phase === 'ending') return;
    store.commit({ kind: 'SandboxEnding', at: clock.now(), sandboxId: slot.sandboxId, reason });
  }

  function lose(slotId: string, reason: unknown): void {
    const slot = aliveSlot(slotId);
    if (!slot) return;
    forget(slotId);
    if (slot.sandboxId === null) meter.release(slotId);
    store.commit({
      kind: 'SandboxLost',
      at: clock.now(),
      slotId,
      ...named(reason),
      postedMicros: meter.settle(slot),
    });
  }

  function giveUp(slotId: string, reason: unknown): void {
    const slot = aliveSlot(slotId);
    if (!slot || slot.sandboxId !== null || slot.givenUpAt !== null) return;
    prepared.delete(slotId);
    store.commit({ kind: 'SandboxGivenUp', at: clock.now(), slotId, ...named(reason) });
  }

  return { pause, end, lose, giveUp, oweEnd };
}

function named(reason: unknown): { readonly reason: string; readonly code?: string } {
  if (reason instanceof DeskError) return { reason: reason.message, code: reason.code };
  return { reason: reason instanceof Error ? reason.message : String(reason) };
}
