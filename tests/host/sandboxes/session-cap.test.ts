// The session cap, a stale predecessor and a warm pool through the whole desk, with real runners.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { E2B } from 'e2b/dist/index.mjs';
import { describe, expect, test, vi } from 'vitest';
import { type RunningHost, startRunningHost } from '../../support/running-host.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const patient = { timeout: 60_000, interval: 50 };

async function hostWith(settings: unknown): Promise<RunningHost> {
  const home = temporaryDirectory();
  writeFileSync(join(home, 'settings.json'), JSON.stringify(settings));
  return startRunningHost(home);
}

const replay = { source: 'replay', file: 'sp500', barsPerSecond: 40 };

describe('a swarm', { timeout: 120_000 }, () => {
  test('outlives the session cap: other sandboxes, same agents, books and account agree, and it goes on trading', async () => {
    const host = await hostWith({ market: replay, sandboxes: { maxSessionMs: 15_000 } });
    await host.call('swarm.deploy', { agent: 'momentum', symbols: ['SPX'], count: 3 });
    const before = await host.call('swarm.status', {});
    const [firstSandbox] = before.agents.map((agent) => agent.sandboxId);
    await vi.waitFor(async () => {
      const { sandboxes } = await host.call('sandboxes.list', {});
      expect(sandboxes.map((sandbox) => sandbox.sandboxId)).not.toContain(firstSandbox);
    }, patient);
    const after = await host.call('swarm.status', {});
    expect(after.alive).toBe(3);
    expect(after.agents.map((agent) => agent.agentId)).toEqual(before.agents.map((agent) => agent.agentId));
    expect(after.agents.map((agent) => agent.state)).toEqual(['running', 'running', 'running']);
    expect((await host.call('sandboxes.list', {})).sandboxes).toHaveLength(1);
    const { fills } = host.state().totals;
    await vi.waitFor(() => expect(host.state().totals.fills).toBeGreaterThan(fills), patient);
    await host.call('swarm.block', {});
    await vi.waitFor(() => {
      const { agents, account } = host.state();
      const held = Object.values(agents).reduce(
        (sum, agent) => sum + (agent.positions['SPX']?.qtyNanos ?? 0),
        0,
      );
      expect(account?.positions['SPX'] ?? 0).toBe(held);
    }, patient);
    expect(host.state().notices.map((notice) => notice.title)).not.toContain(
      'A successor does not stand where its predecessor did',
    );
  });

  test('is priced with the queue once enough was measured, and not before', async () => {
    const host = await hostWith({ sandboxes: { createsPerSecond: 10 } });
    const preview = { agent: 'momentum', perSandbox: 1 } as const;
    expect((await host.call('swarm.preview', { ...preview, count: 10 })).readyInMs).toBeNull();
    await host.call('swarm.deploy', { ...preview, count: 20 });
    const few = (await host.call('swarm.preview', { ...preview, count: 1 })).readyInMs ?? Number.NaN;
    const many = (await host.call('swarm.preview', { ...preview, count: 80 })).readyInMs ?? Number.NaN;
    expect(few).toBeGreaterThan(0);
    // Eighty at ten a second, of which ten at once at most.
    expect(many - few).toBeGreaterThan(6_000);
    await expect(host.call('swarm.preview', { ...preview, perSandbox: 11 })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('agentsPerSandboxMax'),
    });
  });
});

describe('the reaper', { timeout: 60_000 }, () => {
  test('finds a sandbox of this desk that nobody knows, under the name that a restart keeps', async () => {
    const home = temporaryDirectory();
    const first = await startRunningHost(home);
    const name = await vi.waitUntil(() => first.state().deskId, patient);
    await first.close();
    const host = await startRunningHost(home);
    await vi.waitFor(() => expect(host.state().deskId).toBe(name), patient);
    const { ready } = host.services();
    const client = new E2B({
      apiKey: ready.e2bApiKey,
      apiUrl: ready.sandboxUrl,
      sandboxUrl: ready.sandboxUrl,
    });
    await client.Sandbox.create('base', { metadata: { desk: name }, timeoutMs: 60_000 });
    const health = await host.call('host.health', {});
    expect(health.checks.find((check) => check.name === 'sandboxes')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('1 at the provider, 0 known'),
    });
  });
});

describe('the warm pool', { timeout: 120_000 }, () => {
  test('serves the next deployment, or says why it cannot', async () => {
    const host = await hostWith({ market: replay });
    expect(await host.call('pool.status', {})).toMatchObject({ size: 0, paused: 0, available: true });
    await host.call('pool.resize', { size: 1 });
    const status = await vi.waitUntil(async () => {
      const now = await host.call('pool.status', {});
      return now.paused === 1 || !now.available ? now : null;
    }, patient);
    if (!status.available) expect(status.reason).toMatch(/pause/i);
    const paused = await host.call('sandboxes.list', {});
    await host.call('swarm.deploy', { agent: 'momentum', symbols: ['SPX'], count: 1 });
    const [agent] = (await host.call('swarm.status', {})).agents;
    expect(agent?.state).toBe('running');
    if (status.available) {
      expect(agent?.sandboxId).toBe(paused.sandboxes[0]?.sandboxId);
      expect((await host.call('pool.status', {})).resumeP50Ms).toBeGreaterThan(0);
    }
    expect((await host.call('settings.read', {})).pool.size).toBe(1);
  });

  test('keeps running ones only on request, and shows their price', async () => {
    const host = await hostWith({ market: replay });
    await host.call('pool.resize', { size: 1, running: 1 });
    await vi.waitFor(async () => {
      const status = await host.call('pool.status', {});
      expect(status).toMatchObject({ running: 1, simulatedPrice: true });
      expect(status.runningPerHourMicros).toBe(108_900);
    }, patient);
    const [warm] = (await host.call('sandboxes.list', {})).sandboxes;
    await host.call('swarm.deploy', { agent: 'momentum', symbols: ['SPX'], count: 1 });
    expect((await host.call('swarm.status', {})).agents[0]?.sandboxId).toBe(warm?.sandboxId);
  });
});
