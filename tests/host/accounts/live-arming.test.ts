import { describe, expect, test, vi } from 'vitest';
import { liveIdleMs } from '../../../electron/contract/live-arming.ts';
import type { DeskEvent } from '../../../electron/contract/events.ts';
import { type AccountBench, createAccountBench, liveKey } from '../../support/account-bench.ts';
import { agentDeployed } from '../../support/build-events.ts';
import { shares } from '../../support/trading-bench.ts';

const number = '123456789';
const hourMs = 3_600_000;
const chosen: DeskEvent = {
  kind: 'AccountChosen',
  at: 1,
  actor: 'cli',
  account: 'live',
  accountNumber: number,
};

async function arm({ arming }: AccountBench): Promise<void> {
  await arming.arm({ accountNumber: number, limits: arming.limitsKey() }, 'window');
}

describe('LIVE', () => {
  test('is not armed by being used, and DEMO and PAPER need no arming', () => {
    const bench = createAccountBench();
    expect(bench.arming.mayOpen()).toBe(true);
    bench.store.commit({ ...chosen, account: 'paper', accountNumber: 'PA1' });
    expect(bench.arming.mayOpen()).toBe(true);
    bench.store.commit(chosen);
    expect(bench.arming.mayOpen()).toBe(false);
    expect(() => bench.arming.assertMayOpen()).toThrow(/LIVE is not armed.*account-arm/);
  });

  test('is armed by its number for the limits shown, and says until when', async () => {
    const bench = createAccountBench([chosen]);
    const armed = await bench.arming.arm(
      { accountNumber: number, limits: bench.arming.limitsKey() },
      'window',
    );
    expect(armed.until - armed.since).toBe(24 * hourMs);
    expect(bench.arming.mayOpen()).toBe(true);
  });

  test.each([
    ['another number', { accountNumber: '123456780' }, 'ACCOUNT_NUMBER_WRONG'],
    ['the number of the PAPER account', { accountNumber: 'PA3ABC9DEFG1' }, 'ACCOUNT_NUMBER_WRONG'],
    ['limits that were not shown', { limits: '0123456789ab' }, 'LIMITS_CHANGED'],
  ])('is not armed by %s', async (_, wrong, code) => {
    const { arming, events } = createAccountBench([chosen]);
    const before = events.length;
    const right = { accountNumber: number, limits: arming.limitsKey() };
    await expect(arming.arm({ ...right, ...wrong }, 'cli')).rejects.toMatchObject({ code });
    expect([arming.mayOpen(), events.length]).toEqual([false, before]);
  });

  test('is not armed while another account is in use, nor after a kill', async () => {
    const bench = createAccountBench();
    await expect(arm(bench)).rejects.toMatchObject({ code: 'LIVE_NOT_IN_USE' });
    bench.store.commit(chosen);
    bench.store.commit({
      kind: 'KillStarted',
      at: 2,
      killId: 'k',
      actor: 'cli',
      policy: 'keep',
      reason: 'test',
      items: [],
    });
    await expect(arm(bench)).rejects.toMatchObject({ code: 'KILL_LATCHED' });
  });

  test('is not armed any more after a kill, also once trading is re-armed', async () => {
    const bench = createAccountBench([chosen]);
    await arm(bench);
    bench.store.commit({
      kind: 'KillStarted',
      at: 2,
      killId: 'k',
      actor: 'cli',
      policy: 'keep',
      reason: 'test',
      items: [],
    });
    bench.store.commit({ kind: 'Rearmed', at: 3, actor: 'cli', reason: 'checked' });
    expect(bench.store.state().entries.kind).toBe('open');
    expect(bench.arming.mayOpen()).toBe(false);
  });

  test('lapses after 24 h without an operator, and not a moment before', async () => {
    const bench = createAccountBench([chosen]);
    await arm(bench);
    bench.pass(liveIdleMs - 5_000);
    expect(bench.arming.mayOpen()).toBe(true);
    bench.pass(5_001);
    expect(bench.arming.mayOpen()).toBe(false);
  });

  test('is kept by what an operator does, not by what is read, nor by the host itself', async () => {
    const bench = createAccountBench([chosen]);
    await arm(bench);
    bench.pass(20 * hourMs);
    bench.arming.attend('swarm.status', 'window');
    bench.arming.attend('swarm.block', 'host');
    expect(bench.arming.armed()?.until).toBe((bench.store.state().live?.since ?? 0) + liveIdleMs);
    bench.arming.attend('swarm.block', 'cli');
    bench.pass(5 * hourMs);
    expect(bench.arming.mayOpen()).toBe(true);
    bench.pass(20 * hourMs);
    expect(bench.arming.mayOpen()).toBe(false);
    bench.arming.attend('swarm.block', 'cli');
    expect(bench.arming.mayOpen()).toBe(false);
  });

  test('is recorded as attended once a minute at most', async () => {
    const bench = createAccountBench([chosen]);
    await arm(bench);
    for (let call = 0; call < 10; call += 1) {
      bench.pass(20_000);
      bench.arming.attend('swarm.block', 'window');
    }
    expect(bench.events.filter(({ kind }) => kind === 'LiveAttended')).toHaveLength(3);
  });

  test('that lapsed says so once, and closing still passes', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const bench = createAccountBench([chosen]);
    await arm(bench);
    bench.pass(liveIdleMs + 1);
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    const kinds = bench.events.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'LiveDisarmed')).toHaveLength(1);
    expect(bench.store.state()).toMatchObject({
      live: null,
      notices: [{ title: 'LIVE is no longer armed', detail: expect.stringContaining('24 h') }],
    });
  });

  test('is not armed for other limits than those it was armed for', async () => {
    const bench = createAccountBench([chosen]);
    await arm(bench);
    const changes = [{ name: 'order.notional', before: 25_000_000_000, after: 50_000_000_000 }];
    bench.store.commit({ kind: 'LimitsChanged', at: Date.now(), actor: 'cli', mode: 'live', changes });
    expect(bench.arming.mayOpen()).toBe(false);
  });

  test('is not armed on a clock that was set back beyond a correction', async () => {
    const bench = createAccountBench([chosen]);
    await arm(bench);
    bench.pass(-30_000);
    expect(bench.arming.mayOpen()).toBe(true);
    bench.pass(-31_000);
    expect(bench.arming.mayOpen()).toBe(false);
  });

  test('is not armed any more after another account was used in between', async () => {
    const bench = createAccountBench([chosen]);
    await arm(bench);
    bench.store.commit({ ...chosen, account: 'demo', accountNumber: null });
    bench.store.commit(chosen);
    expect(bench.arming.mayOpen()).toBe(false);
  });

  test('stays armed over a restart within its time, and is not armed after it', async () => {
    const first = createAccountBench([chosen]);
    await arm(first);
    const past = [chosen, ...first.events];
    const second = createAccountBench(past);
    expect(second.arming.mayOpen()).toBe(true);
    second.pass(liveIdleMs + 1);
    expect(second.arming.mayOpen()).toBe(false);
  });
});

