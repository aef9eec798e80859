// One sandbox through the e2b SDK.
import { CommandExitError, type CommandHandle, FileType, type Sandbox } from 'e2b/dist/index.mjs';
import { DeskError } from '../../contract/errors.ts';
import { named, namedForProcess, toDeskError } from './e2b-failure.ts';
import type {
  BoundedResult,
  FleetSandbox,
  ProcessEnd,
  ProviderProcess,
  ProviderTerminal,
  TerminalSize,
} from './provider.ts';

const execTimeoutMs = 30_000;

/** Puts the SDK's sandbox into the desk's words. */
export function wrapSandbox(sandbox: Sandbox): FleetSandbox {
  return {
    sandboxId: sandbox.sandboxId,
    async upload(path, content) {
      await named(`upload ${path}`, () => sandbox.files.write(path, content, { useOctetStream: true }));
    },
    async exec(command) {
      try {
        return await sandbox.commands.run(command, { timeoutMs: execTimeoutMs });
      } catch (error) {
        if (error instanceof CommandExitError)
          return { exitCode: error.exitCode, stdout: error.stdout, stderr: error.stderr };
        throw toDeskError(`run "${command}"`, error);
      }
    },
    run: (command, limits) => runBounded(sandbox, command, limits),
    async start(command, onStdout) {
      const handle = await named(`start "${command}"`, () =>
        sandbox.commands.run(command, { background: true, stdin: true, timeoutMs: 0, onStdout }),
      );
      return wrapProcess(handle);
    },
    async attach(pid, onStdout) {
      return wrapProcess(
        await namedForProcess(`attach to process ${pid}`, () =>
          sandbox.commands.connect(pid, { timeoutMs: 0, onStdout }),
        ),
      );
    },
    async extend(timeoutMs) {
      await named('extend the lease', () => sandbox.setTimeout(timeoutMs));
    },
    isAlive: () => sandbox.isRunning(),
    ...fileAccess(sandbox),
    async metrics() {
      const samples = await named('measure the sandbox', () => sandbox.getMetrics());
      return samples.map((sample) => ({
        at: sample.timestamp.getTime(),
        cpuUsedPct: sample.cpuUsedPct,
        cpuCount: sample.cpuCount,
        memoryUsedBytes: sample.memUsed,
        memoryTotalBytes: sample.memTotal,
        diskUsedBytes: sample.diskUsed,
        diskTotalBytes: sample.diskTotal,
      }));
    },
    openTerminal: (size, onData) => openTerminal(sandbox, size, onData),
    async pause() {
      try {
        await sandbox.pause();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new DeskError(
          'POOL_UNAVAILABLE',
          `The provider does not pause sandboxes: ${reason}`,
          {},
          {
            cause: error,
          },
        );
      }
    },
  };
}

function fileAccess(sandbox: Sandbox): Pick<FleetSandbox, 'listFiles' | 'fileSize' | 'readFile'> {
  return {
    async listFiles(path) {
      const entries = await named(`list ${path}`, () => sandbox.files.list(path, { depth: 1 }));
      return entries.map((entry) => ({
        name: entry.name,
        kind: entry.symlinkTarget ? 'symlink' : entry.type === FileType.DIR ? 'directory' : 'file',
        sizeBytes: entry.size,
        modifiedAt: entry.modifiedTime?.getTime() ?? null,
      }));
    },
    async fileSize(path) {
      const { type, size } = await named(`look at ${path}`, () => sandbox.files.getInfo(path));
      if (type !== FileType.DIR) return size;
      throw new DeskError('FILE_NOT_FOUND', `${path} is a directory. List it instead.`, { path });
    },
    readFile: (path) => named(`read ${path}`, () => sandbox.files.read(path, { format: 'bytes' })),
  };
}

/** The SDK keeps all output in memory, so a command that writes too much is ended. */
async function runBounded(
  sandbox: Sandbox,
  command: string,
  { timeoutMs, outputChars }: { timeoutMs: number; outputChars: number },
): Promise<BoundedResult> {
  let kept = { stdout: '', stderr: '' };
  let truncated = false;
  let handle: CommandHandle | null = null;
  const keep = (stream: 'stdout' | 'stderr') => (text: string) => {
    if (truncated) return;
    const room = outputChars - kept.stdout.length - kept.stderr.length;
    kept = { ...kept, [stream]: kept[stream] + text.slice(0, room) };
    truncated = text.length > room;
    if (truncated) void handle?.kill().catch(() => undefined);
  };
  try {
    handle = await sandbox.commands.run(command, {
      background: true,
      timeoutMs,
      onStdout: keep('stdout'),
      onStderr: keep('stderr'),
    });
    if (truncated) await handle.kill();
    const { exitCode } = await handle.wait();
    return { exitCode, ...kept, truncated };
  } catch (error) {
    if (error instanceof CommandExitError) return { exitCode: error.exitCode, ...kept, truncated };
    if (truncated) return { exitCode: -1, ...kept, truncated };
    throw toDeskError(`run "${command.slice(0, 80)}"`, error);
  }
}

/** The SDK keeps no output of a terminal and asks for keepalives, so one stream serves its whole life. */
async function openTerminal(
  sandbox: Sandbox,
  size: TerminalSize,
  onData: (bytes: Uint8Array) => void,
): Promise<ProviderTerminal> {
  const handle = await named('open a terminal', () => sandbox.pty.create({ ...size, timeoutMs: 0, onData }));
  const { pid } = handle;
  return {
    write: (bytes) => named('write to the terminal', () => sandbox.pty.sendInput(pid, bytes)),
    resize: (changed) => named('resize the terminal', () => sandbox.pty.resize(pid, changed)),
    async kill() {
      await named('end the terminal', () => handle.kill());
      await handle.disconnect();
    },
    ended: endOf(handle),
  };
}

function wrapProcess(handle: CommandHandle): ProviderProcess {
  return {
    pid: handle.pid,
    write: (text) => namedForProcess('write to the runner', () => handle.sendStdin(text)),
    detach: () => handle.disconnect(),
    ended: endOf(handle),
  };
}

async function endOf(handle: CommandHandle): Promise<ProcessEnd> {
  try {
    const { exitCode } = await handle.wait();
    return { kind: 'exited', exitCode };
  } catch (error) {
    if (error instanceof CommandExitError) return { kind: 'exited', exitCode: error.exitCode };
    return { kind: 'stream-lost', reason: error instanceof Error ? error.message : String(error) };
  }
}
