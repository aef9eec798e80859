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
import type { FleetSandbox, ListedSandbox, SandboxProvider } from './provider.ts';
import { createReaper } from './reaper.ts';
import { createReservations, type ReserveOptions } from './reserve-slots.ts';
import type { RunnerTemplates } from './runner-templates.ts';

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
  /** Creates, or resumes, the sandbox of a reserved slot. Rejects with the provider's code; the reservation is then given back. */
  open(slotId: string): Promise<FleetSandbox>;
  /** Pauses a slot's sandbox and posts what it used. Rejects with POOL_UNAVAILABLE and leaves it running. */
  pause(slotId: string, reason: string): Promise<void>;
  /** Ends a slot's sandbox and posts what it used. Safe to repeat. */
  end(slotId: string, reason: string): Promise<void>;
  /** Ends everything, warm sandboxes too. */
  endAll(reason: string): Promise<void>;
  /** Marks slots whose sandboxes are gone. */
  lose(slotId: string, reason: string): void;
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
  const busy = new Set<string>();
  const prepared = new Set<string>();
  const queue = createCreationQueue({ clock, log, limits: parts.settings });
  const reserve = createReservations({ ...parts, opened, busy, prepared });
  const lists = createAnswerCache(clock, listLifeMs, () => currentProvider().list({ desk: parts.deskId }));
  const leases = createLeases({ ...parts, sandboxOf: (slotId) => opened.get(slotId) });
  const reaper = createReaper({
    ...parts,
    opened,
    busy,
    provider: currentProvider,
    lose(slotId, reason) {
      lose(slotId, reason);
      parts.onGone(slotId, reason);
    },
  });
  let provider: SandboxProvider | null = null;
  const timer = setInterval(() => {
    meter.rollDay();
    leases.tick();
    if (provider) reaper.tick();
  }, tickMs);

  function slotOf(slotId: string): Sandbox | undefined {
    return store.state().sandboxes[slotId];
  }

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

  async function open(slotId: string): Promise<FleetSandbox> {
    const slot = slotOf(slotId);
    if (!slot || slot.endedAt !== null)
      throw new DeskError('SANDBOX_NOT_FOUND', `There is no slot ${slotId}.`, { slotId });
    const held = opened.get(slotId);
    if (held) return held;
    busy.add(slotId);
    // Journalled before it is asked for: a sandbox that costs money is never unknown after a crash.
    await store.flush();
    try {
      const sandbox = slot.sandboxId === null ? await create(slot) : await resume(slot, slot.sandboxId);
      if (slotOf(slotId)?.endedAt !== null) {
        await currentProvider().kill(sandbox.sandboxId);
        throw ended(slotId);
      }
      opened.set(slotId, sandbox);
      return sandbox;
    } catch (error) {
      lose(slotId, error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      busy.delete(slotId);
      lists.clear();
    }
  }

  async function create(slot: Sandbox): Promise<FleetSandbox> {
    const { leaseMs } = parts.settings();
    const { slotId } = slot;
    const { sandbox, template } = await createFrom(slot.template, slotId, leaseMs);
    const { sandboxId } = sandbox;
    const at = clock.now();
    if (slotOf(slotId)?.endedAt === null)
      store.commit({ kind: 'SandboxCreated', at, slotId, sandboxId, leaseEndsAt: at + leaseMs, template });
    return sandbox;
  }

  /** Without the template that carries the runner, there is still the base. */
  async function createFrom(
    template: string,
    slotId: string,
    timeoutMs: number,
  ): Promise<{ sandbox: FleetSandbox; template: string }> {
    const metadata = { desk: parts.deskId, slot: slotId };
    try {
      const sandbox = await queue.add(() => {
        if (slotOf(slotId)?.endedAt !== null) throw ended(slotId);
        return measured('create', () => currentProvider().create({ template, metadata, timeoutMs }));
      });
      return { sandbox, template };
    } catch (error) {
      const isGone = error instanceof DeskError && error.code === 'TEMPLATE_NOT_FOUND';
      if (!isGone || !parts.templates.isOurs(template)) throw error;
      parts.templates.lose(template, error.message);
      return createFrom(parts.templates.inUse(provider), slotId, timeoutMs);
    }
  }

  async function resume(slot: Sandbox, sandboxId: string): Promise<FleetSandbox> {
    const leftMs = Math.max(1, (slot.leaseEndsAt ?? 0) - clock.now());
    try {
      const sandbox = await measured('resume', () => currentProvider().connect(sandboxId, leftMs));
      // Connecting only lengthens a life; this makes the provider's timeout the reservation's.
      await sandbox.extend(leftMs);
      return sandbox;
    } catch (error) {
      // It may run all the same; one that cannot be ended now is left to the reaper.
      await currentProvider()
        .kill(sandboxId)
        .catch((cause: unknown) => log.warn({ err: cause, slotId: slot.slotId }, 'sandbox not ended'));
      throw error;
    }
  }

  async function measured<T>(kind: 'create' | 'resume', run: () => Promise<T>): Promise<T> {
    const startedAt = clock.monotonicMs();
    let failed = true;
    try {
      const value = await run();
      failed = false;
      return value;
    } finally {
      parts.onOpened(kind, clock.monotonicMs() - startedAt, failed);
    }
  }

  async function pause(slotId: string, reason: string): Promise<void> {
    const sandbox = opened.get(slotId);
    if (!sandbox) throw new DeskError('SANDBOX_NOT_FOUND', `Slot ${slotId} does not run.`, { slotId });
    busy.add(slotId);
    try {
      await sandbox.pause();
      opened.delete(slotId);
      const slot = slotOf(slotId);
      if (!slot || slot.endedAt !== null) return;
      store.commit({
        kind: 'SandboxPaused',
        at: clock.now(),
        slotId,
        reason,
        postedMicros: meter.settle(slot),
      });
    } finally {
      busy.delete(slotId);
      lists.clear();
    }
  }

  async function end(slotId: string, reason: string): Promise<void> {
    const slot = slotOf(slotId);
    if (!slot || slot.endedAt !== null) return;
    if (slot.sandboxId !== null) {
      busy.add(slotId);
      store.commit({ kind: 'SandboxEnding', at: clock.now(), sandboxId: slot.sandboxId, reason });
      try {
        await currentProvider().kill(slot.sandboxId);
      } finally {
        busy.delete(slotId);
        lists.clear();
      }
    }
    opened.delete(slotId);
    prepared.delete(slotId);
    const latest = slotOf(slotId);
    if (!latest || latest.endedAt !== null) return;
    store.commit({ kind: 'SandboxEnded', at: clock.now(), slotId, postedMicros: meter.settle(latest) });
  }

  function lose(slotId: string, reason: string): void {
    const slot = slotOf(slotId);
    if (!slot || slot.endedAt !== null) return;
    opened.delete(slotId);
    prepared.delete(slotId);
    if (slot.sandboxId === null) meter.release(slotId);
    store.commit({ kind: 'SandboxLost', at: clock.now(), slotId, reason, postedMicros: meter.settle(slot) });
  }

  return {
    setProvider(next) {
      provider = next;
      lists.clear();
    },
    provider: () => provider,
    reserve,
    open,
    pause,
    end,
    async endAll(reason) {
      await Promise.allSettled(aliveSlots().map((slot) => end(slot.slotId, reason)));
    },
    lose,
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
    carriesRunner: (slotId) => parts.templates.carriesRunner(slotOf(slotId)?.template ?? ''),
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

function ended(slotId: string): DeskError {
  return new DeskError('CANCELLED', `Slot ${slotId} was ended while its sandbox was made.`);
}
