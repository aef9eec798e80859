import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { DeskEvent } from '../../electron/contract/events.ts';
import type { LocalServicesReady, ToLocalServices } from '../../electron/contract/local-services.ts';
import type { Agent } from '../../electron/contract/state.ts';
import { openAccountKeys } from '../../electron/host/accounts/account-keys.ts';
import { createAccountSwitch } from '../../electron/host/accounts/account-switch.ts';
import { createLiveArming } from '../../electron/host/accounts/live-arming.ts';
import { type Connection, createConnection } from '../../electron/host/connection.ts';
import type { LocalChild } from '../../electron/host/local-process.ts';
import { createProviderSwitch } from '../../electron/host/provider-switch.ts';
import { fileVault } from '../../electron/host/sealed-key.ts';
import { openSecrets } from '../../electron/host/secrets.ts';
import type { Fleet } from '../../electron/host/sandboxes/fleet.ts';
import { openSettings, type SettingsFile } from '../../electron/host/settings.ts';
import { createStore } from '../../electron/host/store.ts';
import type { Swarm } from '../../electron/host/swarm/swarm.ts';
import type { Trading } from '../../electron/host/trading/trading.ts';
import type { Journal } from '../../electron/native/load.ts';
import { createMemoryJournal, type MemoryJournal } from '../local/broker/memory-journal.ts';
import { silent, testClock } from '../support/fleet-bench.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A child that answers each start with the next of the script, on addresses of its own. */
interface FakeChild extends LocalChild {
  readonly heard: ToLocalServices[];
  isAlive: boolean;
  die(code: number): void;
}

interface Bench {
  readonly connection: Connection;
  readonly children: FakeChild[];
  /** What the next children answer instead of being ready: a code, "mute" for nothing at all, or null for dying. */
  readonly troubles: (string | null)[];
  /** What the floors were told, in order. */
  readonly told: string[];
  /** How many of the next connections to the broker fail. */
  readonly refusals: { left: number };
  readonly events: DeskEvent[];
  readonly settingsFile: SettingsFile;
}

const orphan = { agentId: 'a' } as Agent;
const otherOrphan = { agentId: 'b' } as Agent;
const lostBefore = { agentId: 'earlier' } as Agent;

function ready(port: number, label: string): LocalServicesReady {
  return {
    sandboxUrl: `http://127.0.0.1:${port}`,
    e2bApiKey: 'key',
    brokerUrl: `http://127.0.0.1:${port + 1}`,
    dataStreamUrl: `ws://127.0.0.1:${port + 1}/data`,
    tradingStreamUrl: `ws://127.0.0.1:${port + 1}/stream`,
    keyId: `id-${port}`,
    secret: 's',
    isolation: 'isolated',
    isolationDetail: 'bubblewrap',
    market: { source: 'simulator', label, symbols: ['AAPL'], timeframe: '1Min', barMs: 1_000 },
  };
}

function createFakeChild(port: number, trouble: string | null | undefined): FakeChild {
  const exits: ((code: number | null) => void)[] = [];
  const messages: ((message: unknown) => void)[] = [];
  const tell = (message: unknown): void => {
    for (const listener of messages) listener(message);
  };
  const child: FakeChild = {
    pid: port,
    heard: [],
    isAlive: true,
    send(message) {
      child.heard.push(message);
      queueMicrotask(() => {
        if (message.kind === 'stop') child.die(0);
        else if (trouble === 'mute') return;
        else if (trouble === null) child.die(1);
        else if (trouble !== undefined)
          tell({ kind: 'failed', code: trouble, message: `because ${trouble}` });
        else
          tell({ kind: 'ready', ready: ready(port, `market of ${JSON.stringify(message.config.market)}`) });
      });
    },
    onMessage: (listener) => void messages.push(listener),
    onExit: (listener) => void exits.push(listener),
    kill: () => child.die(9),
    die(code) {
      if (!child.isAlive) return;
      child.isAlive = false;
      for (const listener of exits) listener(code);
    },
  };
  return child;
}

