// The window's only way to the host: what the preload script exposes, and a typed call on top of it.
import { z } from 'zod';
import type { InputOf } from '../electron/contract/define-operation.ts';
import { DeskError, type ErrorEnvelope, fromEnvelope } from '../electron/contract/errors.ts';
import type { FeedFrame } from '../electron/contract/frames.ts';
import {
  type Call,
  findOperation,
  type OperationName,
  type OperationOf,
} from '../electron/contract/operations.ts';
import type { OutputOf } from '../electron/contract/define-operation.ts';

// The window's content policy forbids code from strings, which zod would otherwise probe for.
z.config({ jitless: true });

export type DeskCommand = 'open-kill' | 'open-deploy' | 'toggle-theme';

type CallResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: ErrorEnvelope };

export interface DeskBridge {
  /** A call with an id can be cancelled under it. */
  call(name: string, input: unknown, id?: number): Promise<CallResult>;
  cancel(id: number): void;
  subscribe(onFrame: (frame: FeedFrame) => void): {
    ack(): void;
    resync(): void;
    setVisible(visible: boolean): void;
    close(): void;
  };
  /** Menu accelerators of the main process; returns its stop. */
  onCommand(listener: (command: DeskCommand) => void): () => void;
  readonly platform: { readonly os: string; readonly electron: string };
}

declare global {
  interface Window {
    readonly desk: DeskBridge;
  }
}

/** Calls the host by operation name; rejects with a DeskError, also when the answer does not match the contract. */
export function createCall(bridge: DeskBridge): Call {
  let lastId = 0;

  async function cancellable(name: string, input: unknown, signal: AbortSignal): Promise<CallResult> {
    const id = ++lastId;
    const cancel = (): void => bridge.cancel(id);
    signal.throwIfAborted();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await bridge.call(name, input, id);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  return async (name, input, signal) => {
    const result = await (signal ? cancellable(name, input, signal) : bridge.call(name, input));
    if (!result.ok) throw fromEnvelope(result.error);
    return parseOutput(name, result.value);
  };
}

// The overload ties the name to its schema; the catalogue, searched by that name, makes it true.
function parseOutput<N extends OperationName>(name: N, value: unknown): OutputOf<OperationOf<N>>;
function parseOutput(name: string, value: unknown): unknown {
  const parsed = findOperation(name)?.output.safeParse(value);
  if (parsed?.success) return parsed.data;
  throw new DeskError('INTERNAL', `The answer to ${name} does not match the contract. Restart the desk.`, {
    issues: parsed?.error.issues ?? [],
  });
}

export type OperationInput<N extends OperationName> = InputOf<OperationOf<N>>;
export type OperationOutput<N extends OperationName> = OutputOf<OperationOf<N>>;
