// Selects, orders and pages the sandboxes that a list call asks for.
import { z } from 'zod';
import { ApiFault } from './api-fault.ts';
import type { Lease } from '../lease.ts';

const mostPerPage = 100;

export const ListQuery = z.object({
  metadata: z.string().optional(),
  /** Comma separated. */
  state: z.string().default('running,paused'),
  startedAfter: z.iso.datetime({ offset: true }).optional(),
  template: z.string().optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
  limit: z.coerce.number().int().min(1).max(mostPerPage).default(mostPerPage),
  nextToken: z.string().optional(),
});
export type ListQuery = z.infer<typeof ListQuery>;

export interface ListedPage {
  readonly leases: readonly Lease[];
  /** Undefined on the last page. */
  readonly nextToken: string | undefined;
}

/** Throws an ApiFault 400 for a token of another order or none of ours. */
export function selectPage(all: readonly Lease[], query: ListQuery): ListedPage {
  const wanted = all.filter((lease) => isWanted(lease, query)).sort((a, b) => byAge(a.sandbox, b.sandbox));
  if (query.order === 'desc') wanted.reverse();
  const after = query.nextToken === undefined ? undefined : readToken(query.nextToken, query.order);
  const rest =
    after === undefined ? wanted : wanted.filter(({ sandbox }) => isBeyond(sandbox, after, query.order));
  const leases = rest.slice(0, query.limit);
  const last = leases.at(-1)?.sandbox;
  const nextToken =
    last !== undefined && rest.length > leases.length ? writeToken(last, query.order) : undefined;
  return { leases, nextToken };
}

function isWanted({ sandbox, state }: Lease, query: ListQuery): boolean {
  if (!query.state.split(',').includes(state())) return false;
  if (query.template !== undefined && sandbox.templateId !== query.template) return false;
  if (query.startedAfter !== undefined && sandbox.startedAt < Date.parse(query.startedAfter)) return false;
  return [...readMetadata(query.metadata)].every(([key, value]) => sandbox.metadata[key] === value);
}

/** Reads the filter: a form whose names and values are encoded once more. */
export function readMetadata(form: string | undefined): Map<string, string> {
  try {
    const pairs = [...new URLSearchParams(form ?? '')];
    return new Map(pairs.map(([key, value]) => [decodeURIComponent(key), decodeURIComponent(value)]));
  } catch (cause) {
    throw new ApiFault(400, `the metadata filter is not encoded as a form: ${String(cause)}`);
  }
}

interface Position {
  readonly startedAt: number;
  readonly id: string;
}

function byAge(a: Position, b: Position): number {
  if (a.startedAt !== b.startedAt) return a.startedAt - b.startedAt;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function isBeyond(sandbox: Position, after: Position, order: 'asc' | 'desc'): boolean {
  return order === 'asc' ? byAge(sandbox, after) > 0 : byAge(sandbox, after) < 0;
}

function writeToken({ startedAt, id }: Position, order: string): string {
  return Buffer.from(`${startedAt}__${id}__${order}`).toString('base64url');
}

function readToken(token: string, order: string): Position {
  const [startedAt, id, tokenOrder] = Buffer.from(token, 'base64url').toString('utf8').split('__');
  if (id === undefined || tokenOrder !== order || !/^\d+$/.test(startedAt ?? '')) {
    throw new ApiFault(400, `nextToken '${token}' does not belong to this list`);
  }
  return { startedAt: Number(startedAt), id };
}
