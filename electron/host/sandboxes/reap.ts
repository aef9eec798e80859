// Compares what the provider runs for this desk with what the journal knows, so that nothing of ours costs money unseen.
import type { Sandbox } from '../../contract/state.ts';
import type { ListedSandbox } from './provider.ts';

/** A creation that was not answered may still make its sandbox until then; providers answer or give up within it. */
const lateMs = 15_000;

interface Match {
  readonly slotId: string;
  readonly listed: ListedSandbox;
}

export interface ReapPlan {
  /** Known slots whose sandbox runs and that this host does not hold yet. */
  readonly adopt: readonly Match[];
  /** What creations made after all that nobody waits for any more: put it on record and end it. */
  readonly late: readonly Match[];
  /** Slots whose end is owed, or whose sandbox is not in the state on record: end them. */
  readonly endSlots: readonly { readonly slotId: string; readonly reason: string }[];
  /** Running or paused for this desk and in no slot: end them. */
  readonly endUnknown: readonly string[];
  /** Creations that nobody in this host waits for and that have made nothing yet. */
  readonly giveUp: readonly string[];
  /** Slots whose sandbox is gone at the provider, or did not appear in time. */
  readonly lost: readonly string[];
}

export interface ReapView {
  readonly listed: readonly ListedSandbox[];
  /** The slots as they were before the list was asked for, at `asOf`. */
  readonly slots: readonly Sandbox[];
  readonly asOf: number;
  /** Slots that something was done to since. */
  readonly isBusy: (slotId: string) => boolean;
  readonly isHeld: (slotId: string) => boolean;
}

/** Plans the reaping. What is busy is left for the next time. */
export function planReap({ listed, slots, asOf, isBusy, isHeld }: ReapView): ReapPlan {
  const plan = {
    adopt: [] as Match[],
    late: [] as Match[],
    endSlots: [] as { slotId: string; reason: string }[],
    endUnknown: [] as string[],
    giveUp: [] as string[],
    lost: [] as string[],
  };
  for (const found of listed) {
    const slot = slots.find((candidate) => isFor(candidate, found));
    if (isBusy(slot?.slotId ?? found.metadata['slot'] ?? '')) continue;
    if (!slot || slot.endedAt !== null) plan.endUnknown.push(found.sandboxId);
    else if (slot.givenUpAt !== null && slot.sandboxId === null)
      plan.late.push({ slotId: slot.slotId, listed: found });
    else if (slot.phase === 'ending') plan.endSlots.push({ slotId: slot.slotId, reason: slot.phaseReason });
    else if ((slot.phase === 'paused') !== (found.state === 'paused'))
      plan.endSlots.push({
        slotId: slot.slotId,
        reason: `${found.state} at the provider, ${slot.phase} on record`,
      });
    else if (slot.phase !== 'paused' && !isHeld(slot.slotId))
      plan.adopt.push({ slotId: slot.slotId, listed: found });
  }
  for (const slot of slots) {
    if (slot.endedAt !== null || isBusy(slot.slotId)) continue;
    if (listed.some((found) => isFor(slot, found))) continue;
    if (slot.sandboxId !== null) plan.lost.push(slot.slotId);
    else if (slot.givenUpAt === null) plan.giveUp.push(slot.slotId);
    else if (asOf - slot.givenUpAt >= lateMs) plan.lost.push(slot.slotId);
  }
  return plan;
}

/** A slot whose creation was not answered is known to the provider by its metadata alone. */
function isFor(slot: Sandbox, found: ListedSandbox): boolean {
  return slot.sandboxId === null
    ? slot.endedAt === null && slot.slotId === found.metadata['slot']
    : slot.sandboxId === found.sandboxId;
}
