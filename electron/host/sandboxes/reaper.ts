// Carries out the reaping at each start and every minute after it.
import type { Settings } from '../../contract/market.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store.ts';
import { planReap } from './reap.ts';
import type { FleetSandbox, ListedSandbox, SandboxProvider } from './provider.ts';

const reapEveryMs = 60_000;

export interface Reaper {
  /** Reaps when a minute has passed since the last time. */
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
  /** Handles of the sandboxes that this host holds; adopted ones are added. */
  readonly opened: Map<string, FleetSandbox>;
  readonly busy: ReadonlySet<string>;
  readonly lose: (slotId: string, reason: string) => void;
}

/** Creates the reaper; its owner ticks it. */
export function createReaper(parts: ReaperParts): Reaper {
  const { store, clock, log, opened, busy } = parts;
  let lastAt = clock.now();
  let running: Promise<string[]> | null = null;

  async function reapOnce(): Promise<string[]> {
    lastAt = clock.now();
    const slots = Object.values(store.state().sandboxes);
    const provider = parts.provider();
    const wasBusy = new Set(busy);
    const listed = await provider.list({ desk: parts.deskId });
    const plan = planReap({
      listed,
      slots,
      isBusy: (slotId) => busy.has(slotId) || wasBusy.has(slotId),
      isHeld: (slotId) => opened.has(slotId),
    });
    for (const sandboxId of plan.end) {
      log.warn({ sandboxId }, 'ending a sandbox that nobody uses');
      await provider.kill(sandboxId);
    }
    for (const slotId of plan.lost) parts.lose(slotId, 'gone at the provider');
    const adopted: string[] = [];
    for (const { slotId, listed: found } of plan.adopt) if (await adopt(slotId, found)) adopted.push(slotId);
    return adopted;
  }

  async function adopt(slotId: string, { sandboxId, endAt }: ListedSandbox): Promise<boolean> {
    const slot = store.state().sandboxes[slotId];
    if (!slot || slot.endedAt !== null) return false;
    try {
      const sandbox = await parts.provider().connect(sandboxId, Math.max(1, endAt - clock.now()));
      opened.set(slotId, sandbox);
      if (slot.sandboxId === null)
        store.commit({ kind: 'SandboxCreated', at: clock.now(), slotId, sandboxId, leaseEndsAt: endAt });
      log.warn({ slotId, sandboxId }, 'adopted a sandbox of an earlier run');
      return true;
    } catch (error) {
      log.warn({ err: error, slotId, sandboxId }, 'a sandbox of an earlier run could not be adopted');
      return false;
    }
  }

  function reap(): Promise<string[]> {
    running ??= reapOnce().finally(() => {
      running = null;
    });
    return running;
  }

  return {
    reap,
    tick() {
      if (clock.now() - lastAt < reapEveryMs) return;
      reap().catch((error: unknown) => log.warn({ err: error }, 'the provider could not be compared'));
    },
  };
}
