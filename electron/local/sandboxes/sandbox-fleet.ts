// All sandboxes of this start: creation within the limits, expiry, and the end of each.
import { ApiFault } from './control/api-fault.ts';
import { createRateGate } from './control/rate-gate.ts';
import { openSandbox, type Sandbox, type SandboxOptions, type SandboxRequest } from './sandbox.ts';

/** Node's timers overflow beyond this; a longer wait is taken in several. */
const longestTimerMs = 2 ** 31 - 1;

export interface FleetLimits {
  /** Sandboxes at the same time. */
  readonly limit: number;
  readonly createsPerSecond: number;
}

export interface SandboxFleet {
  /** Rejects with an ApiFault 429 beyond a limit. */
  create(request: SandboxRequest): Promise<Sandbox>;
  running(): Sandbox[];
  get(id: string): Sandbox | undefined;
  /** Epoch milliseconds at which the sandbox expires. */
  endAt(sandbox: Sandbox): number;
  /** Milliseconds until it expires. */
  remainingMs(sandbox: Sandbox): number;
  /** Moves the expiry to `timeoutMs` from now. */
  setTimeout(sandbox: Sandbox, timeoutMs: number): void;
  /** Ends the sandbox; it is unknown from the first moment. */
  kill(sandbox: Sandbox): Promise<void>;
  close(): Promise<void>;
}

interface Lease {
  readonly sandbox: Sandbox;
  endAt: number;
  timer: NodeJS.Timeout | undefined;
}

export function createSandboxFleet(options: SandboxOptions, limits: FleetLimits): SandboxFleet {
  const { clock } = options;
  const leases = new Map<string, Lease>();
  const closing = new Set<Promise<void>>();
  const gate = createRateGate(limits.createsPerSecond, clock);
  /** Creations under way count towards the limit. */
  const opening = new Set<Promise<Sandbox>>();
  let closed = false;

  function watch(lease: Lease): void {
    clearTimeout(lease.timer);
    const remainingMs = Math.max(0, lease.endAt - clock.now());
    lease.timer = setTimeout(
      () => (lease.endAt <= clock.now() ? void kill(lease.sandbox) : watch(lease)),
      Math.min(remainingMs, longestTimerMs),
    );
  }

  async function kill(sandbox: Sandbox): Promise<void> {
    const lease = leases.get(sandbox.id);
    if (lease === undefined) return;
    leases.delete(sandbox.id);
    clearTimeout(lease.timer);
    const end = sandbox.close();
    closing.add(end);
    await end.finally(() => closing.delete(end));
  }

  function admit(): void {
    if (closed) throw new ApiFault(503, 'the sandbox service is stopping');
    if (leases.size + opening.size >= limits.limit) throw tooMany(limits.limit);
    const waitMs = gate.pass();
    if (waitMs > 0) throw tooFast(limits.createsPerSecond, waitMs);
  }

  function leaseOf(sandbox: Sandbox): Lease {
    const lease = leases.get(sandbox.id);
    if (lease === undefined) throw ApiFault.sandboxNotFound(sandbox.id);
    return lease;
  }

  return {
    async create(request) {
      admit();
      const pending = openSandbox(request, options);
      opening.add(pending);
      const sandbox = await pending.finally(() => opening.delete(pending));
      const lease: Lease = { sandbox, endAt: sandbox.startedAt + request.timeoutMs, timer: undefined };
      leases.set(sandbox.id, lease);
      watch(lease);
      void sandbox.ended.then(() => kill(sandbox));
      return sandbox;
    },
    running: () => [...leases.values()].map((lease) => lease.sandbox),
    get: (id) => leases.get(id)?.sandbox,
    endAt: (sandbox) => leaseOf(sandbox).endAt,
    remainingMs: (sandbox) => leaseOf(sandbox).endAt - clock.now(),
    setTimeout(sandbox, timeoutMs) {
      const lease = leaseOf(sandbox);
      lease.endAt = clock.now() + timeoutMs;
      watch(lease);
    },
    kill,
    async close() {
      closed = true;
      await Promise.allSettled(opening);
      await Promise.allSettled([...leases.values()].map((lease) => kill(lease.sandbox)));
      await Promise.allSettled(closing);
    },
  };
}

function tooMany(limit: number): ApiFault {
  return new ApiFault(
    429,
    `you have reached the maximum number of concurrent sandboxes (${limit}); kill one first`,
  );
}

function tooFast(perSecond: number, waitMs: number): ApiFault {
  const retryAfterS = Math.max(1, Math.ceil(waitMs / 1_000));
  return new ApiFault(
    429,
    `more than ${perSecond} sandboxes were created in a second; try again later`,
    retryAfterS,
  );
}
