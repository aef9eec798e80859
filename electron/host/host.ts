// The composition root: opens the journal, starts the floors from the bottom up, and is the Desk that doors see.
import type { Desk } from '../contract/desk.ts';
import { DeskError } from '../contract/errors.ts';
import type { Gauges } from '../contract/frames.ts';
import type { Settings } from '../contract/market.ts';
import { type InstanceLock, loadNative, type Native } from '../native/load.ts';
import type { AccountKeys } from './accounts/account-keys.ts';
import { createAccountSwitch } from './accounts/account-switch.ts';
import type { Clock } from './clock.ts';
import { createConnection } from './connection.ts';
import { createDispatch } from './dispatch.ts';
import { createFeed } from './feed.ts';
import { buildFloors } from './floors.ts';
import { createHandlers } from './handlers/handlers.ts';
import type { HostParts } from './host-parts.ts';
import type { StartLocalChild } from './local-process.ts';
import type { Log } from './log.ts';
import { lockDataDir } from './instance-lock.ts';
import { openJournal } from './open-journal.ts';
import type { DeskPaths } from './paths.ts';
import { startProbes } from './probes.ts';
import { createProviderSwitch } from './provider-switch.ts';
import { recordStart } from './record-start.ts';
import { sampleDesk } from './sample-desk.ts';
import { withPlanLimits } from './sandboxes/plan-limits.ts';
import type { Secrets } from './secrets.ts';
import { openSettings } from './settings.ts';
import { stopFloors } from './stop-floors.ts';
import { createStore } from './store.ts';
import { watchdogThread } from './trading/dead-man/watchdog.ts';
import type { LoopbackBroker } from './trading/alpaca/broker-address.ts';
import { takeOverAfterCrash } from './swarm/take-over.ts';
import { watchLoopDelay } from './watch/loop-delay.ts';

export interface HostOptions {
  readonly paths: Pick<DeskPaths, 'dataDir' | 'lockFile' | 'journal' | 'backtests' | 'learnt' | 'scratch'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly startLocal: StartLocalChild;
  /** The built entry of the watchdog thread. */
  readonly watchdog: string;
  readonly secrets: Secrets;
  readonly accountKeys: AccountKeys;
  /**
   * A broker on this machine in the place of Alpaca's hosts, so that tests can play PAPER and LIVE. The entries of the
   * product never give it, and no setting, environment variable or operation leads here; see `BrokerRoute.loopback`.
   */
  readonly loopbackBroker?: LoopbackBroker;
  readonly version: string;
  /** For example "Electron 45.4.1" or "Node 20.20.2". */
  readonly runtime: string;
  readonly pid: number;
}

export interface Host extends Desk {
  /**
   * Resolves with true when sandboxes and broker can be used; followers see the state before. Resolves with false when the
   * host was closed first. Rejects with a local service's code, and the host is then closed.
   */
  readonly whenConnected: Promise<boolean>;
  /** Stops agents and sandboxes in order, within eight seconds, and lets go of the data directory. Safe to repeat. */
  close(): Promise<void>;
  /** Resolves after `close`, whoever asked for it. */
  readonly whenClosed: Promise<void>;
}

/** Starts the host. Rejects with HOST_RUNNING, DATA_DIR_UNWRITABLE, SETTINGS_INVALID, or JOURNAL_*. The connection follows. */
export async function startHost(options: HostOptions): Promise<Host> {
  const native = loadNative();
  const lock = lockDataDir(native, options.paths.lockFile, options.pid);
  try {
    return await startLocked(options, native, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startLocked(options: HostOptions, native: Native, lock: InstanceLock): Promise<Host> {
  const { paths, clock, log, pid } = options;
  const settingsFile = openSettings(paths.dataDir);
  const { journal, recovery } = openJournal(native, paths.journal);
  const store = createStore(journal, log, (error) => {
    store.commit({ kind: 'EntriesBlocked', at: clock.now(), actor: 'host', reason: error.message });
  });
  const startedAt = clock.now();
  const crashed = store.state().host !== null;
  recordStart(store, { at: startedAt, pid, version: options.version }, recovery);

  const settings = (): Settings => withPlanLimits(settingsFile.read());
  const loopDelay = watchLoopDelay();
  const floors = buildFloors({
    store,
    native,
    journal,
    startWatchdog: watchdogThread(options.watchdog, log),
    clock,
    log,
    settings,
    startedAt,
    paths,
  });
  const { arming, deadMan, fleet, latency, swarm, trading } = floors;
  floors.meter.rollDay();
  const feed = createFeed(store);
  const provider = createProviderSwitch({
    settingsFile,
    secrets: options.secrets,
    store,
    clock,
    log,
    fleet,
  });
  const accounts = createAccountSwitch({
    store,
    clock,
    log,
    keys: options.accountKeys,
    trading,
    arming,
    standDown: deadMan.standDown,
    provider: () => settingsFile.read().provider,
    loopback: options.loopbackBroker ?? null,
  });
  const connection = createConnection({
    dataDir: paths.dataDir,
    startLocal: options.startLocal,
    store,
    clock,
    log,
    settingsFile,
    provider,
    accounts,
    swarm,
    lost: crashed ? takeOverAfterCrash(store, clock) : [],
  });

  const sample = (): Gauges => sampleDesk(store, clock, loopDelay, floors);

  const parts: HostParts = {
    pid,
    version: options.version,
    runtime: options.runtime,
    dataDir: paths.dataDir,
    startedAt,
    clock,
    log,
    native,
    journal,
    store,
    settingsFile,
    settings,
    provider,
    accounts,
    ...floors,
    loopDelay,
    sampleGauges: sample,
    latestGauges: () => probes.latest(),
    connected: () => whenConnected,
    switchMarket: (choice) => {
      deadMan.standDown();
      return connection.switchMarket(choice);
    },
    rebalanceAll: trading.rebalanceAll,
    shutdown: () => setImmediate(() => void close()),
  };
  const dispatch = createDispatch(
    createHandlers(parts),
    log,
    clock.monotonicMs,
    (name, durationMs, failed) => {
      if (name === 'swarm.status') latency.record('status', durationMs, failed);
    },
  );
  const background = new AbortController();
  const probes = startProbes({
    sample,
    publish: feed.setGauges,
    askStatus: () => dispatch('swarm.status', {}, { actor: 'host', signal: background.signal }),
    swarm,
    latency,
    log,
  });

  let closing: Promise<void> | null = null;
  let resolveClosed: () => void = () => undefined;
  const whenClosed = new Promise<void>((resolve) => {
    resolveClosed = resolve;
  });

  async function shutDown(): Promise<void> {
    background.abort();
    probes.close();
    await stopFloors({ floors, accounts, connection, store, clock, log });
    feed.close();
    loopDelay.close();
    journal.close();
    lock.release();
    resolveClosed();
  }

  function close(): Promise<void> {
    closing ??= shutDown();
    return closing;
  }

  const whenConnected = connection.open().then(
    () => true,
    async (error: unknown) => {
      const onRequest = closing !== null;
      await close();
      if (!onRequest) throw error;
      return false;
    },
  );
  // Whoever does not wait for it learns of a failure by `whenClosed`.
  whenConnected.catch(() => undefined);

  return {
    call(name, input, actor, signal) {
      if (closing)
        return Promise.reject(
          new DeskError('HOST_STOPPING', 'The host is shutting down. Start it again, then repeat.'),
        );
      arming.attend(name, actor);
      return dispatch(name, input, { actor, signal: signal ?? background.signal });
    },
    subscribe: (send) => feed.subscribe(send),
    close,
    whenConnected,
    whenClosed,
  };
}
