// Reads what callers of the control plane send.
import { z } from 'zod';
import { ApiFault } from './api-fault.ts';

/** Throws an ApiFault 400 that names what is wrong. */
export function parseRequest<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ApiFault(400, z.prettifyError(parsed.error));
  return parsed.data;
}
