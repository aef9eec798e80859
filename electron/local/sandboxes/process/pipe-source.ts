// Makes real pipes for the commands of sandboxes. Node connects a child's streams with sockets, and a socket cannot be
// opened again by name: `echo x > /dev/stderr` would fail inside. Named pipes, opened and then unlinked, can.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const batch = 256;

/** One pipe: `theirs` is the descriptor to give to a child and to close afterwards, `ours` the stream on the other end. */
export interface ChildPipe {
  readonly ours: Socket;
  readonly theirs: number;
}

export interface PipeSource {
  /** Resolves with a pipe the child writes to. */
  fromChild(): Promise<ChildPipe>;
  /** Resolves with a pipe the child reads from. */
  toChild(): Promise<ChildPipe>;
  /** Resolves when nothing more is written to the directory; nobody may ask for a pipe from then on. */
  close(): Promise<void>;
}

/** Keeps a reserve of named pipes in `directory`, which it creates. */
export async function createPipeSource(directory: string): Promise<PipeSource> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const reserve: string[] = [];
  let refill: Promise<void> | undefined;

  async function make(): Promise<void> {
    const paths = Array.from({ length: batch }, () => join(directory, randomBytes(8).toString('hex')));
    await run('mkfifo', ['-m', '600', '--', ...paths]);
    reserve.push(...paths);
  }

  async function take(): Promise<string> {
    for (;;) {
      if (reserve.length < batch / 2) {
        refill ??= make().finally(() => {
          refill = undefined;
        });
      }
      const path = reserve.pop();
      if (path !== undefined) {
        refill?.catch(() => undefined);
        return path;
      }
      await refill;
    }
  }

  await make();
  return {
    async fromChild() {
      const path = await take();
      const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const theirs = openSync(path, constants.O_WRONLY);
      unlinkSync(path);
      return { ours: new Socket({ fd: read, readable: true, writable: false }), theirs };
    },
    async toChild() {
      const path = await take();
      // A pipe opens for writing only once it has a reader, and the child's end must be a blocking one.
      const first = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const write = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      const theirs = openSync(path, constants.O_RDONLY);
      closeSync(first);
      unlinkSync(path);
      return { ours: new Socket({ fd: write, readable: false, writable: true }), theirs };
    },
    async close() {
      await refill?.catch(() => undefined);
    },
  };
}
