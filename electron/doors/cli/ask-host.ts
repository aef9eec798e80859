// Asks the running host for one operation and checks that the answer has the operation's shape.
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { Operation } from '../../contract/define-operation.ts';
import { DeskError } from '../../contract/errors.ts';
import type { DeskState } from '../../contract/state.ts';
import { connectDesk, type DeskClient } from '../control-client.ts';
import type { CommandContext } from './command.ts';

const connectMs = 5_000;
const answerMs = 5_000;

/** Connects, works, and disconnects however the work ends. */
export async function withHost<T>(
  context: CommandContext,
  work: (client: DeskClient) => Promise<T>,
): Promise<T> {
  const client = await connectDesk(context.paths.controlSocket, connectMs);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

/** Runs one operation. An interrupt cancels it, except where it stops something: then only the waiting ends. */
export async function askHost<Output extends z.ZodType>(
  client: DeskClient,
  operation: Operation<z.ZodType, Output>,
  input: unknown,
  interrupt: AbortSignal,
): Promise<z.output<Output>> {
  const value =
    operation.effect === 'stops'
      ? await Promise.race([client.call(operation.name, input), rejectWhenAborted(interrupt, operation.name)])
      : await client.call(operation.name, input, interrupt);
  const parsed = operation.output.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DeskError(
    'INTERNAL',
    `The host answered ${operation.name} in an unknown form. Is it of another version?`,
    {},
    { cause: parsed.error },
  );
}

/** Reads the state as it is now; also works while the host shuts down. Rejects with TIMED_OUT when the host does not react. */
export async function readState(client: DeskClient): Promise<DeskState> {
  const first = new Promise<DeskState>((resolve, reject) => {
    const follow = client.subscribe((frame, subscription) => {
      if (frame.kind !== 'snapshot') return;
      subscription.close();
      resolve(frame.state);
    });
    follow.catch(reject);
  });
  const done = new AbortController();
  const silence = sleep(answerMs, null, { signal: done.signal }).then(
    () =>
      new DeskError(
        'TIMED_OUT',
        `The host accepts connections but has not answered within ${answerMs / 1_000} s. Look at its log.`,
      ),
    () => null,
  );
  try {
    const outcome = await Promise.race([first, silence, client.whenClosed]);
    if (outcome === null || outcome instanceof DeskError)
      throw outcome ?? new DeskError('CANCELLED', 'The connection was closed.');
    return outcome;
  } finally {
    done.abort();
  }
}

function rejectWhenAborted(signal: AbortSignal, name: string): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void =>
      reject(
        new DeskError(
          'CANCELLED',
          `Stopped waiting for ${name}; the host goes on with it. Look at: neural-trader status`,
        ),
      );
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
