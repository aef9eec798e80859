// The accounts over real books, a real trading floor and real demo brokers: DEMO's own, and one that plays Alpaca on loopback.
import { inspect } from 'node:util';
import { onTestFinished, vi } from 'vitest';
import type { DeskEvent } from '../../electron/contract/events.ts';
import { Settings } from '../../electron/contract/market.ts';
import type { ProviderChoice } from '../../electron/contract/provider.ts';
import { type AccountKeys, openAccountKeys } from '../../electron/host/accounts/account-keys.ts';
import { type AccountSwitch, createAccountSwitch } from '../../electron/host/accounts/account-switch.ts';
import { createLiveArming, type LiveArming } from '../../electron/host/accounts/live-arming.ts';
import { fileVault } from '../../electron/host/sealed-key.ts';
import { createStore, type Store } from '../../electron/host/store.ts';
import type { BrokerKeys } from '../../electron/host/trading/alpaca/broker-keys.ts';
import { createTrading, type Trading } from '../../electron/host/trading/trading.ts';
import type { RunningBroker } from '../../electron/local/broker/start-broker.ts';
import { type Journal, loadNative } from '../../electron/native/load.ts';
import { openBroker, type OpenBrokerOptions } from '../local/broker/open-broker.ts';
import { createMemoryJournal, type MemoryJournal } from '../local/broker/memory-journal.ts';
import { silent } from './fleet-bench.ts';
import { allowLoopbackOnly } from './loopback-only.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export const paperKey: BrokerKeys = { keyId: 'PKTESTTESTTESTTEST01', secret: 'paper-secret-of-the-tests' };
export const liveKey: BrokerKeys = { keyId: 'AKTESTTESTTESTTEST01', secret: 'live-secret-of-the-tests' };

export interface AccountBench {
  readonly store: Store;
  readonly accounts: AccountSwitch;
  readonly arming: LiveArming;
  readonly trading: Trading;
  readonly keys: AccountKeys;
  readonly journal: MemoryJournal;
  readonly events: readonly DeskEvent[];
  readonly settings: { provider: ProviderChoice };
  /** Moves the host's clock on. */
  pass(ms: number): void;
  /** Starts a broker that plays Alpaca for the key; the one before is not asked any more. */
  play(keys: BrokerKeys, seed?: number): Promise<RunningBroker>;
  /** Lets the demo broker come up and connects. */
  connect(): Promise<void>;
  /** Everything that was logged or recorded, as text. */
  told(): string;
}

/** Opens the bench on a journal that holds `past`; nothing it does may leave this machine. */
export function createAccountBench(
  past: readonly DeskEvent[] = [],
  dataDir = temporaryDirectory(),
): AccountBench {
  allowLoopbackOnly();
  const journal = createMemoryJournal();
  void journal.append(past.map((event) => JSON.stringify(event)));
  const store = createStore(journal as MemoryJournal & Journal, silent, () => undefined);
  const events: DeskEvent[] = [];
  store.follow(({ event }) => events.push(event));
  const logged: unknown[] = [];
  const log = (detail: object): void => void logged.push(detail);
  let passed = 0;
  const clock = { now: () => Date.now() + passed, monotonicMs: () => performance.now() };
  const { provider } = Settings.parse({ timeZone: 'UTC' });
  const settings: AccountBench['settings'] = { provider };
  const arming = createLiveArming({ store, clock, limits: () => store.state().limits });
  const trading = createTrading({
    store,
    native: loadNative(),
    clock,
    log: silent,
    orderPrefix: () => `nt-${store.state().mode}`,
    mayOpen: arming.mayOpen,
    onBars: () => undefined,
    onSubmitted: () => undefined,
  });
  const keys = openAccountKeys(dataDir, fileVault);
  // Nobody listens there until a broker is played.
  const loopback = {
    brokerUrl: 'http://127.0.0.1:9',
    dataStreamUrl: 'ws://127.0.0.1:9/v2/iex',
    tradingStreamUrl: 'ws://127.0.0.1:9/stream',
  };
  const accounts = createAccountSwitch({
    store,
    clock,
    log: { info: log, warn: log, error: log },
    keys,
    trading,
    arming,
    standDown: () => undefined,
    provider: () => settings.provider,
    loopback,
  });
  onTestFinished(() => {
    accounts.close();
    arming.close();
  });
  return {
    store,
    accounts,
    arming,
    trading,
    keys,
    journal,
    events,
    settings,
    pass: (ms) => void (passed += ms),
    async play(given, seed = 7) {
      const running = await openBroker(onSimulator(given, seed));
      const { url: brokerUrl, dataStreamUrl, tradingStreamUrl } = running;
      Object.assign(loopback, { brokerUrl, dataStreamUrl, tradingStreamUrl });
      return running;
    },
    async connect() {
      const demoKeys = { keyId: 'DEMOKEY', secret: 'demo-secret' };
      const { url: brokerUrl, ...running } = await openBroker(onSimulator(demoKeys, 1));
      await accounts.connect({
        ...running,
        ...demoKeys,
        brokerUrl,
        sandboxUrl: brokerUrl,
        e2bApiKey: 'key',
        isolation: 'not isolated',
        isolationDetail: 'none',
      });
      const up = (): void => {
        if (!trading.isConnected()) throw new Error('the streams are not up');
      };
      await vi.waitFor(up, { timeout: 10_000 });
    },
    told: () => inspect([logged, events], { depth: 8 }),
  };
}

/** A broker that takes this key; the seed is in its account's number. */
export function onSimulator(credentials: BrokerKeys, seed: number): OpenBrokerOptions {
  return { credentials, market: { source: 'simulator', seed, speed: 60 } };
}