test('an order that opens is not sent on LIVE before it is armed; one that reduces is', async () => {
  const bench = createAccountBench();
  await bench.connect();
  await bench.play(liveKey);
  await bench.accounts.use({ account: 'live', key: liveKey }, 'cli');
  const { store, trading, arming } = bench;
  await vi.waitFor(() => expect(trading.isConnected()).toBe(true), { timeout: 10_000 });
  store.commit(agentDeployed({ mode: 'live', symbols: ['KO'] }));
  for (const phase of ['warming', 'running'] as const)
    store.commit({ kind: 'AgentMoved', at: 1, agentId: 'momentum-01', phase, reason: 'test' });
  trading.follow(['KO']);
  const want = (count: number): void =>
    store.commit({
      kind: 'TargetSet',
      at: 1,
      agentId: 'momentum-01',
      symbol: 'KO',
      qtyNanos: shares(count),
      priceTicks: 600_000,
      reason: 'test',
    });
  const orders = (): number => Object.keys(store.state().orders).length;
  const held = (): number => store.state().agents['momentum-01']?.positions['KO']?.qtyNanos ?? 0;
  await vi.waitFor(() => expect(trading.quotes.get('KO')).toBeDefined(), { timeout: 10_000 });

  want(10);
  expect(await trading.round('KO')).toMatchObject({ kind: 'none', code: 'ENTRIES_BLOCKED' });
  expect(orders()).toBe(0);

  const { accountNumber } = await bench.accounts.show();
  await arming.arm({ accountNumber: accountNumber ?? '', limits: arming.limitsKey() }, 'cli');
  trading.rebalance('KO');
  await vi.waitFor(() => expect(held()).toBe(shares(10)), { timeout: 10_000 });

  arming.disarm('cli', 'test');
  want(15);
  expect(await trading.round('KO')).toMatchObject({ kind: 'none', code: 'ENTRIES_BLOCKED' });
  want(4);
  trading.rebalance('KO');
  await vi.waitFor(() => expect(held()).toBe(shares(4)), { timeout: 10_000 });
  expect(orders()).toBe(2);
});
