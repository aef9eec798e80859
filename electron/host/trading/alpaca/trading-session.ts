// One connection to one broker: client, market hub, order stream. The demo broker's address changes when it restarts,
// so a session is made anew for each; the gateway and the books outlive it.
import type { Bar } from '../../../contract/bar.ts';
import { createAlpacaBroker, createAlpacaClient } from './alpaca-broker.ts';
import type { Broker } from '../broker.ts';
import { type BrokerRoute, createBrokerAddress } from './broker-address.ts';
import type { BrokerKeys } from './broker-keys.ts';
import { retryCancels } from '../kill/retry-cancels.ts';
import { createMarketHub, type HubSurroundings, type MarketHub } from './market-hub.ts';
import type { Quotes } from '../quotes.ts';
import { openTradeUpdates, type TradeUpdateListener, type TradeUpdates } from './trade-updates.ts';

export interface TradingSession {
  readonly broker: Broker;
  /** Own client, without the SDK's rate limiter: it must not queue behind polls. It asks again to cancel by itself. */
  readonly killBroker: Broker;
  readonly hub: MarketHub;
  readonly updates: TradeUpdates;
  close(): void;
}

export interface SessionOptions extends BrokerRoute, HubSurroundings {
  readonly keys: BrokerKeys;
  readonly quotes: Quotes;
  readonly onBars: (bars: Bar[]) => void;
  readonly listener: TradeUpdateListener;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

/** Connects the client and both streams; nothing is sent before the streams have authenticated. Throws ACCOUNT_KEY_KIND. */
export function openTradingSession(options: SessionOptions): TradingSession {
  const { mode, keys, quotes, onBars, listener } = options;
  const address = createBrokerAddress(options);
  const client = createAlpacaClient(mode, keys, address, false);
  const socket = { maxReconnectAttempts: -1, wsFactory: address.openSocket };
  const updates = openTradeUpdates(client.trading.stream(socket), listener, options);
  const hub = createMarketHub(client.marketData.stockStream(socket), quotes, onBars, options);
  return {
    broker: createAlpacaBroker(client),
    killBroker: retryCancels(createAlpacaBroker(createAlpacaClient(mode, keys, address, true)), {
      sleep,
      monotonicMs: options.clock.monotonicMs,
    }),
    hub,
    updates,
    close() {
      hub.close();
      updates.close();
    },
  };
}
