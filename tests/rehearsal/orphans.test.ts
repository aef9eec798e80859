// What the provider runs is what the desk knows, whatever happens on the way between them.
import { describe, expect, test, vi } from 'vitest';
import type { Fault } from '../support/fault-proxy-faults.ts';
import { type HostBehindProxy, startHostBehindProxy } from './host-behind-proxy.ts';

const patient = { timeout: 30_000, interval: 100 };
const createRoute = '/v2/sandboxes';

/** Spoils the creations numbered in `nths`, counted from now. */
function spoilCreations(desk: HostBehindProxy, fault: Fault, nths: readonly number[]): void {
  const proxy = desk.proxy();
  const before = proxy.log.filter(({ method, route }) => method === 'POST' && route === createRoute).length;
  proxy.setPlan(({ method, route, nth }) =>
    method === 'POST' && route === createRoute && nths.includes(nth - before) ? fault : { kind: 'none' },
  );
}

async function untilAgreed(desk: HostBehindProxy): Promise<void> {
  await vi.waitFor(async () => expect(await desk.running()).toEqual(await desk.believed()), patient);
}

describe('no sandbox runs that the desk does not know', { timeout: 90_000 }, () => {
  test('a creation whose answer is lost is found and kept', async () => {
    const desk = await startHostBehindProxy();
    spoilCreations(desk, { kind: 'answer lost', how: 'reset' }, [1]);
    await desk.host.call('sandboxes.create', { count: 1 }, 'cli');
    expect(await desk.running()).toHaveLength(1);
    expect(await desk.believed()).toEqual(await desk.running());
  });

  test.each([
    [{ kind: 'status', status: 503 }, 'SANDBOX_UNAVAILABLE'],
    [{ kind: 'status', status: 500 }, 'SANDBOX_UNAVAILABLE'],
  ] as const)(
    'a creation spoilt by %o fails by name, is on record until nothing can come of it, and leaves the others',
    async (fault, code) => {
      const desk = await startHostBehindProxy();
      await desk.host.call('sandboxes.create', { count: 1 }, 'cli');
      spoilCreations(desk, fault, [1]);
      await expect(desk.host.call('sandboxes.create', { count: 1 }, 'cli')).rejects.toMatchObject({ code });
      expect(await desk.believed()).toHaveLength(2);
      desk.skip(61_000);
      await untilAgreed(desk);
      expect(await desk.running()).toHaveLength(1);
    },
  );

  test('a creation that is to be tried again later is tried again', async () => {
    const desk = await startHostBehindProxy();
    spoilCreations(desk, { kind: 'status', status: 429, retryAfterS: 1 }, [1, 2]);
    await desk.host.call('sandboxes.create', { count: 1 }, 'cli');
    expect(await desk.running()).toEqual(await desk.believed());
    expect(await desk.running()).toHaveLength(1);
  });

  test('an outage of 4 s in mid swarm changes no sandbox, and a kill ends them all', async () => {
    const desk = await startHostBehindProxy();
    await desk.host.call('market.choose', { source: 'replay', file: 'sp500', barsPerSecond: 20 }, 'cli');
    await desk.host.call('swarm.deploy', { agent: 'momentum', symbols: ['SPX'], count: 3 }, 'cli');
    const before = await desk.running();
    expect(before).not.toEqual([]);
    const proxy = desk.proxy();
    proxy.setOutage('refused');
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    proxy.setOutage(null);
    const isFollowed = (): boolean => proxy.log.some(({ route }) => route === '/process.Process/Connect');
    await vi.waitFor(() => expect(isFollowed()).toBe(true), patient);
    expect([await desk.running(), await desk.believed()]).toEqual([before, before]);
    const receipt = await desk.host.call('swarm.kill', { policy: 'flatten' }, 'cli');
    expect(receipt).toMatchObject({ verified: true });
    expect(await desk.running()).toEqual([]);
    expect(await desk.believed()).toEqual([]);
  });
});
