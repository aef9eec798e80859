// The sandboxes of the desk: each is created under a lease that the budget admitted, renewed at half time, and ended for certain.
import { randomBytes } from 'node:crypto';
import PQueue from 'p-queue';
import { DeskError } from '../../contract/errors.ts';
import type { Settings } from '../../contract/market.ts';
import type { Sandbox } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Meter } from '../spend/meter.ts';
import type { Store } from '../store.ts';
import type { ProviderSandbox, SandboxProvider } from './provider.ts';

const createConcurrency = 16;
const tickMs = 1_000;

export interface Fleet {
  setProvider(provider: SandboxProvider | null): void;
  /** Reserves the leases of `count` new slots, all or none. Throws BUDGET_EXCEEDED or QUOTA_EXCEEDED. */
  reserve(count: number, template: string): string[];
  /** Creates the sandbox of a reserved slot. Rejects with SANDBOX_UNAVAILABLE; the reservation is then given back. */
  open(slotId: string): Promise<ProviderSandbox>;
  /** Ends a slot's sandbox and posts what it used. Safe to repeat. */
  end(slotId: string, reason: string): Promise<void>;
  /** Marks slots whose sandboxes are gone. */
  lose(slotId: string, reason: string): void;
  aliveSlots(): Sandbox[];
  /** Ids that the provider still runs for this desk. */
  survivors(): Promise<string[]>;
  /** Ends what the provider runs for this desk and no slot knows. */
  reap(): Promise<void>;
  close(): void;
}

export interface FleetParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly deskId: string;
  readonly settings: () => Settings['sandboxes'];
  readonly onCreated: (durationMs: number, failed: boolean) => void;
  /** The budget refused another lease: wind the slot down before the provider ends it. */
  readonly onLeaseRefused: (slotId: string, reason: string) => void;
}

