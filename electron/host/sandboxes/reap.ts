// Compares what the provider runs for this desk with what the journal knows, so that nothing of ours costs money unseen.
import type { Sandbox } from '../../contract/state.ts';
import type { ListedSandbox } from './provider.ts';

export interface ReapPlan {
  /** Known slots whose sandbox runs and that this host does not hold yet. */
  readonly adopt: readonly { readonly slotId: string; readonly listed: ListedSandbox }[];
  /** Running or paused for this desk and of no use: end them. */
  readonly end: readonly string[];
  /** Slots whose sandbox is gone at the provider. */
  readonly lost: readonly string[];
}

export interface ReapView {
  readonly listed: readonly ListedSandbox[];
  /** The slots as they were before the list was asked for. */
  readonly slots: readonly Sandbox[];
  /** Slots whose creation, pause, resumption or end is under way here. */
  readonly isBusy: (slotId: string) => boolean;
  readonly isHeld: (slotId: string) => boolean;
}

/** Plans the reaping. What is busy is left for the next time. */
export function planReap({ listed, slots, isBusy, isHeld }: ReapView): ReapPlan {
  const alive = slots.filter((slot) => slot.endedAt === null && !isBusy(slot.slotId));
  const adopt: { slotId: string; listed: ListedSandbox }[] = [];
  const end: string[] = [];
  for (const found of listed) {
    const slot = slots.find((candidate) => isFor(candidate, found));
    const busy = isBusy(slot?.slotId ?? found.metadata['slot'] ?? '');
    if (busy) continue;
    if (!slot || slot.endedAt !== null || !isAsRecorded(slot, found)) end.push(found.sandboxId);
    else if (slot.phase !== 'paused' && !isHeld(slot.slotId))
      adopt.push({ slotId: slot.slotId, listed: found });
  }
  const lost = alive.filter((slot) => !listed.some((found) => isFor(slot, found))).map((slot) => slot.slotId);
  return { adopt, end, lost };
}

/** A slot whose creation was not answered is known to the provider by its metadata alone. */
function isFor(slot: Sandbox, found: ListedSandbox): boolean {
  return slot.sandboxId === null
    ? slot.slotId === found.metadata['slot']
    : slot.sandboxId === found.sandboxId;
}

/** False for one that should have been ended, or that runs though it is on record as paused, or the other way round. */
function isAsRecorded(slot: Sandbox, found: ListedSandbox): boolean {
  if (slot.phase === 'ending') return false;
  return (slot.phase === 'paused') === (found.state === 'paused');
}
