// All sandboxes of this start: creation within the limits, and the end of each.
import { ApiFault } from './control/api-fault.ts';
import { createRateGate } from './control/rate-gate.ts';
import { createGroundSource, type GroundOptions } from './ground.ts';
import { createLease, type Lease, type LeaseTerms } from './lease.ts';
import { openSandbox } from './sandbox.ts';
import type { SandboxRequest } from './sandbox-request.ts';

const defaultMaxSessionMs = 30 * 86_400_000;

export interface FleetLimits {
  /** Sandboxes that run at the same time; paused ones do not count. */
  readonly limit: number;
  readonly createsPerSecond: number;
  /** Longest time a sandbox runs in one go, in seconds; 30 days unless given. */
  readonly maxSessionS?: number;
}

export interface SandboxFleet {
  /** Rejects with an ApiFault 429 beyond a limit. */
  create(request: SandboxRequest, terms: Omit<LeaseTerms, 'maxSessionMs'>): Promise<Lease>;
  /** All there are, paused ones included. */
  all(): Lease[];
  get(id: string): Lease | undefined;
  /** Ends the sandbox; it is unknown from the first moment. */
  kill(lease: Lease): Promise<void>;
  close(): Promise<void>;
}

export interface FleetOptions extends GroundOptions {
  /** Hears of failures that are no answer to a caller. */
  readonly report: (bug: unknown) => void;
}

export function createSandboxFleet(options: FleetOptions, limits: FleetLimits): SandboxFleet {
  const { clock, report } = options;
  const maxSessionMs = limits.maxSessionS === undefined ? defaultMaxSessionMs : limits.maxSessionS * 1_000;
  const leases = new Map<string, Lease>();
  const closing = new Set<Promise<void>>();
  const grounds = createGroundSource(options);
  const gate = createRateGate(limits.createsPerSecond, clock);
  /** Creations under way count towards the limit. */
  const opening = new Set<Promise<unknown>>();
  let closed = false;

  async function kill(lease: Lease): Promise<void> {
    if (!leases.delete(lease.sandbox.id)) return;
    const end = lease.close();
    closing.add(end);
    await end.finally(() => closing.delete(end));
  }

  function admit(): void {
    if (closed) throw new ApiFault(503, 'the sandbox service is stopping');
    const running = [...leases.values()].filter((lease) => lease.state() === 'running');
    if (running.length + opening.size >= limits.limit) throw tooMany(limits.limit);
  }

  return {
    async create(request, terms) {
      admit();
      const waitMs = gate.pass();
      if (waitMs > 0) throw tooFast(limits.createsPerSecond, waitMs);
      const size = request.size ?? options.size;
      const pending = grounds.take(size).then((ground) => openSandbox(request, ground, { ...options, size }));
      opening.add(pending);
      const sandbox = await pending.finally(() => opening.delete(pending));
      const end = () => void kill(lease).catch(report);
      const lease = createLease(sandbox, { ...terms, maxSessionMs }, { clock, admit, expired: end, report });
      leases.set(sandbox.id, lease);
      void sandbox.ended.then(end);
      return lease;
    },
    all: () => [...leases.values()],
    get: (id) => leases.get(id),
    kill,
    async close() {
      closed = true;
      await Promise.allSettled([...opening, grounds.close()]);
      await Promise.allSettled([...leases.values()].map((lease) => kill(lease)));
      await Promise.allSettled(closing);
    },
  };
}

function tooMany(limit: number): ApiFault {
  return new ApiFault(
    429,
    `you have reached the maximum number of concurrent sandboxes (${limit}); kill or pause one first`,
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
