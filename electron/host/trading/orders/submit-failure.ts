// Sorts a failed submission into what may be done next.
import { z } from 'zod';
import { DeskError } from '../../../contract/errors.ts';

/** Why the broker did not take an order: `refused` is final, `unknown` may have been taken. */
type SubmitFailure = 'refused' | 'duplicate' | 'unknown';

/** The SDK's error for an answer of the service, known by its shape: judging a failure must not load the SDK. */
const Answered = z.object({ name: z.literal('ApiError'), status: z.int(), message: z.string() });

/** Anything but a clear refusal may have reached the broker. */
export function submitFailure(error: unknown): SubmitFailure {
  if (error instanceof DeskError) return error.code === 'FORBIDDEN_ADDRESS' ? 'refused' : 'unknown';
  const answered = Answered.safeParse(error);
  if (!answered.success) return 'unknown';
  const { status, message } = answered.data;
  if (status === 422 && /client_order_id must be unique/i.test(message)) return 'duplicate';
  return status >= 400 && status < 500 && status !== 408 && status !== 429 ? 'refused' : 'unknown';
}
