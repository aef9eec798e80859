import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { useAccount } from '../../../electron/contract/account.ts';
import type { DeskEvent } from '../../../electron/contract/events.ts';
import type { Mode } from '../../../electron/contract/names.ts';
import { createAccountBench, liveKey, paperKey } from '../../support/account-bench.ts';
import { agentDeployed, orderApproved, orderFilled } from '../../support/build-events.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const paper = { account: 'paper', key: paperKey } as const;
const live = { account: 'live', key: liveKey } as const;

/** Lists what is requested from here on. */
function watchRequests(): string[] {
  const asked: string[] = [];
  const send = globalThis.fetch;
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation((to, init) => {
    const url = to instanceof Request ? to.url : to.toString();
    asked.push(`${init?.method ?? 'GET'} ${url}`);
    return send(to, init);
  });
  onTestFinished(() => spy.mockRestore());
  return asked;
}

describe('PAPER', () => {
  test('is used with its key from then on, and says where it trades', async () => {
    const { accounts, connect, play, store, trading } = createAccountBench();
    await connect();
    const broker = await play(paperKey);
    const view = await accounts.use(paper, 'cli');
    expect(view).toMatchObject({ inUse: 'paper', accountNumber: 'DEMO-SIMULATOR-7', armed: null });
    expect(view.accounts[1]).toMatchObject({ account: 'paper', address: broker.url, key: 'stored' });
    expect(store.state()).toMatchObject({ mode: 'paper', market: { source: 'alpaca' } });
    await vi.waitFor(() => expect(trading.isConnected()).toBe(true));
    expect(store.state().account?.equityMicros).toBe(100_000_000_000);
  });

  test('is used again by a later host, with the stored key', async () => {
    const home = temporaryDirectory();
    const first = createAccountBench([], home);
    await first.connect();
    await first.play(paperKey);
    await first.accounts.use(paper, 'cli');
    const past = [...first.events];
    first.accounts.close();

    const second = createAccountBench(past, home);
    await second.play(paperKey);
    await second.connect();
    expect(await second.accounts.show()).toMatchObject({ inUse: 'paper', connected: true });
  });

  test('stays connected while the local services are down, and is not connected twice when they are back', async () => {
    const { accounts, connect, events, play, trading } = createAccountBench();
    await connect();
    await play(paperKey);
    await accounts.use(paper, 'cli');
    await vi.waitFor(() => expect(trading.isConnected()).toBe(true));
    accounts.disconnect();
    expect(trading.isConnected()).toBe(true);
    const before = events.filter((event) => event.kind === 'MarketOpened').length;
    await connect();
    expect(events.filter((event) => event.kind === 'MarketOpened')).toHaveLength(before);
  });
});

