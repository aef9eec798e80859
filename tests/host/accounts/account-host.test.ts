// Whole hosts on PAPER and LIVE, with a demo broker on loopback in the place of Alpaca.
import { expect, test, vi } from 'vitest';
import { openBroker } from '../../local/broker/open-broker.ts';
import { liveKey, onSimulator, paperKey } from '../../support/account-bench.ts';
import { allowLoopbackOnly } from '../../support/loopback-only.ts';
import { type RunningHost, startRunningHost } from '../../support/running-host.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const patience = { timeout: 60_000, interval: 100 };
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function startOn(key: typeof paperKey, home = temporaryDirectory()): Promise<RunningHost> {
  allowLoopbackOnly();
  const { url: brokerUrl, ...streams } = await openBroker(onSimulator(key, 7));
  return startRunningHost(home, silent, { brokerUrl, ...streams });
}

test('PAPER trades with its own books, and is left once its agents are stopped', {
  timeout: 120_000,
}, async () => {
  const host = await startOn(paperKey);
  const key = `${paperKey.keyId} ${paperKey.secret}`;
  await host.call('account.use', { account: 'paper', key });
  await vi.waitFor(async () => expect((await host.call('account.show', {})).connected).toBe(true), patience);
  await expect(host.call('market.choose', { source: 'simulator' })).rejects.toMatchObject({
    code: 'MARKET_IN_USE',
    message: expect.stringContaining('PAPER'),
  });
  await host.call('swarm.deploy', {
    agent: 'momentum',
    symbols: 'KO',
    count: 1,
    params: { fast: 2, slow: 3 },
  });
  await vi.waitFor(() => expect(host.state().totals.fills).toBeGreaterThan(0), patience);
  expect(Object.keys(host.state().orders)[0]).toMatch(/^nt-.*-paper-1$/);
  expect(await host.call('swarm.status', {})).toMatchObject({ mode: 'paper', agents: [{ mode: 'paper' }] });
  await expect(host.call('account.use', { account: 'demo' })).rejects.toMatchObject({
    code: 'ACCOUNT_IN_USE',
  });
  const { orders } = host.state().totals;
  await host.call('swarm.stopAll', {});
  await vi.waitFor(() => host.call('account.use', { account: 'demo' }), patience);
  const empty = { mode: 'demo', agents: {}, orders: {}, totals: { orders: 0 } };
  await vi.waitFor(() => expect(host.state()).toMatchObject(empty), patience);
  await host.call('account.use', { account: 'paper' });
  await vi.waitFor(() => expect(host.state().totals.orders).toBeGreaterThanOrEqual(orders), patience);
});

test('LIVE deploys nothing before it is armed, and is armed still after a restart', {
  timeout: 120_000,
}, async () => {
  const home = temporaryDirectory();
  const first = await startOn(liveKey, home);
  await first.call('account.use', { account: 'live', key: `${liveKey.keyId}:${liveKey.secret}` });
  const deploy = { agent: 'momentum', symbols: 'KO', count: 1 } as const;
  await expect(first.call('swarm.deploy', deploy)).rejects.toMatchObject({ code: 'LIVE_NOT_ARMED' });
  const { accountNumber, limitsKey } = await first.call('account.show', {});
  await first.call('account.arm', { accountNumber: accountNumber ?? '', limits: limitsKey });
  expect((await first.call('swarm.deploy', deploy)).agentIds).toEqual(['momentum-01']);
  await first.close();

  const second = await startOn(liveKey, home);
  await vi.waitFor(
    async () =>
      expect(await second.call('account.show', {})).toMatchObject({
        inUse: 'live',
        connected: true,
        armed: { since: expect.any(Number) },
      }),
    patience,
  );
  await second.call('account.disarm', {});
  await expect(second.call('swarm.deploy', deploy)).rejects.toMatchObject({ code: 'LIVE_NOT_ARMED' });
});
