// What the owner of an account has set and keeps: the configuration and the watchlists, rebuilt from events.
import { type AccountConfiguration, defaultConfiguration } from './account-configuration.ts';
import type { AccountEvent } from './account-events.ts';
import type { Watchlist } from './watchlist.ts';

export type PreferenceEvent = Extract<
  AccountEvent,
  { kind: 'configurationChanged' | 'watchlistSaved' | 'watchlistDeleted' }
>;

export interface AccountPreferences {
  apply(event: PreferenceEvent): void;
  configuration(): AccountConfiguration;
  /** Oldest first. */
  watchlists(): readonly Watchlist[];
}

/** Creates those of a new account. */
export function createAccountPreferences(): AccountPreferences {
  let configuration = defaultConfiguration;
  const watchlists = new Map<string, Watchlist>();
  return {
    apply(event) {
      switch (event.kind) {
        case 'configurationChanged':
          configuration = event.configuration;
          return;
        case 'watchlistSaved':
          watchlists.set(event.watchlist.id, event.watchlist);
          return;
        case 'watchlistDeleted':
          watchlists.delete(event.watchlistId);
      }
    },
    configuration: () => configuration,
    watchlists: () => [...watchlists.values()],
  };
}