/** Creates the fleet; it starts creating once a provider is set. */
export function createFleet(parts: FleetParts): Fleet {
  const { store, clock, log, meter } = parts;
  const opened = new Map<string, ProviderSandbox>();
  const renewing = new Set<string>();
  const queue = new PQueue({
    concurrency: createConcurrency,
    interval: 1_000,
    intervalCap: Math.ceil(parts.settings().createsPerSecond),
  });
  let provider: SandboxProvider | null = null;
  const timer = setInterval(() => {
    meter.rollDay();
    renewDue();
  }, tickMs);

  function slotOf(slotId: string): Sandbox | undefined {
    return store.state().sandboxes[slotId];
  }

  function aliveSlots(): Sandbox[] {
    return Object.values(store.state().sandboxes).filter((slot) => slot.endedAt === null);
  }

  function currentProvider(): SandboxProvider {
    if (!provider)
      throw new DeskError(
        'SANDBOX_UNAVAILABLE',
        'No sandbox provider is connected. It reconnects by itself; see health.',
      );
    return provider;
  }

  function reserve(count: number, template: string): string[] {
    const { limit, leaseMs, cpuCount, memoryMb } = parts.settings();
    const aliveNow = aliveSlots().length;
    if (aliveNow + count > limit) {
      throw new DeskError(
        'QUOTA_EXCEEDED',
        `${count} more sandboxes on top of ${aliveNow} pass the limit of ${limit}. Pack more agents in each or stop some.`,
        { count, alive: aliveNow, limit },
      );
    }
    const slotIds = Array.from({ length: count }, () => `slot-${randomBytes(5).toString('hex')}`);
    const size = { cpuCount, memoryMb };
    const reservedMicros = meter.reserve(slotIds, size, leaseMs);
    for (const slotId of slotIds) {
      store.commit({ kind: 'SandboxRequested', at: clock.now(), slotId, template, ...size, reservedMicros });
    }
    return slotIds;
  }

  async function open(slotId: string): Promise<ProviderSandbox> {
    const slot = slotOf(slotId);
    if (!slot) throw new DeskError('SANDBOX_NOT_FOUND', `There is no slot ${slotId}.`, { slotId });
    const { leaseMs } = parts.settings();
    // Journalled before it is asked for: a sandbox that costs money is never unknown after a crash.
    await store.flush();
    try {
      const sandbox = await queue.add(() => createMeasured(slot, leaseMs));
      if (!sandbox) throw new DeskError('CANCELLED', 'The creation was cancelled.');
      opened.set(slotId, sandbox);
      store.commit({
        kind: 'SandboxCreated',
        at: clock.now(),
        slotId,
        sandboxId: sandbox.sandboxId,
        leaseEndsAt: clock.now() + leaseMs,
      });
      return sandbox;
    } catch (error) {
      meter.release(slotId);
      const reason = error instanceof Error ? error.message : String(error);
      store.commit({ kind: 'SandboxLost', at: clock.now(), slotId, reason, postedMicros: 0 });
      throw error;
    }
  }

  async function createMeasured(slot: Sandbox, leaseMs: number): Promise<ProviderSandbox> {
    const startedAt = clock.monotonicMs();
    let failed = true;
    try {
      const metadata = { desk: parts.deskId, slot: slot.slotId };
      const sandbox = await currentProvider().create({
        template: slot.template,
        metadata,
        timeoutMs: leaseMs,
      });
      failed = false;
      return sandbox;
    } finally {
      parts.onCreated(clock.monotonicMs() - startedAt, failed);
    }
  }

  async function end(slotId: string, reason: string): Promise<void> {
    const slot = slotOf(slotId);
    if (!slot || slot.endedAt !== null) return;
    if (slot.sandboxId !== null) {
      store.commit({ kind: 'SandboxEnding', at: clock.now(), sandboxId: slot.sandboxId, reason });
      await currentProvider().kill(slot.sandboxId);
    }
    opened.delete(slotId);
    const latest = slotOf(slotId);
    if (!latest || latest.endedAt !== null) return;
    store.commit({ kind: 'SandboxEnded', at: clock.now(), slotId, postedMicros: meter.settle(latest) });
  }

  function lose(slotId: string, reason: string): void {
    const slot = slotOf(slotId);
    if (!slot || slot.endedAt !== null) return;
    opened.delete(slotId);
    store.commit({ kind: 'SandboxLost', at: clock.now(), slotId, reason, postedMicros: meter.settle(slot) });
  }

  function renewDue(): void {
    const { leaseMs } = parts.settings();
    for (const slot of aliveSlots()) {
      if (slot.phase !== 'ready' || slot.leaseEndsAt === null || renewing.has(slot.slotId)) continue;
      if (slot.leaseEndsAt - clock.now() > leaseMs / 2) continue;
      renewing.add(slot.slotId);
      void renew(slot, leaseMs).finally(() => renewing.delete(slot.slotId));
    }
  }

  async function renew(slot: Sandbox, leaseMs: number): Promise<void> {
    const sandbox = opened.get(slot.slotId);
    if (!sandbox) return;
    try {
      const { postedMicros, reservedMicros } = meter.renew(slot, leaseMs);
      const leaseEndsAt = clock.now() + leaseMs;
      store.commit({
        kind: 'SandboxLeaseRenewed',
        at: clock.now(),
        sandboxId: sandbox.sandboxId,
        leaseEndsAt,
        reservedMicros,
        postedMicros,
      });
      await sandbox.extend(leaseMs);
    } catch (error) {
      const refused = error instanceof DeskError && error.code === 'BUDGET_EXCEEDED';
      log.warn({ err: error, slotId: slot.slotId }, 'lease not renewed');
      if (refused) parts.onLeaseRefused(slot.slotId, error.message);
    }
  }

  async function survivors(): Promise<string[]> {
    return currentProvider().list({ desk: parts.deskId });
  }

  return {
    setProvider(next) {
      provider = next;
    },
    reserve,
    open,
    end,
    lose,
    aliveSlots,
    survivors,
    async reap() {
      const known = new Set(aliveSlots().map((slot) => slot.sandboxId));
      const orphans = (await survivors()).filter((sandboxId) => !known.has(sandboxId));
      for (const sandboxId of orphans) {
        log.warn({ sandboxId }, 'ending a sandbox that no slot knows');
        await currentProvider().kill(sandboxId);
      }
    },
    close() {
      clearInterval(timer);
      queue.clear();
    },
  };
}
