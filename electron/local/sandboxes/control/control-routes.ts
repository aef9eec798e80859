// What the routes of the control plane share.
import type { Lease } from '../lease.ts';
import type { SandboxFleet } from '../sandbox-fleet.ts';
import type { SnapshotStore } from '../snapshot-store.ts';

export interface ControlRoutes {
  readonly fleet: SandboxFleet;
  readonly snapshots: SnapshotStore;
  /** What the host names of programs' ports end in. */
  readonly domain: () => string;
  /** Finds the sandbox a path names. Throws an ApiFault 404. */
  readonly named: (params: unknown) => Lease;
}