describe('a key', () => {
  test.each([
    ['paper', liveKey, /begins with AK.*begins with PK.*Nothing was sent.*account-use paper --key-stdin/],
    ['live', paperKey, /begins with PK.*begins with AK.*Nothing was sent.*account-use live --key-stdin/],
  ] as const)('of the other kind is refused on %s before anything is sent', async (account, key, words) => {
    const { accounts, connect, events, keys, play } = createAccountBench();
    await connect();
    const { url } = await play(key);
    const asked = watchRequests();
    const before = events.length;
    for (const call of [accounts.test({ account, key }), accounts.use({ account, key }, 'cli')])
      await expect(call).rejects.toMatchObject({
        code: 'ACCOUNT_KEY_KIND',
        message: expect.stringMatching(words),
      });
    expect(asked.filter((request) => request.includes(url))).toEqual([]);
    expect(events).toHaveLength(before);
    expect(keys.isStored(account)).toBe(false);
  });

  test('that the broker refuses changes nothing, and the refusal says where to set it', async () => {
    const { accounts, connect, keys, play, store, told } = createAccountBench();
    await connect();
    await play({ ...paperKey, secret: 'another-secret' });
    await expect(accounts.use(paper, 'cli')).rejects.toMatchObject({
      code: 'ACCOUNT_KEY_REFUSED',
      message: expect.stringMatching(/Settings, Account.*account-use ACCOUNT --key-stdin/),
    });
    expect([store.state().mode, keys.isStored('paper')]).toEqual(['demo', false]);
    expect(told()).not.toContain(paperKey.secret);
  });

  test('that is missing is asked for, and DEMO keeps trading', async () => {
    const { accounts, connect, store, trading } = createAccountBench();
    await connect();
    await expect(accounts.use({ account: 'live' }, 'cli')).rejects.toMatchObject({
      code: 'ACCOUNT_KEY_MISSING',
      message: expect.stringContaining('account-use live --key-stdin'),
    });
    expect([store.state().mode, trading.isConnected()]).toEqual(['demo', true]);
  });

  test('is read as id and secret, and stands in no event, notice or log', async () => {
    const parsed = useAccount.input.parse({
      account: 'paper',
      key: ` ${paperKey.keyId}  ${paperKey.secret} `,
    });
    expect(parsed.key).toEqual(paperKey);
    const { accounts, connect, play, told } = createAccountBench();
    await connect();
    await play(paperKey);
    await accounts.use(parsed, 'cli');
    expect(told()).not.toContain(paperKey.secret);
    expect(JSON.stringify(await accounts.show())).not.toContain(paperKey.keyId);
  });

  test('that was forgotten leaves an account without a connection, and a notice that says how to mend it', async () => {
    const { accounts, connect, play, store, trading } = createAccountBench();
    await connect();
    await play(paperKey);
    await accounts.use(paper, 'cli');
    expect(await accounts.forgetKey('paper', 'cli')).toEqual({ account: 'paper', forgotten: true });
    expect(trading.isConnected()).toBe(false);
    expect(store.state().notices).toMatchObject([
      {
        severity: 'critical',
        title: expect.stringContaining('PAPER'),
        detail: expect.stringContaining('--key-stdin'),
      },
    ]);
    await accounts.use(paper, 'cli');
    expect(store.state().notices).toEqual([]);
  });
});

describe('a test of the connection', () => {
  test('reads the account and nothing else, also of an account that is not in use', async () => {
    const { accounts, connect, events, play, store } = createAccountBench();
    await connect();
    const { url } = await play(liveKey);
    const before = events.length;
    const asked = watchRequests();
    const tested = await accounts.test(live);
    expect(tested).toMatchObject({ account: 'live', accountNumber: 'DEMO-SIMULATOR-7', address: url });
    expect(asked.filter((request) => request.includes(url))).toEqual([`GET ${url}/v2/account`]);
    expect([store.state().mode, events.length]).toEqual(['demo', before]);
  });
});

