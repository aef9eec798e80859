// The sandboxes of the desk: each is created, resumed and adopted under a lease that the budget admitted, and ended for certain.
import { DeskError } from '../../contract/errors.ts';
import type { Settings } from '../../contract/market.ts';
import type { Sandbox } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Meter } from '../spend/meter.ts';
import type { Store } from '../store.ts';
import { createAnswerCache } from './answer-cache.ts';
import { createCreationQueue } from './creation-queue.ts';
import { createLeases } from './leases.ts';
import { createSlotClosing } from './close-slots.ts';
import { createSlotOpening } from './open-slots.ts';
import type { FleetSandbox, ListedSandbox, SandboxProvider } from './provider.ts';
import { createReaper } from './reaper.ts';
import { createReservations, type ReserveOptions } from './reserve-slots.ts';
import type { RunnerTemplates } from './runner-templates.ts';
import { createSlotsInHand } from './slots-in-hand.ts';

const tickMs = 1_000;
const listLifeMs = 2_000;

export interface Fleet {
  setProvider(provider: SandboxProvider | null): void;
  provider(): SandboxProvider | null;
  /**
   * Reserves the leases of `count` slots, all or none; warm ones are taken first where `warm` allows.
   * Throws BUDGET_EXCEEDED or QUOTA_EXCEEDED. A successor is not counted against the limit: its predecessor ends.
   */
  reserve(count: number, template: string, options?: ReserveOptions): string[];
  /**
   * Creates, or resumes, the sandbox of a reserved slot. Rejects with the provider's code; the reservation is given back
   * once it is certain that nothing runs under it.
   */
  open(slotId: string): Promise<FleetSandbox>;
  /** Pauses a slot's sandbox and posts what it used. Rejects with POOL_UNAVAILABLE and leaves it running. */
  pause(slotId: string, reason: string): Promise<void>;
  /** Ends a slot's sandbox and posts what it used; one that is being made is ended as soon as it is there. Safe to repeat. */
  end(slotId: string, reason: string): Promise<void>;
  /** Ends everything, warm sandboxes too. */
  endAll(reason: string): Promise<void>;
  /** The connection is gone: a local provider's sandboxes went with it, another's are ended, but for the paused ones. */
  disown(reason: string): void;
  aliveSlots(): Sandbox[];
  /** The slot of a running sandbox and its handle. Throws SANDBOX_NOT_FOUND. */
  find(sandboxId: string): { slot: Sandbox; sandbox: FleetSandbox };
  /** The runner is in the slot's sandbox and was checked. */
  markPrepared(slotId: string): void;
  /** What sandboxes that are to run agents start from. */
  runnerTemplate(): string;
  /** True when the slot's sandbox was made from a template with the runner in it. */
  carriesRunner(slotId: string): boolean;
  /** True when the runner is in the sandbox already. */
  isPrepared(slotId: string): boolean;
  /** Ids that the provider still has for this desk, asked now. */
  survivors(): Promise<string[]>;
  /** What the provider has for this desk, at most two seconds old. */
  listed(): Promise<readonly ListedSandbox[]>;
  /** Ends what no slot knows, marks what is gone, and returns the slots that were taken over from an earlier host. */
  reap(): Promise<string[]>;
  /** Milliseconds until `count` further creations are done, each taking `createMs`. */
  creationEtaMs(count: number, createMs: number): number;
  /** Creations that wait or run. */
  creating(): number;
  close(): void;
}

export interface FleetParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly deskId: string;
  readonly settings: () => Settings['sandboxes'];
  readonly templates: RunnerTemplates;
  /** `kind` is "create" or "resume". */
  readonly onOpened: (kind: 'create' | 'resume', durationMs: number, failed: boolean) => void;
  /** The budget refused another lease: wind the slot down before the provider ends it. */
  readonly onLeaseRefused: (slotId: string, reason: string) => void;
  /** The session nears its cap. Resolves when a successor has taken over. */
  readonly onSessionEnding: (slotId: string) => Promise<void>;
  /** The reaper found the slot's sandbox gone. */
  readonly onGone: (slotId: string, reason: string) => void;
}

/** Creates the fleet; it starts creating once a provider is set. */
export function createFleet(parts: FleetParts): Fleet {
  const { store, clock, log, meter } = parts;
  const opened = new Map<string, FleetSandbox>();
  const prepared = new Set<string>();
  const asked = new Set<string>();
  const inHand = createSlotsInHand();
  const queue = createCreationQueue({ clock, log, limits: parts.settings });
  const lists = createAnswerCache(clock, listLifeMs, () => currentProvider().list({ desk: parts.deskId }));
  const common = {
    ...parts,
    opened,
    prepared,
    asked,
    inHand,
    provider: currentProvider,
    onChanged: lists.clear,
  };
  const closing = createSlotClosing(common);
  const open = createSlotOpening({ ...common, queue, closing });
  const reserve = createReservations(common);
  const leases = createLeases({ ...parts, sandboxOf: (slotId) => opened.get(slotId) });
  const reaper = createReaper({ ...common, closing });
  let provider: SandboxProvider | null = null;
  const timer = setInterval(() => {
    meter.rollDay();
    leases.tick();
    if (provider) reaper.tick();
  }, tickMs);

  function aliveSlots(): Sandbox[] {
    return Object.values(store.state().sandboxes).filter((slot) => slot.endedAt === null);
  }

  function currentProvider(): SandboxProvider {
    if (provider) return provider;
    throw new DeskError(
      'SANDBOX_UNAVAILABLE',
      'No sandbox provider is connected. It reconnects by itself; see health.',
    );
  }

  function disown(reason: string): void {
    const isLocal = provider?.name !== 'e2b';
    for (const { slotId, phase } of aliveSlots()) {
      if (isLocal) closing.lose(slotId, reason);
      else if (phase !== 'paused')
        closing
          .end(slotId, reason)
          .catch((error: unknown) => log.warn({ err: error, slotId }, 'sandbox not ended'));
    }
  }

  return {
    setProvider(next) {
      provider = next;
      lists.clear();
    },
    provider: () => provider,
    reserve,
    open,
    pause: closing.pause,
    end: closing.end,
    async endAll(reason) {
      await Promise.allSettled(aliveSlots().map((slot) => closing.end(slot.slotId, reason)));
    },
    disown,
    aliveSlots,
    find(sandboxId) {
      const slot = aliveSlots().find((candidate) => candidate.sandboxId === sandboxId);
      const sandbox = slot && opened.get(slot.slotId);
      if (slot && sandbox) return { slot, sandbox };
      throw new DeskError(
        'SANDBOX_NOT_FOUND',
        `There is no running sandbox "${sandboxId}". See list for the ids.`,
        { id: sandboxId },
      );
    },
    markPrepared: (slotId) => void prepared.add(slotId),
    runnerTemplate: () => parts.templates.inUse(provider),
    carriesRunner: (slotId) => parts.templates.carriesRunner(store.state().sandboxes[slotId]?.template ?? ''),
    isPrepared: (slotId) => prepared.has(slotId),
    survivors: async () =>
      (await currentProvider().list({ desk: parts.deskId })).map((listed) => listed.sandboxId),
    listed: () => lists.get(parts.deskId),
    reap: reaper.reap,
    creationEtaMs: queue.etaMs,
    creating: queue.size,
    close() {
      clearInterval(timer);
      queue.close();
    },
  };
}
