// Keeps paused sandboxes that already carry the runner. They cost nothing while paused; a deployment takes them first.
import { DeskError } from '../../contract/errors.ts';
import { isSpendSimulated } from '../../contract/simulated.ts';
import type { OutputOf } from '../../contract/define-operation.ts';
import type { poolStatus } from '../../contract/pool.ts';
import type { Sandbox } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Meter } from '../spend/meter.ts';
import { cardLabel, costMicros } from '../spend/rate-card.ts';
import type { Store } from '../store.ts';
import type { Latency } from '../watch/latency.ts';
import type { Fleet } from './fleet.ts';
import type { FleetSandbox, SandboxProvider } from './provider.ts';

const tickMs = 2_000;
/** After a refusal that may pass, for example of the budget. */
const retryMs = 30_000;
const dayS = 86_400;

export interface WarmPool {
  status(): OutputOf<typeof poolStatus>;
  /** Sets how many of them are kept running, and tries anew after a refusal. */
  keepRunning(count: number): void;
  /** Fills or shrinks now. Resolves when nothing is left to do or something is in the way. */
  settle(): Promise<void>;
  close(): void;
}

export interface WarmPoolParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly fleet: Fleet;
  readonly meter: Meter;
  readonly latency: Latency;
  /** Warm sandboxes wanted, paused and running together. */
  readonly size: () => number;
  /** Filling waits this long after a provider was connected: a start has better things to do first. */
  readonly calmMs: number;
  /** Uploads the runner unless the sandbox carries it, and checks that it starts. */
  readonly prepare: (sandbox: FleetSandbox, carriesRunner: boolean) => Promise<void>;
}

/** Creates the pool; it fills in the background, one sandbox at a time, while no deployment creates any. */
export function createWarmPool(parts: WarmPoolParts): WarmPool {
  const { store, clock, log, fleet, meter, latency } = parts;
  let wantedRunning = 0;
  let obstacle: { readonly reason: string; readonly until: number } | null = null;
  let settling: Promise<void> | null = null;
  let preparing = 0;
  let closed = false;
  let seen: SandboxProvider | null = null;
  /** On the monotonic clock. */
  let fillsFrom = 0;
  const timer = setInterval(() => void settle(), tickMs);

  function pooled(phase: 'paused' | 'ready'): Sandbox[] {
    return fleet.aliveSlots().filter((slot) => slot.pooled && slot.phase === phase);
  }

  function wantedPaused(): number {
    return Math.max(0, parts.size() - wantedRunning);
  }

  function mayFill(): boolean {
    if (closed || !fleet.provider() || store.state().entries.kind === 'latched') return false;
    if (clock.monotonicMs() < fillsFrom) return false;
    return obstacle === null || clock.now() >= obstacle.until;
  }

  function noticeProvider(): void {
    const provider = fleet.provider();
    if (provider === seen) return;
    seen = provider;
    fillsFrom = clock.monotonicMs() + parts.calmMs;
  }

  async function settleOnce(): Promise<void> {
    noticeProvider();
    await shrink('ready', wantedRunning);
    await shrink('paused', wantedPaused());
    while (mayFill() && fleet.creating() === 0) {
      const wantsRunning = pooled('ready').length < wantedRunning;
      if (!wantsRunning && pooled('paused').length >= wantedPaused()) return;
      await add(wantsRunning);
    }
  }

  async function shrink(phase: 'paused' | 'ready', wanted: number): Promise<void> {
    for (const slot of pooled(phase).slice(wanted))
      await fleet.end(slot.slotId, 'the warm pool was made smaller');
  }

  async function add(staysRunning: boolean): Promise<void> {
    preparing += 1;
    let slotId: string | undefined;
    try {
      [slotId] = fleet.reserve(1, fleet.runnerTemplate());
      if (slotId === undefined) return;
      store.commit({ kind: 'SandboxPooled', at: clock.now(), slotId, pooled: true });
      const sandbox = await fleet.open(slotId);
      await parts.prepare(sandbox, fleet.carriesRunner(slotId));
      if (!staysRunning) await fleet.pause(slotId, 'kept warm');
      fleet.markPrepared(slotId);
      obstacle = null;
    } catch (error) {
      if (slotId !== undefined) await fleet.end(slotId, 'not fit for the warm pool').catch(() => undefined);
      hinder(error);
    } finally {
      preparing -= 1;
    }
  }

  function hinder(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const forGood = error instanceof DeskError && error.code === 'POOL_UNAVAILABLE';
    obstacle = { reason, until: forGood ? Infinity : clock.now() + retryMs };
    log.warn({ err: error }, 'the warm pool is not filled');
  }

  function settle(): Promise<void> {
    settling ??= settleOnce()
      .catch(hinder)
      .finally(() => {
        settling = null;
      });
    return settling;
  }

  return {
    settle,
    keepRunning(count) {
      wantedRunning = count;
      obstacle = null;
      // The operator asks for it now.
      seen = fleet.provider();
      fillsFrom = 0;
    },
    status() {
      const running = pooled('ready').filter((slot) => fleet.isPrepared(slot.slotId));
      return {
        size: parts.size(),
        paused: pooled('paused').length,
        running: running.length,
        preparing,
        available: obstacle === null,
        reason: obstacle?.reason ?? '',
        runningPerHourMicros: running.reduce((sum, slot) => sum + costMicros(meter.card, slot, 3_600_000), 0),
        rateCard: cardLabel(meter.card),
        simulatedPrice: isSpendSimulated(store.state()),
        resumeP50Ms: latency.summary('resume', dayS).p50Ms,
      };
    },
    close() {
      closed = true;
      clearInterval(timer);
    },
  };
}