describe('another account', () => {
  const latched: DeskEvent = {
    kind: 'KillStarted',
    at: 1,
    killId: 'k',
    actor: 'cli',
    policy: 'keep',
    reason: 'test',
    items: [],
  };

  test.each<[string, DeskEvent, string, RegExp]>([
    ['an agent runs', agentDeployed(), 'ACCOUNT_IN_USE', /1 agent trades on DEMO. Stop the agents first/],
    ['an order is open', orderApproved(), 'ACCOUNT_IN_USE', /1 order is open on DEMO.*cancel with kill/],
    ['the kill switch is latched', latched, 'KILL_LATCHED', /Re-arm it with a reason/],
  ])('is refused while %s, and the key is not kept', async (_, event, code, message) => {
    const { accounts, connect, keys, play, store } = createAccountBench();
    await connect();
    await play(paperKey);
    store.commit(event);
    await expect(accounts.use(paper, 'cli')).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect([store.state().mode, keys.isStored('paper')]).toEqual(['demo', false]);
  });

  test('finds its own books, and leaves those of the one before as they were', async () => {
    const past = [
      agentDeployed(),
      orderApproved(),
      orderFilled({ qtyNanos: 10_000_000_000 }),
      { kind: 'AgentMoved', at: 2, agentId: 'momentum-01', phase: 'failed', reason: 'test' } as const,
    ];
    const { accounts, connect, play, store } = createAccountBench(past);
    await connect();
    const { agents, orders, fills, totals } = store.state();
    await play(paperKey);
    await accounts.use(paper, 'cli');
    expect(store.state()).toMatchObject({ agents: {}, orders: {}, fills: [], totals: { orders: 0 } });
    store.commit(orderApproved({ clientOrderId: 'nt-paper-1' }));
    store.commit({
      kind: 'OrderUpdated',
      at: 3,
      clientOrderId: 'nt-paper-1',
      state: 'rejected',
      detail: 'test',
    });
    await accounts.use({ account: 'demo' }, 'cli');
    expect(store.state()).toMatchObject({ agents, orders, fills, totals });
    await accounts.use({ account: 'paper' }, 'cli');
    expect(Object.keys(store.state().orders)).toEqual(['nt-paper-1']);
  });

  test('of the same kind but another number has other books', async () => {
    const { accounts, connect, play, store } = createAccountBench();
    await connect();
    await play(paperKey);
    await accounts.use(paper, 'cli');
    store.commit(orderApproved());
    store.commit(orderFilled({ qtyNanos: 10_000_000_000 }));
    expect(Object.keys(store.state().orders)).toHaveLength(1);
    await play(paperKey, 8);
    await accounts.use(paper, 'cli');
    expect(store.state()).toMatchObject({ accountNumber: 'DEMO-SIMULATOR-8', orders: {} });
  });

  test('that the stored key opens at a restart is not taken for the one in use', async () => {
    const { accounts, keys, play, store, trading } = createAccountBench([
      { kind: 'AccountChosen', at: 1, actor: 'cli', account: 'paper', accountNumber: 'PA-EARLIER' },
    ]);
    await play(paperKey);
    await keys.store('paper', paperKey);
    await accounts.connect(someServices());
    expect(trading.isConnected()).toBe(false);
    expect(store.state().notices).toMatchObject([
      { detail: expect.stringMatching(/opens account DEMO-SIMULATOR-7.*of PA-EARLIER.*Choose PAPER again/) },
    ]);
  });

  test('DEMO is refused while the sandboxes are in the cloud', async () => {
    const { accounts, connect, play, settings, store } = createAccountBench();
    await connect();
    await play(paperKey);
    await accounts.use(paper, 'cli');
    settings.provider = { kind: 'e2b', plan: 'hobby', domain: 'e2b.app' };
    await expect(accounts.use({ account: 'demo' }, 'cli')).rejects.toMatchObject({
      code: 'FORBIDDEN_ADDRESS',
    });
    expect(store.state().mode).toBe('paper');
  });

  test('may get another key of its own while agents run', async () => {
    const { accounts, connect, play, store } = createAccountBench();
    await connect();
    await play(paperKey);
    await accounts.use(paper, 'cli');
    store.commit(agentDeployed({ mode: 'paper' }));
    const renewed = { keyId: 'PKTESTTESTTESTTEST02', secret: 'renewed-secret' };
    await play(renewed);
    expect(await accounts.use({ account: 'paper', key: renewed }, 'cli')).toMatchObject({ inUse: 'paper' });
  });
});

test('a broker out of reach is tried again, and the desk stays up meanwhile', async () => {
  const home = temporaryDirectory();
  const past = [
    {
      kind: 'AccountChosen',
      at: 1,
      actor: 'cli',
      account: 'paper' as Mode,
      accountNumber: 'DEMO-SIMULATOR-7',
    } as const,
  ];
  const { accounts, keys, play, store, trading } = createAccountBench(past, home);
  await keys.store('paper', paperKey);
  await accounts.connect(someServices());
  expect(store.state().notices).toMatchObject([{ title: 'PAPER is not connected to its broker' }]);
  await play(paperKey);
  await vi.waitFor(() => expect(trading.isConnected()).toBe(true), { timeout: 10_000 });
  await vi.waitFor(() => expect(store.state().notices).toEqual([]));
});

function someServices(): Parameters<ReturnType<typeof createAccountBench>['accounts']['connect']>[0] {
  return {
    sandboxUrl: 'http://127.0.0.1:9',
    e2bApiKey: 'key',
    brokerUrl: 'http://127.0.0.1:9',
    dataStreamUrl: 'ws://127.0.0.1:9/v2/iex',
    tradingStreamUrl: 'ws://127.0.0.1:9/stream',
    keyId: 'DEMOKEY',
    secret: 'demo-secret',
    isolation: 'not isolated',
    isolationDetail: 'none',
    market: { source: 'simulator', label: 'none', symbols: [], timeframe: '1Min', barMs: 1_000 },
  };
}
