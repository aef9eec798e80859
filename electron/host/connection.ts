// Keeps the desk connected: starts the local services, hands their addresses to the floors, and brings agents back after a loss.
import { LocalServicesConfig, type LocalServicesReady } from '../contract/local-services.ts';
import type { MarketChoice } from '../contract/market.ts';
import type { Agent } from '../contract/state.ts';
import type { AccountSwitch } from './accounts/account-switch.ts';
import type { Clock } from './clock.ts';
import type { StartLocalChild } from './local-process.ts';
import { createLocalServices } from './local-services.ts';
import type { Log } from './log.ts';
import type { ProviderSwitch } from './provider-switch.ts';
import type { SettingsFile } from './settings.ts';
import type { Store } from './store.ts';
import type { Swarm } from './swarm/swarm.ts';

const startingCashMicros = 100_000_000_000;
const firstRetryMs = 500;
const lastRetryMs = 10_000;

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
  readonly provider: ProviderSwitch;
  readonly accounts: Pick<AccountSwitch, 'connect' | 'disconnect'>;
  readonly swarm: Swarm;
  /** Agents that ran when an earlier host died. */
  readonly lost: readonly Agent[];
}

/** Creates the connection; nothing runs before `open`. */
export function createConnection(parts: ConnectionParts): Connection {
  const { store, clock, log, settingsFile, provider, accounts, swarm } = parts;
  /** Agents to bring back once connected; a loss during the recovery from another adds to them. */
  const orphans = new Map<string, Agent>();
  /** Counts losses and starts: a recovery that is overtaken by one of them ends. */
  let era = 0;
  let cancelRetry = (): void => undefined;

  const services = createLocalServices(
    parts.startLocal,
    {
      onLost(reason) {
        store.commit({ kind: 'LocalServicesLost', at: clock.now(), reason });
        accounts.disconnect();
        for (const agent of swarm.loseAll('the local services died')) orphans.set(agent.agentId, agent);
        provider.disconnect();
        nextEra();
      },
      onBack: (ready) => void comeBack(ready, era, firstRetryMs),
    },
    log,
  );

  /** Resolves with the slots that outlived an earlier host. */
  async function connect(ready: LocalServicesReady): Promise<string[]> {
    store.commit({
      kind: 'LocalServicesStarted',
      at: clock.now(),
      isolation: ready.isolation,
      isolationDetail: ready.isolationDetail,
    });
    await provider.connect({ url: ready.sandboxUrl, apiKey: ready.e2bApiKey });
    await accounts.connect(ready);
    return provider.reap();
  }

  function nextEra(): void {
    era += 1;
    cancelRetry();
  }

  /** Connects to services that were started again, however often it takes, and brings the orphans back. */
  async function comeBack(ready: LocalServicesReady, own: number, retryMs: number): Promise<void> {
    if (own !== era) return;
    try {
      await connect(ready);
    } catch (error) {
      log.error({ err: error, retryMs }, 'not connected to the local services that came back');
      if (own !== era) return;
      accounts.disconnect();
      const next = Math.min(retryMs * 2, lastRetryMs);
      const timer = setTimeout(() => void comeBack(ready, own, next), retryMs);
      cancelRetry = () => clearTimeout(timer);
      return;
    }
    if (own !== era) return;
    const lost = [...orphans.values()];
    orphans.clear();
    await swarm.recover(lost).catch((error: unknown) => log.error({ err: error }, 'agents not brought back'));
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
    nextEra();
    accounts.disconnect();
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
    close() {
      nextEra();
      return services.stop();
    },
  };
}
