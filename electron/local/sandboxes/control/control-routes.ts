// What the routes of the control plane share.
import type { Lease } from '../lease.ts';
import type { SandboxFleet } from '../sandbox-fleet.ts';
import type { SnapshotStore } from '../snapshot-store.ts';
import type { TemplateStore } from '../template-store.ts';
import type { TemplateBuilds } from './template-builds.ts';
import type { TemplateUploads } from './template-uploads.ts';

export interface ControlRoutes {
  readonly fleet: SandboxFleet;
  readonly snapshots: SnapshotStore;
  readonly templates: TemplateStore;
  readonly uploads: TemplateUploads;
  readonly builds: TemplateBuilds;
  /** How long the start command of a template may take to become ready. */
  readonly readyMs: number;
  /** What the host names of programs' ports end in. */
  readonly domain: () => string;
  /** Finds the sandbox a path names. Throws an ApiFault 404. */
  readonly named: (params: unknown) => Lease;
}
