// One terminal of the host, followed: output is asked for again and again, keys are sent in their order.
import type { DeskError } from '../../electron/contract/errors.ts';
import type { Call } from '../../electron/contract/operations.ts';
import { terminalWaitMs, terminalWriteBytes } from '../../electron/contract/terminal.ts';
import { asDeskError } from '../use-request.ts';

export type TerminalStatus =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly droppedBytes: number }
  | {
      readonly kind: 'ended';
      readonly droppedBytes: number;
      readonly exitCode: number | null;
      readonly reason: string;
    }
  | { readonly kind: 'failed'; readonly error: DeskError };

export interface TerminalSession {
  type(bytes: Uint8Array): void;
  resize(size: TerminalSize): void;
  /** Ends the shell. */
  close(): void;
}

interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

interface SessionParts {
  readonly call: Call;
  readonly sandboxId: string;
  readonly size: TerminalSize;
  /** Resolves when the bytes are drawn; the next ones are asked for then. */
  readonly show: (bytes: Uint8Array) => Promise<void>;
  readonly onStatus: (status: TerminalStatus) => void;
}

/** Opens a terminal and follows it until it ends or is closed. */
export function startTerminalSession({
  call,
  sandboxId,
  size,
  show,
  onStatus,
}: SessionParts): TerminalSession {
  let closed = false;
  const opened = call('sandboxes.terminal.open', { id: sandboxId, ...size });
  let sent: Promise<unknown> = opened;

  async function follow(): Promise<void> {
    const { terminalId } = await opened;
    let afterByte = 0;
    let droppedBytes = 0;
    report({ kind: 'open', droppedBytes });
    while (!closed) {
      const output = await call('sandboxes.terminal.read', { terminalId, afterByte, waitMs: terminalWaitMs });
      if (closed) return;
      afterByte = output.nextByte;
      await show(Uint8Array.from(atob(output.data), (letter) => letter.charCodeAt(0)));
      if (output.droppedBytes > 0) {
        droppedBytes += output.droppedBytes;
        report({ kind: 'open', droppedBytes });
      }
      if (output.ended) return report({ kind: 'ended', droppedBytes, ...output.ended });
    }
  }

  function report(status: TerminalStatus): void {
    if (!closed) onStatus(status);
  }

  /** What cannot be sent has a reason, and the next read tells it. */
  function send(request: (terminalId: string) => Promise<unknown>): void {
    sent = sent.then(async () => request((await opened).terminalId)).catch(() => undefined);
  }

  function resize(changed: TerminalSize): void {
    send((terminalId) => call('sandboxes.terminal.resize', { terminalId, ...changed }));
  }

  report({ kind: 'opening' });
  follow().catch((cause: unknown) => report({ kind: 'failed', error: asDeskError(cause) }));
  return {
    type(bytes) {
      for (let at = 0; at < bytes.length; at += terminalWriteBytes) {
        const data = toBase64(bytes.subarray(at, at + terminalWriteBytes));
        send((terminalId) => call('sandboxes.terminal.write', { terminalId, data }));
      }
    },
    resize,
    close() {
      closed = true;
      // One that has ended already needs no end.
      opened
        .then(({ terminalId }) => call('sandboxes.terminal.close', { terminalId }))
        .catch(() => undefined);
    },
  };
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
