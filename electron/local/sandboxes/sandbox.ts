// One sandbox: what was asked for, its files, its processes, its end.
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { ApiFault } from './control/api-fault.ts';
import { findAccount } from './account.ts';
import { copyTree } from './files/copy-tree.ts';
import { createFileMetadata, type FileMetadata } from './files/file-metadata.ts';
import { createFileTree } from './files/file-tree.ts';
import { createPolledWatches, type PolledWatches } from './files/polled-watches.ts';
import type { Ground, GroundOptions } from './ground.ts';
import type { SandboxSize } from '../../contract/local-services.ts';
import { ownPrograms } from './isolation/sudo-script.ts';
import { markSandbox } from './mark-sandbox.ts';
import { keepSession } from './session-keeper.ts';
import { createDiskLimit, type DiskLimit } from './metrics/disk-limit.ts';
import { createUsageMeter, type UsageMeter } from './metrics/usage-meter.ts';
import { isReached, type NetworkPolicy } from './network-policy.ts';
import type { ProcessTable } from './process/process-table.ts';
import { type SandboxAccount, sandboxAccount } from './sandbox-account.ts';
import {
  baseDefaults,
  type CopiedFiles,
  type SandboxDefaults,
  type SandboxRequest,
} from './sandbox-request.ts';

const searchPath = `${ownPrograms}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;

export interface Sandbox {
  readonly id: string;
  readonly templateId: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** What the creator set of the environment. */
  readonly envs: Readonly<Record<string, string>>;
  /** What its template set. */
  readonly defaults: SandboxDefaults;
  /** Environment that every process starts with. */
  readonly environment: Readonly<Record<string, string>>;
  readonly size: SandboxSize;
  readonly accessToken: string;
  readonly startedAt: number;
  /** Settles when its processes are gone without having been asked to. */
  readonly ended: Promise<void>;
  /** Throws `unauthenticated` for an account that is not offered; none named means its template's. */
  as(user: string | undefined): SandboxAccount;
  /** Those since the last cold start. */
  readonly processes: ProcessTable;
  readonly watches: PolledWatches;
  readonly meter: UsageMeter;
  readonly diskLimit: DiskLimit;
  /** Ties a client's connection to the running sandbox. */
  hold(connection: Socket): () => void;
  /** Cuts connections and stops processes where they are, or ends them. */
  pause(keepMemory: boolean): Promise<void>;
  /** Lets processes go on if they were kept and are wanted; starts without any otherwise. */
  resume(keepMemory: boolean): Promise<void>;
  /** Copies its files to a directory while its processes stand still. */
  copyFiles(target: string): Promise<CopiedFiles>;
  /** What its creator last asked of its network. */
  network(): NetworkPolicy;
  /** Whether programs started now reach what the machine reaches. */
  reachesNetwork(): boolean;
  /** Applies to programs started from then on. Throws an ApiFault 400 for what nobody enforces, 409 while programs run that would go on reaching it. */
  setNetwork(policy: NetworkPolicy): Promise<void>;
  /** Ends processes, cuts connections, removes the files. */
  close(): Promise<void>;
}

/** Makes a sandbox of the ground, which is cleared when that fails. */
export async function openSandbox(
  request: SandboxRequest,
  ground: Ground,
  options: GroundOptions,
): Promise<Sandbox> {
  const { root } = ground;
  try {
    const { enclosure, processes } = ground.session;
    const wanted = isReached(request.network, options.isolation.network);
    if (enclosure.sharesNetwork() !== wanted) {
      enclosure.shareNetwork(wanted);
      await processes.renewDoors();
    }
    if (request.filesFrom !== undefined) {
      // Until then its root is being written to.
      await ground.session.enclosure.ready;
      await copyTree(request.filesFrom.root, root);
    }
    const metadata = await createFileMetadata(root, request.filesFrom?.metadata ?? new Map());
    const sandbox = sandboxOn(ground, request, metadata, options);
    await markSandbox(sandbox.as('user').files, sandbox);
    return sandbox;
  } catch (error) {
    await ground.session.enclosure.close();
    await ground.clear();
    throw error;
  }
}

function sandboxOn(
  ground: Ground,
  request: SandboxRequest,
  metadata: FileMetadata,
  options: GroundOptions,
): Sandbox {
  const { id, root } = ground;
  const { isolation, clock, size } = options;
  const defaults = request.defaults ?? baseDefaults;
  const sessions = keepSession(ground, options);
  const connections = new Set<Socket>();
  const watches = createPolledWatches();
  const meter = createUsageMeter({ root, size, clock, usage: () => sessions.current().enclosure.usage() });
  const environment = {
    PATH: searchPath,
    HOME: ground.session.enclosure.home,
    USER: 'user',
    LOGNAME: 'user',
    E2B_SANDBOX: 'true',
    E2B_SANDBOX_ID: id,
    E2B_TEMPLATE_ID: request.templateId,
    ...defaults.envs,
    ...request.envs,
  };
  let { network } = request;

  function cutConnections(): void {
    for (const connection of connections) connection.destroy();
  }

  return {
    id,
    templateId: request.templateId,
    metadata: request.metadata,
    envs: request.envs,
    defaults,
    environment,
    size,
    accessToken: randomBytes(24).toString('hex'),
    startedAt: clock.now(),
    ended: sessions.ended,
    as(user) {
      const account = findAccount(user || defaults.user, isolation.accounts);
      const files = createFileTree({ root, mounts: isolation.mounts, home: account.home, metadata });
      return sandboxAccount(account, files, environment, defaults.workdir);
    },
    get processes() {
      return sessions.current().processes;
    },
    watches,
    meter,
    diskLimit: createDiskLimit({ size, diskBytes: meter.diskBytes, session: sessions.current }),
    hold(connection) {
      connections.add(connection);
      return () => connections.delete(connection);
    },
    pause(keepMemory) {
      cutConnections();
      return sessions.pause(keepMemory);
    },
    resume: sessions.resume,
    copyFiles: (target) =>
      sessions.whileStill(async () => {
        await copyTree(root, target);
        return { root: target, metadata: await metadata.below(root) };
      }),
    network: () => network,
    reachesNetwork: () => sessions.current().enclosure.sharesNetwork(),
    async setNetwork(policy) {
      if (!(await sessions.shareNetwork(isReached(policy, isolation.network))))
        throw new ApiFault(
          409,
          `programs in sandbox '${id}' that reach the network still run: end them before it is denied`,
        );
      network = policy;
    },
    async close() {
      cutConnections();
      watches.close();
      await sessions.end();
      await ground.clear();
    },
  };
}
