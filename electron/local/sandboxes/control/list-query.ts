// Which sandboxes a list call asks for.
import { z } from 'zod';
import type { Lease } from '../lease.ts';
import { ApiFault } from './api-fault.ts';

const mostPerPage = 100;

export const PageLimit = z.coerce.number().int().min(1).max(mostPerPage).default(mostPerPage);

export const ListQuery = z.object({
  metadata: z.string().optional(),
  /** Comma separated. */
  state: z.string().default('running,paused'),
  startedAfter: z.iso.datetime({ offset: true }).optional(),
  template: z.string().optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
  limit: PageLimit,
  nextToken: z.string().optional(),
});
export type ListQuery = z.infer<typeof ListQuery>;

/** Whether a sandbox is asked for. Throws an ApiFault 400 for a metadata filter that cannot be read. */
export function isAskedFor({ sandbox, state }: Lease, query: ListQuery): boolean {
  if (!query.state.split(',').includes(state())) return false;
  if (query.template !== undefined && sandbox.templateId !== query.template) return false;
  if (query.startedAfter !== undefined && sandbox.startedAt < Date.parse(query.startedAfter)) return false;
  return [...readMetadata(query.metadata)].every(([key, value]) => sandbox.metadata[key] === value);
}

/** Reads the filter: a form whose names and values are encoded once more. */
function readMetadata(form: string | undefined): Map<string, string> {
  try {
    const pairs = [...new URLSearchParams(form ?? '')];
    return new Map(pairs.map(([key, value]) => [decodeURIComponent(key), decodeURIComponent(value)]));
  } catch (cause) {
    throw new ApiFault(400, `the metadata filter is not encoded as a form: ${String(cause)}`);
  }
}
