// Where a sandbox will be: its directories and its enclosure, made before anybody asks for it. Making them takes longer
// than all the rest of a creation.
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import type { Enclosure } from './isolation/enclosure.ts';
import type { Isolation } from './isolation/isolation.ts';
import type { PipeSource } from './process/pipe-source.ts';
import { createProcessTable, type ProcessTable } from './process/process-table.ts';
import type { SandboxSize } from '../../contract/local-services.ts';

export interface GroundOptions {
  /** Holds one directory a sandbox. */
  readonly directory: string;
  readonly isolation: Isolation;
  readonly pipes: PipeSource;
  readonly clock: Clock;
  /** What each sandbox may use. */
  readonly size: SandboxSize;
}

/** What runs in a sandbox from one start of its processes to the next. */
export interface Session {
  readonly enclosure: Enclosure;
  readonly processes: ProcessTable;
}

export interface Ground {
  readonly id: string;
  /** The directory that is `/` inside. */
  readonly root: string;
  readonly session: Session;
  /** Removes all files, after the session has ended. */
  clear(): Promise<void>;
}

export interface GroundSource {
  /** Resolves with ground nobody else has, for sandboxes of this size. */
  take(size: SandboxSize): Promise<Ground>;
  close(): Promise<void>;
}

/** The first command of a sandbox is not to share the machine with the making of the next one. */
const quietMs = 100;

/** Keeps one ground ready. */
export function createGroundSource(options: GroundOptions): GroundSource {
  let spare: Promise<Ground> | undefined;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  function prepareNext(): void {
    if (isClosed || spare !== undefined) return;
    const next = prepareGround(options);
    spare = next;
    const forget = () => {
      if (spare === next) spare = undefined;
    };
    // One that fails or ends by itself is nobody's loss: whoever comes next hears why from their own.
    next.then(({ session }) => session.enclosure.ended).then(forget, forget);
  }

  prepareNext();
  return {
    async take(size) {
      if (size.cpuCount !== options.size.cpuCount || size.memoryMb !== options.size.memoryMb)
        return prepareGround({ ...options, size });
      const ready = spare;
      spare = undefined;
      const ground = (await ready?.catch(() => undefined)) ?? (await prepareGround(options));
      clearTimeout(timer);
      timer = setTimeout(prepareNext, quietMs);
      return ground;
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      const ground = await spare?.catch(() => undefined);
      await ground?.session.enclosure.close();
      await ground?.clear();
    },
  };
}

/** Starts processes' surroundings on a root, without waiting for them. */
export function startSession(
  id: string,
  root: string,
  options: GroundOptions,
  sharesNetwork: boolean,
): Session {
  const { isolation, pipes, clock, size } = options;
  const enclosure = isolation.open({ sandboxId: id, root, size, sharesNetwork });
  return { enclosure, processes: createProcessTable(enclosure, pipes, clock) };
}

/** Makes one for a sandbox of the size in the options. */
export async function prepareGround(options: GroundOptions): Promise<Ground> {
  const id = createSandboxId();
  const own = join(options.directory, id);
  const root = join(own, 'root');
  await mkdir(join(root, 'home/user'), { recursive: true, mode: 0o755 });
  await mkdir(join(root, 'root'), { mode: 0o700 });
  await mkdir(join(root, 'tmp'));
  return {
    id,
    root,
    // As most will want it: a creator who leaves it open asks for the network.
    session: startSession(id, root, options, options.isolation.network !== 'never'),
    clear: () => rm(own, { recursive: true, force: true }),
  };
}

// The form the cloud uses: letters and digits only, since ids become host names.
function createSandboxId(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return `i${[...randomBytes(20)].map((byte) => alphabet[byte % alphabet.length]).join('')}`;
}
