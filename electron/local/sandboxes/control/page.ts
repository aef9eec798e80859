// Pages of a list, and the token that leads from one to the next.
import { ApiFault } from './api-fault.ts';

/** Where an item stands in its list: by time, then by id. */
export interface Position {
  readonly at: number;
  readonly id: string;
}

export interface PageQuery {
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  readonly nextToken?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined on the last page. */
  readonly nextToken: string | undefined;
}

/** Throws an ApiFault 400 for a token of another order or none of ours. */
export function selectPage<T>(
  all: readonly T[],
  query: PageQuery,
  positionOf: (item: T) => Position,
): Page<T> {
  const sign = query.order === 'asc' ? 1 : -1;
  const compare = (a: Position, b: Position) => sign * byAge(a, b);
  const sorted = all.toSorted((a, b) => compare(positionOf(a), positionOf(b)));
  const after = query.nextToken === undefined ? undefined : readToken(query.nextToken, query.order);
  const rest = after === undefined ? sorted : sorted.filter((item) => compare(positionOf(item), after) > 0);
  const items = rest.slice(0, query.limit);
  const last = items.at(-1);
  const hasMore = last !== undefined && rest.length > items.length;
  return { items, nextToken: hasMore ? writeToken(positionOf(last), query.order) : undefined };
}

function byAge(a: Position, b: Position): number {
  if (a.at !== b.at) return a.at - b.at;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function writeToken({ at, id }: Position, order: string): string {
  return Buffer.from(`${at}__${id}__${order}`).toString('base64url');
}

function readToken(token: string, order: string): Position {
  const [at, id, tokenOrder] = Buffer.from(token, 'base64url').toString('utf8').split('__');
  if (id === undefined || tokenOrder !== order || !/^\d+$/.test(at ?? '')) {
    throw new ApiFault(400, `nextToken '${token}' does not belong to this list`);
  }
  return { at: Number(at), id };
}
