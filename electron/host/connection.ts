// Keeps the desk connected: starts the local services, hands their addresses to the floors, and brings agents back after a loss.
import { LocalServicesConfig, type LocalServicesReady } from '../contract/local-services.ts';
import type { MarketChoice } from '../contract/market.ts';
import type { Agent } from '../contract/state.ts';
import type { Clock } from './clock.ts';
import type { StartLocalChild } from './local-process.ts';
import { createLocalServices } from './local-services.ts';
import type { Log } from './log.ts';
import type { Fleet } from './sandboxes/fleet.ts';
import type { SettingsFile } from './settings.ts';
import type { Store } from './store.ts';
import type { Swarm } from './swarm/swarm.ts';
import type { Trading } from './trading/trading.ts';

const startingCashMicros = 100_000_000_000;

export interface Connection {
  /** Starts the local services on the chosen market and connects. Rejects with the service's own code. */
  open(): Promise<void>;
  /** Changes the market; the one before is connected again when the new one cannot be used. */
  switchMarket(choice: MarketChoice): Promise<{ label: string; symbols: string[] }>;
  close(): Promise<void>;
}

export interface ConnectionParts {
  readonly dataDir: string;
  readonly startLocal: StartLocalChild;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly settingsFile: SettingsFile;
  readonly fleet: Fleet;
  readonly trading: Trading;
  readonly swarm: Swarm;
  /** Agents that ran when an earlier host died. */
  readonly lost: readonly Agent[];
}

/** Creates the connection; nothing runs before `open`. */
export function createConnection(parts: ConnectionParts): Connection {
  const { store, clock, log, settingsFile, fleet, trading, swarm } = parts;
  let orphans: Agent[] = [];

  const services = createLocalServices(
    parts.startLocal,
    {
      onLost(reason) {
        store.commit({ kind: 'LocalServicesLost', at: clock.now(), reason });
        trading.disconnect();
        orphans = swarm.loseAll('the local services died');
        fleet.setProvider(null);
      },
      onBack: (ready) => void comeBack(ready),
    },
    log,
  );

  /** Resolves with the slots that outlived an earlier host. */
  async function connect(ready: LocalServicesReady): Promise<string[]> {
    const { source, label, symbols, timeframe } = ready.market;
    store.commit({
      kind: 'LocalServicesStarted',
      at: clock.now(),
      isolation: ready.isolation,
      isolationDetail: ready.isolationDetail,
    });
    store.commit({ kind: 'MarketOpened', at: clock.now(), source, label, symbols });
    // Read here: the SDK takes longer than all else of the host, and nobody needs it before.
    const { createLocalProvider } = await import('./sandboxes/e2b-provider.ts');
    fleet.setProvider(createLocalProvider({ url: ready.sandboxUrl, apiKey: ready.e2bApiKey }));
    const { keyId, secret } = ready;
    await trading.connect({ mode: 'demo', keys: { keyId, secret }, endpoints: ready, timeframe });
    return fleet.reap();
  }

  async function comeBack(ready: LocalServicesReady): Promise<void> {
    try {
      await connect(ready);
      await swarm.recover(orphans.splice(0));
    } catch (error) {
      log.error({ err: error }, 'recovery after a restart of the local services failed');
    }
  }

  function config(market: MarketChoice): LocalServicesConfig {
    const { limit, createsPerSecond, cpuCount, memoryMb } = settingsFile.read().sandboxes;
    return LocalServicesConfig.parse({
      dataDir: parts.dataDir,
      market,
      isolation: 'auto',
      startingCashMicros,
      sandboxes: { limit, createsPerSecond, size: { cpuCount, memoryMb } },
    });
  }

  async function switchMarket(choice: MarketChoice): Promise<{ label: string; symbols: string[] }> {
    trading.disconnect();
    try {
      const ready = await services.start(config(choice));
      await connect(ready);
      settingsFile.change({ market: choice });
      return { label: ready.market.label, symbols: ready.market.symbols };
    } catch (error) {
      await connect(await services.start(config(settingsFile.read().market)));
      throw error;
    }
  }

  return {
    async open() {
      const adopted = await connect(await services.start(config(settingsFile.read().market)));
      await swarm.reattach(adopted, parts.lost);
    },
    switchMarket,
    close: services.stop,
  };
}
