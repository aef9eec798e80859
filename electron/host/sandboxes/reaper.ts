// Carries out the reaping at each start, every minute after it, and every few seconds while something is owed.
import type { Settings } from '../../contract/market.ts';
import type { Sandbox } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store.ts';
import type { SlotClosing } from './close-slots.ts';
import type { FleetSandbox, ListedSandbox, SandboxProvider } from './provider.ts';
import { planReap, type ReapPlan } from './reap.ts';
import { recordFound } from './record-found.ts';
import type { SlotsInHand } from './slots-in-hand.ts';

const reapEveryMs = 60_000;
/** While an end is owed, a creation is unanswered, or the last comparison failed. */
const reapSoonMs = 5_000;

export interface Reaper {
  /** Reaps when its time has come. */
  tick(): void;
  /** Reaps now. Resolves with the slots that were adopted. */
  reap(): Promise<string[]>;
}

export interface ReaperParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly deskId: string;
  readonly settings: () => Settings['sandboxes'];
  readonly provider: () => SandboxProvider;
  readonly closing: SlotClosing;
  /** Handles of the sandboxes that this host holds; adopted ones are added. */
  readonly opened: Map<string, FleetSandbox>;
  readonly inHand: SlotsInHand;
  /** A slot that somebody may be using was found gone, or had to be ended. */
  readonly onGone: (slotId: string, reason: string) => void;
}

/** Creates the reaper; its owner ticks it. */
export function createReaper(parts: ReaperParts): Reaper {
  const { store, clock, log, closing, opened, inHand } = parts;
  let lastAt = clock.now();
  let failed = false;
  let running: Promise<string[]> | null = null;

  async function reapOnce(): Promise<string[]> {
    lastAt = clock.now();
    failed = true;
    const watch = inHand.watch();
    try {
      const slots = Object.values(store.state().sandboxes);
      const listed = await parts.provider().list({ desk: parts.deskId });
      const plan = planReap({
        listed,
        slots,
        asOf: lastAt,
        isBusy: watch.has,
        isHeld: (slotId) => opened.has(slotId),
      });
      failed = false;
      return await carryOut(plan);
    } finally {
      watch.stop();
    }
  }

  async function carryOut(plan: ReapPlan): Promise<string[]> {
    for (const slotId of plan.giveUp)
      closing.giveUp(slotId, 'the host stopped before its creation was answered');
    for (const slotId of plan.lost) lose(slotId);
    const adopting = plan.adopt.map(({ slotId, listed }) => adopt(slotId, listed));
    await Promise.all([
      ...plan.endUnknown.map((sandboxId) => endUnknown(sandboxId)),
      ...plan.endSlots.map(({ slotId, reason }) => endSlot(slotId, reason)),
      ...plan.late.map(({ slotId, listed }) => {
        recordFound(store, clock, slotId, listed);
        return endSlot(slotId, store.state().sandboxes[slotId]?.phaseReason ?? '');
      }),
    ]);
    return (await Promise.all(adopting)).filter((slotId) => slotId !== null);
  }

  /** One that cannot be ended must not keep the others alive. */
  async function endUnknown(sandboxId: string): Promise<void> {
    log.warn({ sandboxId }, 'ending a sandbox that nobody uses');
    await parts
      .provider()
      .kill(sandboxId)
      .catch((error: unknown) => {
        failed = true;
        log.warn({ err: error, sandboxId }, 'a sandbox that nobody uses was not ended');
      });
  }

  async function endSlot(slotId: string, reason: string): Promise<void> {
    const isUsed = opened.has(slotId);
    log.warn({ slotId, reason }, 'ending a sandbox');
    await closing
      .end(slotId, reason)
      .catch((error: unknown) => log.warn({ err: error, slotId }, 'sandbox not ended'));
    if (isUsed) parts.onGone(slotId, reason);
  }

  function lose(slotId: string): void {
    const { sandboxId, phaseReason } = store.state().sandboxes[slotId] ?? {};
    const reason = sandboxId === null ? `${phaseReason}; nothing appeared` : 'gone at the provider';
    closing.lose(slotId, reason);
    parts.onGone(slotId, reason);
  }

  async function adopt(slotId: string, found: ListedSandbox): Promise<string | null> {
    const { sandboxId, endAt } = found;
    inHand.take(slotId, 'adopt');
    try {
      const sandbox = await parts.provider().connect(sandboxId, Math.max(1, endAt - clock.now()));
      if (!isWanted(store.state().sandboxes[slotId])) return null;
      opened.set(slotId, sandbox);
      recordFound(store, clock, slotId, found);
      log.warn({ slotId, sandboxId }, 'adopted a sandbox of an earlier run');
      return slotId;
    } catch (error) {
      log.warn({ err: error, slotId, sandboxId }, 'a sandbox of an earlier run could not be adopted');
      return null;
    } finally {
      inHand.release(slotId, 'adopt');
    }
  }

  function reap(): Promise<string[]> {
    running ??= reapOnce().finally(() => {
      running = null;
    });
    return running;
  }

  function isOwed(slot: Sandbox): boolean {
    if (slot.endedAt !== null || inHand.has(slot.slotId)) return false;
    const isUnheld = slot.phase === 'ready' && !opened.has(slot.slotId);
    return slot.phase === 'ending' || slot.phase === 'creating' || isUnheld;
  }

  return {
    reap,
    tick() {
      const sinceMs = clock.now() - lastAt;
      if (sinceMs < reapSoonMs) return;
      const isUrgent = failed || Object.values(store.state().sandboxes).some(isOwed);
      if (!isUrgent && sinceMs < reapEveryMs) return;
      reap().catch((error: unknown) => log.warn({ err: error }, 'the provider could not be compared'));
    },
  };
}

/** It may have been ended, or given up, while the provider was asked. */
function isWanted(slot: Sandbox | undefined): boolean {
  if (!slot || slot.endedAt !== null) return false;
  return slot.phase === 'ready' || (slot.phase === 'creating' && slot.givenUpAt === null);
}