function createBench(): Bench {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const dataDir = temporaryDirectory();
  const store = createStore(createMemoryJournal() as MemoryJournal & Journal, silent, () => undefined);
  const events: DeskEvent[] = [];
  store.follow(({ event }) => events.push(event));
  const told: string[] = [];
  const children: FakeChild[] = [];
  const troubles: Bench['troubles'] = [];
  const refusals = { left: 0 };
  const orphans = [orphan, otherOrphan];
  const trading: Partial<Trading> = {
    async connect({ mode, keys, loopback, timeframe }) {
      refusals.left -= 1;
      if (refusals.left >= 0) throw new Error('the broker is not there yet');
      told.push(`connect ${mode} ${keys.keyId} ${loopback?.brokerUrl} ${timeframe}`);
    },
    disconnect: () => void told.push('disconnect'),
  };
  const fleet: Partial<Fleet> = {
    setProvider: (provider) => void told.push(provider ? `provider ${provider.name}` : 'no provider'),
    reap: async () => ['slot-9'],
  };
  const swarm: Partial<Swarm> = {
    loseAll: (reason) => (told.push(`lose all: ${reason}`), orphans.splice(0, 1)),
    recover: async (agents) => void told.push(`recover ${agents.map((agent) => agent.agentId).join()}`),
    reattach: async (slots, lost) =>
      void told.push(`reattach ${slots.join()} ${lost.map((agent) => agent.agentId).join()}`),
  };
  const settingsFile = openSettings(dataDir);
  const provider = createProviderSwitch({
    settingsFile,
    secrets: openSecrets({
      file: join(dataDir, 'secrets.json'),
      environmentKey: undefined,
      vault: fileVault,
    }),
    store,
    clock: testClock,
    log: silent,
    fleet: fleet as Fleet,
  });
  const accounts = createAccountSwitch({
    store,
    clock: testClock,
    log: silent,
    keys: openAccountKeys(dataDir, fileVault),
    trading: trading as Trading,
    standDown: () => undefined,
    arming: createLiveArming({ store, clock: testClock, limits: () => store.state().limits }),
    provider: () => settingsFile.read().provider,
    loopback: null,
  });
  const connection = createConnection({
    dataDir,
    startLocal() {
      const child = createFakeChild(4_000 + children.length * 10, troubles.shift());
      children.push(child);
      return child;
    },
    store,
    clock: testClock,
    log: silent,
    settingsFile,
    provider,
    accounts,
    swarm: swarm as Swarm,
    lost: [lostBefore],
  });
  return { connection, children, troubles, told, refusals, events, settingsFile };
}

const kinds = (events: readonly DeskEvent[]): string[] => events.map((event) => event.kind);

describe('opening', () => {
  test('starts the services on the chosen market, connects the floors, and takes up what outlived an earlier host', async () => {
    const { connection, children, told, events, settingsFile } = createBench();
    settingsFile.change({ market: { source: 'simulator', seed: 7, speed: 60 } });
    await connection.open();
    expect(children[0]?.heard).toMatchObject([
      { kind: 'start', config: { market: { source: 'simulator', seed: 7 }, sandboxes: { limit: 100 } } },
    ]);
    expect(told).toEqual([
      'provider local',
      'connect demo id-4000 http://127.0.0.1:4001 1Min',
      'reattach slot-9 earlier',
    ]);
    expect(kinds(events)).toEqual(['LocalServicesStarted', 'ProviderChosen', 'MarketOpened']);
  });

  test.each([
    ['MARKET_FILE_INVALID', 'MARKET_FILE_INVALID'],
    ['SOMETHING_ELSE', 'LOCAL_SERVICES_DOWN'],
    [null, 'LOCAL_SERVICES_DOWN'],
  ])('fails with the code of the service: %s', async (trouble, code) => {
    const { connection, troubles, told } = createBench();
    troubles.push(trouble);
    await expect(connection.open()).rejects.toMatchObject({ code });
    expect(told).toEqual([]);
  });

  test('gives up on services that never answer, and ends them', async () => {
    const { connection, children, troubles } = createBench();
    troubles.push('mute');
    const outcome = connection.open().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(29_999);
    expect(children[0]?.isAlive).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toMatchObject({ code: 'LOCAL_SERVICES_DOWN' });
    expect(children[0]?.isAlive).toBe(false);
  });
});

