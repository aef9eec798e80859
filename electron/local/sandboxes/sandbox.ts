// One sandbox: what was asked for, its files, its processes, its end.
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import type { CommandLine } from './isolation/enclosure.ts';
import { createFileTree, type FileTree } from './files/file-tree.ts';
import { createPolledWatches, type PolledWatches } from './files/polled-watches.ts';
import type { Isolation } from './isolation/isolation.ts';
import type { PipeSource } from './process/pipe-source.ts';
import { createProcessTable, type ProcessTable } from './process/process-table.ts';
import type { ProcessConfig } from './proto/process_pb.ts';

const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a caller asks of a new sandbox. */
export interface SandboxRequest {
  readonly templateId: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly envs: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export interface Sandbox {
  readonly id: string;
  readonly templateId: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Environment that every process starts with. */
  readonly environment: Readonly<Record<string, string>>;
  readonly accessToken: string;
  readonly startedAt: number;
  /** Settles when its processes are gone. */
  readonly ended: Promise<void>;
  readonly files: FileTree;
  readonly processes: ProcessTable;
  readonly watches: PolledWatches;
  /** Completes a client's request with the sandbox's environment and directory. */
  commandLine(config: ProcessConfig): CommandLine;
  /** Ties a client's connection to the sandbox's life. */
  hold(connection: Socket): () => void;
  /** Ends processes, cuts connections, removes the files. */
  close(): Promise<void>;
}

export interface SandboxOptions {
  /** Holds one directory a sandbox. */
  readonly directory: string;
  readonly isolation: Isolation;
  readonly pipes: PipeSource;
  readonly clock: Clock;
}

/** Makes the directories and starts the enclosure without waiting for it. */
export async function openSandbox(request: SandboxRequest, options: SandboxOptions): Promise<Sandbox> {
  const id = createSandboxId();
  const own = join(options.directory, id);
  const root = join(own, 'root');
  await mkdir(join(root, 'home/user'), { recursive: true, mode: 0o755 });
  await mkdir(join(root, 'tmp'));
  const enclosure = options.isolation.open({ sandboxId: id, root });
  const connections = new Set<Socket>();
  const watches = createPolledWatches();
  const environment = {
    PATH: searchPath,
    HOME: enclosure.home,
    USER: 'user',
    LOGNAME: 'user',
    E2B_SANDBOX: 'true',
    E2B_SANDBOX_ID: id,
    E2B_TEMPLATE_ID: request.templateId,
    ...request.envs,
  };

  return {
    id,
    templateId: request.templateId,
    metadata: request.metadata,
    environment,
    accessToken: randomBytes(24).toString('hex'),
    startedAt: options.clock.now(),
    ended: enclosure.ended,
    files: createFileTree({ root, mounts: options.isolation.mounts, home: '/home/user' }),
    processes: createProcessTable(enclosure, options.pipes, options.clock),
    watches,
    commandLine: ({ cmd, args, envs, cwd }) => ({
      file: cmd,
      args,
      env: { ...environment, ...envs },
      cwd: insideHome(cwd),
    }),
    hold(connection) {
      connections.add(connection);
      return () => connections.delete(connection);
    },
    async close() {
      for (const connection of connections) connection.destroy();
      watches.close();
      await enclosure.close();
      await rm(own, { recursive: true, force: true });
    },
  };
}

// The form the cloud uses: letters and digits only, since ids become host names.
function createSandboxId(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return `i${[...randomBytes(20)].map((byte) => alphabet[byte % alphabet.length]).join('')}`;
}

function insideHome(cwd: string | undefined): string {
  if (cwd === undefined || cwd === '' || cwd === '~') return '/home/user';
  if (cwd.startsWith('~/')) return `/home/user/${cwd.slice(2)}`;
  return cwd.startsWith('/') ? cwd : `/home/user/${cwd}`;
}
