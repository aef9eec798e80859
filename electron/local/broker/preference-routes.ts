// The endpoints of the account's configuration and of its watchlists.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AccountBook } from './account-book.ts';
import { AccountConfiguration, ConfigurationChange } from './account-configuration.ts';
import type { AccountStore } from './account-store.ts';
import { malformed, notFound, notProcessable } from './broker-refusal.ts';
import { assetToWire } from './market-wire.ts';
import type { MarketView } from './market-view.ts';
import { isoTime } from './order-wire.ts';
import type { Watchlist } from './watchlist.ts';

export interface PreferenceRouteDeps {
  readonly book: AccountBook;
  readonly store: AccountStore;
  readonly view: MarketView;
  readonly newId: () => string;
}

const SymbolName = z.string().min(1);
const NewWatchlist = z.object({ name: z.string().min(1).max(64), symbols: z.array(SymbolName).nullish() });
const ChangedWatchlist = z.object({
  name: z.string().min(1).max(64).nullish(),
  symbols: z.array(SymbolName).nullish(),
});
const AddedSymbol = z.object({ symbol: SymbolName });

/** How a request names a watchlist: by id in its path, or by name in its query. */
const ById = z.object({ id: z.string() });
const ByName = z.object({ name: z.string() });

/** Adds the endpoints to the server. */
export function addPreferenceRoutes(server: FastifyInstance, deps: PreferenceRouteDeps): void {
  addConfigurationRoutes(server, deps);
  addWatchlistRoutes(server, deps);
}

function addConfigurationRoutes(server: FastifyInstance, { book, store, view }: PreferenceRouteDeps): void {
  server.get('/v2/account/configurations', async () => book.configuration());
  server.patch('/v2/account/configurations', async ({ body }) => {
    const configuration = AccountConfiguration.parse({
      ...book.configuration(),
      ...ConfigurationChange.parse(body),
    });
    store.record({ kind: 'configurationChanged', configuration, marketMs: view.nowMs() });
    return book.configuration();
  });
}

function addWatchlistRoutes(server: FastifyInstance, deps: PreferenceRouteDeps): void {
  const { book, view } = deps;
  const save = watchlistSaver(deps);
  const summary = ({ id, name, createdAtMs, updatedAtMs }: Watchlist) => ({
    id,
    account_id: book.account()?.id,
    name,
    created_at: isoTime(createdAtMs),
    updated_at: isoTime(updatedAtMs),
  });
  const withAssets = (list: Watchlist) => ({
    ...summary(list),
    assets: list.symbols.flatMap((symbol) => {
      const listed = view.find(symbol);
      return listed ? [assetToWire(listed)] : [];
    }),
  });

  server.get('/v2/watchlists', async () => book.watchlists().map(summary));
  server.post('/v2/watchlists', async ({ body }) => {
    const { name, symbols } = NewWatchlist.parse(body);
    const id = deps.newId();
    return withAssets(save({ id, name, symbols: symbols ?? [], createdAtMs: view.nowMs() }));
  });
  for (const [path, find] of [
    ['/v2/watchlists/:id', (params: unknown) => findById(book, ById.parse(params).id)],
    ['/v2/watchlists::by_name', (_: unknown, query: unknown) => findByName(book, ByName.parse(query).name)],
  ] as const) {
    server.get(path, async ({ params, query }) => withAssets(find(params, query)));
    server.put(path, async ({ params, query, body }) => {
      const list = find(params, query);
      const { name, symbols } = ChangedWatchlist.parse(body);
      return withAssets(save({ ...list, name: name ?? list.name, symbols: symbols ?? list.symbols }));
    });
    server.post(path, async ({ params, query, body }) => {
      const list = find(params, query);
      const { symbol } = AddedSymbol.parse(body);
      if (list.symbols.includes(symbol))
        throw notProcessable(`duplicate symbol "${symbol}" in the watchlist`);
      return withAssets(save({ ...list, symbols: [...list.symbols, symbol] }));
    });
    server.delete(path, async ({ params, query }, reply) => {
      const { id: watchlistId } = find(params, query);
      deps.store.record({ kind: 'watchlistDeleted', watchlistId, marketMs: view.nowMs() });
      return reply.status(204).send();
    });
  }
  server.delete('/v2/watchlists/:id/:symbol', async ({ params }) => {
    const list = findById(book, ById.parse(params).id);
    const { symbol } = AddedSymbol.parse(params);
    if (!list.symbols.includes(symbol)) throw notFound(`symbol "${symbol}" is not in the watchlist`);
    return withAssets(save({ ...list, symbols: list.symbols.filter((other) => other !== symbol) }));
  });
}

function watchlistSaver({ book, store, view }: PreferenceRouteDeps) {
  return (list: Omit<Watchlist, 'updatedAtMs'>): Watchlist => {
    const isTaken = book.watchlists().some(({ id, name }) => name === list.name && id !== list.id);
    if (isTaken) throw malformed('watchlist name must be unique');
    const unknown = list.symbols.find((symbol) => !view.find(symbol));
    if (unknown !== undefined) throw notProcessable(`could not find asset "${unknown}"`);
    const marketMs = view.nowMs();
    const watchlist = { ...list, symbols: [...new Set(list.symbols)], updatedAtMs: marketMs };
    store.record({ kind: 'watchlistSaved', watchlist, marketMs });
    return watchlist;
  };
}

function findById(book: AccountBook, wanted: string): Watchlist {
  const found = book.watchlists().find(({ id }) => id === wanted);
  if (!found) throw notFound(`watchlist not found for ${wanted}`);
  return found;
}

function findByName(book: AccountBook, wanted: string): Watchlist {
  const found = book.watchlists().find(({ name }) => name === wanted);
  if (!found) throw notFound(`watchlist not found for ${wanted}`);
  return found;
}
