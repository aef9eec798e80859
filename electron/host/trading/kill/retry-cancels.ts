// The kill switch's own retry: the SDK asks again only for what it reads, and a cancel that got lost leaves an order open.
import { z } from 'zod';
import { DeskError } from '../../../contract/errors.ts';
import type { Broker } from '../broker.ts';

const tries = 4;
const firstWaitMs = 100;
/** A service that wants a longer pause is asked again by whoever waits for the order's end. */
const longestWaitMs = 2_000;
/** No further attempt after this: what hangs must not hold up what comes after the cancels. */
const patienceMs = 3_000;

export interface RetryTime {
  readonly sleep: (ms: number) => Promise<void>;
  readonly monotonicMs: () => number;
}

/** The SDK's error for an answer of the service, known by its shape: judging a failure must not load the SDK. */
const Answered = z.object({
  name: z.literal('ApiError'),
  status: z.int(),
  retryAfterMs: z.number().nonnegative().optional(),
});

/** The status with which the service refused, for example 422; null when it gave no answer. */
export function answeredStatus(error: unknown): number | null {
  return answerOf(error)?.status ?? null;
}

function answerOf(error: unknown): z.infer<typeof Answered> | undefined {
  return Answered.safeParse(error instanceof DeskError ? error.cause : error).data;
}

/** A broker that asks up to four times to cancel: after 408, 425, 429, 5xx and broken connections, when the service says or soon. */
export function retryCancels(broker: Broker, { sleep, monotonicMs }: RetryTime): Broker {
  async function again<T>(ask: () => Promise<T>): Promise<T> {
    const until = monotonicMs() + patienceMs;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ask();
      } catch (error) {
        if (attempt === tries || monotonicMs() > until || !isPassing(error)) throw error;
        await sleep(waitMs(error, attempt));
      }
    }
  }
  return {
    ...broker,
    cancel: (brokerOrderId) => again(() => broker.cancel(brokerOrderId)),
    cancelAll: () => again(() => broker.cancelAll()),
  };
}

function isPassing(error: unknown): boolean {
  if (error instanceof DeskError && error.code === 'FORBIDDEN_ADDRESS') return false;
  const status = answeredStatus(error);
  return status === null || status >= 500 || [408, 425, 429].includes(status);
}

function waitMs(error: unknown, attempt: number): number {
  const wantedMs = answerOf(error)?.retryAfterMs ?? firstWaitMs * 2 ** (attempt - 1);
  return Math.min(wantedMs, longestWaitMs);
}