describe('services that die', () => {
  test('are said to be lost, started again, connected on their new addresses, and the agents are brought back', async () => {
    const { connection, children, told, events } = createBench();
    await connection.open();
    told.length = 0;
    events.length = 0;
    children[0]?.die(9);
    expect(told).toEqual(['disconnect', 'lose all: the local services died', 'no provider']);
    expect(events).toMatchObject([{ kind: 'LocalServicesLost', reason: expect.stringContaining('code 9') }]);
    await vi.advanceTimersByTimeAsync(250);
    expect(told.slice(3)).toEqual([
      'provider local',
      'connect demo id-4010 http://127.0.0.1:4011 1Min',
      'recover a',
    ]);
    expect(kinds(events).slice(1)).toEqual(['LocalServicesStarted', 'MarketOpened']);
  });

  test('and do not start are tried at growing intervals, ten seconds at most', async () => {
    const { connection, children, troubles, told } = createBench();
    await connection.open();
    troubles.push(...Array.from({ length: 9 }, () => 'LOCAL_SERVICES_DOWN'));
    children[0]?.die(9);
    const startsAfter = async (ms: number): Promise<number> => {
      const before = children.length;
      await vi.advanceTimersByTimeAsync(ms);
      return children.length - before;
    };
    expect(await startsAfter(1_400)).toBe(3);
    expect(await startsAfter(1_500)).toBe(0);
    expect(await startsAfter(11_300)).toBe(3);
    expect(await startsAfter(30_000)).toBe(3);
    expect(told.at(-1)).not.toBe('recover a');
    expect(await startsAfter(10_000)).toBe(1);
    expect(told.at(-1)).toBe('recover a');
  });

  // A child that ends while it starts is counted twice, as lost and as not started: each failure doubles the attempts.
  test('and end while they start again are tried one at a time', async () => {
    const { connection, children, troubles } = createBench();
    await connection.open();
    troubles.push(null, null, null);
    children[0]?.die(9);
    await vi.advanceTimersByTimeAsync(1_400);
    expect(children).toHaveLength(4);
  });
});

describe('services that come back and cannot be connected', () => {
  test('are connected again at growing intervals until it works', async () => {
    const { connection, children, refusals, told } = createBench();
    await connection.open();
    refusals.left = 3;
    children[0]?.die(9);
    await vi.advanceTimersByTimeAsync(200 + 500 + 1_000);
    expect(told).not.toContain('recover a');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told.at(-1)).toBe('recover a');
    expect(children).toHaveLength(2);
  });

  test('and die meanwhile leave no agent behind', async () => {
    const { connection, children, refusals, told } = createBench();
    await connection.open();
    refusals.left = 2;
    children[0]?.die(9);
    await vi.advanceTimersByTimeAsync(300);
    children[1]?.die(9);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told.filter((line) => line.startsWith('recover'))).toEqual(['recover a,b']);
    expect(told.filter((line) => line.startsWith('connect')).at(-1)).toContain('id-4020');
  });

  test('are left alone once the desk is closed', async () => {
    const { connection, children, refusals, told } = createBench();
    await connection.open();
    refusals.left = 1;
    children[0]?.die(9);
    await vi.advanceTimersByTimeAsync(300);
    await connection.close();
    told.length = 0;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual([]);
  });
});

describe('another market', () => {
  test('is kept for the next start once it is connected', async () => {
    const { connection, children, told, settingsFile } = createBench();
    await connection.open();
    told.length = 0;
    const market = { source: 'simulator', seed: 3, speed: 60 } as const;
    const answer = await connection.switchMarket(market);
    expect(answer).toEqual({ label: `market of ${JSON.stringify(market)}`, symbols: ['AAPL'] });
    expect(told[0]).toBe('disconnect');
    expect(children.map((child) => child.isAlive)).toEqual([false, true]);
    expect(settingsFile.read().market).toEqual(market);
  });

  test('that cannot be used leaves the desk on the one before, and says why', async () => {
    const { connection, children, troubles, told, settingsFile } = createBench();
    await connection.open();
    const before = settingsFile.read().market;
    troubles.push('MARKET_FILE_INVALID');
    const choice = { source: 'replay', file: '/nowhere.csv', barsPerSecond: 20 } as const;
    await expect(connection.switchMarket(choice)).rejects.toMatchObject({
      code: 'MARKET_FILE_INVALID',
      message: 'because MARKET_FILE_INVALID',
    });
    expect(settingsFile.read().market).toEqual(before);
    expect(children.at(-1)?.heard[0]).toMatchObject({ kind: 'start', config: { market: before } });
    expect(told.at(-1)).toMatch(/^connect demo id-4020/);
  });
});

test('closing asks the services to stop, waits for their end, and starts none again', async () => {
  const { connection, children, told } = createBench();
  await connection.open();
  told.length = 0;
  await connection.close();
  expect(children[0]?.heard.at(-1)).toEqual({ kind: 'stop' });
  expect(children[0]?.isAlive).toBe(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(children).toHaveLength(1);
  expect(told).toEqual([]);
});
