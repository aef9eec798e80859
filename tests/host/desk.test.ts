// The whole desk without a window: host, addon, local services, runner, both official SDKs.
import { describe, expect, test, vi } from 'vitest';
import { findStrategy } from '../../electron/contract/strategy-input.ts';
import { isFinal } from '../../electron/contract/reduce-orders.ts';
import type { DeskState } from '../../electron/contract/state.ts';
import { type RunningHost, startRunningHost } from '../support/running-host.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const refusals = [
  ['swarm.stop', { agentId: 'momentum-99' }, 'AGENT_NOT_FOUND', 'momentum-99'],
  ['swarm.status', { id: 'nobody' }, 'AGENT_NOT_FOUND', 'nobody'],
  ['sandboxes.destroy', { id: 'i0' }, 'SANDBOX_NOT_FOUND', 'i0'],
  ['swarm.deploy', { agent: 'astrology' }, 'UNKNOWN_STRATEGY', 'momentum'],
  ['swarm.deploy', { agent: 'momentum', symbols: 'ZZZZ' }, 'UNKNOWN_SYMBOL', 'ZZZZ'],
  ['swarm.deploy', { agent: 'momentum', count: 0 }, 'INVALID_INPUT', 'count'],
  ['swarm.deploy', { agent: 'momentum', count: -1 }, 'INVALID_INPUT', 'count'],
  ['swarm.deploy', { agent: 'momentum', count: 1e9 }, 'INVALID_INPUT', 'count'],
  ['swarm.deploy', { agent: 'momentum', count: 'three' }, 'INVALID_INPUT', 'count'],
  ['swarm.deploy', { agent: 'momentum', params: { fast: 300 } }, 'INVALID_INPUT', '2 to 200 bars'],
  ['swarm.deploy', { agent: 'momentum', params: 'fast=30' }, 'INVALID_INPUT', 'slow must be more than fast'],
  ['swarm.preview', { agent: 'momentum', params: 'fast=30' }, 'INVALID_INPUT', 'slow must be more than fast'],
  ['swarm.preview', { agent: 'astrology' }, 'UNKNOWN_STRATEGY', 'momentum'],
  ['swarm.rearm', { reason: 'not latched' }, 'NOT_LATCHED', 'nothing'],
  ['market.choose', { source: 'replay', file: '/nowhere.csv' }, 'MARKET_FILE_INVALID', '/nowhere.csv'],
  ['market.choose', { source: 'simulator', file: 'sp500' }, 'INVALID_INPUT', 'file'],
  ['no.such', {}, 'UNKNOWN_OPERATION', 'no.such'],
] as const;

const patient = { timeout: 30_000, interval: 50 };

/** A fast replay of real bars: agents decide twenty times a second, so orders follow within seconds. */
async function deskOnReplay(home = temporaryDirectory()): Promise<RunningHost> {
  const host = await startRunningHost(home);
  await host.call('market.choose', { source: 'replay', file: 'sp500', barsPerSecond: 40 });
  return host;
}

async function deployThree(host: RunningHost): Promise<void> {
  await host.call('swarm.deploy', { agent: 'momentum', symbols: ['SPX'], count: 3 });
}

async function untilFills(host: RunningHost, count: number): Promise<void> {
  await vi.waitFor(() => expect(host.state().totals.fills).toBeGreaterThanOrEqual(count), patient);
}

function heldByAgents(state: DeskState, symbol: string): number {
  return Object.values(state.agents).reduce(
    (sum, agent) => sum + (agent.positions[symbol]?.qtyNanos ?? 0),
    0,
  );
}

describe('a swarm on real bars', { timeout: 90_000 }, () => {
  test('trades, pays, is killed, and is found again by the next host', async () => {
    const home = temporaryDirectory();
    const host = await deskOnReplay(home);
    await deployThree(host);
    await untilFills(host, 2);
    const before = await host.call('swarm.status', {});
    expect(before).toMatchObject({
      mode: 'demo',
      alive: 3,
      entries: 'open',
      leaseHeld: true,
      spendSimulated: true,
    });
    await vi.waitFor(
      async () =>
        expect((await host.call('swarm.status', {})).spendMicros).toBeGreaterThan(before.spendMicros),
      patient,
    );

    const receipt = await host.call('swarm.kill', { policy: 'flatten', reason: 'test' });
    expect(receipt).toMatchObject({ verified: true });
    expect(receipt.items.map((item) => item.kind)).toContain('sandbox');
    await vi.waitFor(() => expect(host.state().kill?.verified).toBe(true), patient);
    const killed = host.state();
    expect(heldByAgents(killed, 'SPX')).toBe(0);
    expect(await host.call('sandboxes.list', {})).toEqual({ sandboxes: [] });
    await expect(host.call('swarm.deploy', { agent: 'momentum', symbols: ['SPX'] })).rejects.toMatchObject({
      code: 'KILL_LATCHED',
    });
    await host.close();

    const again = await startRunningHost(home);
    await vi.waitFor(() => expect(again.state().entries.kind).toBe('latched'), patient);
    expect(again.state().kill).toEqual(killed.kill);
    expect(again.state().fills).toEqual(killed.fills);
    expect(again.state().market?.source).toBe('replay');
    await again.call('swarm.rearm', { reason: 'looked at the receipt' });
    await vi.waitFor(() => expect(again.state().entries.kind).toBe('open'), patient);
  });

  test('leaves positions open on request and says so of each', async () => {
    const host = await deskOnReplay();
    await deployThree(host);
    await vi.waitFor(() => expect(heldByAgents(host.state(), 'SPX')).not.toBe(0), patient);
    const receipt = await host.call('swarm.kill', { policy: 'keep' });
    const position = receipt.items.find((item) => item.kind === 'position');
    await vi.waitFor(() => expect(host.state().kill?.finishedAt).not.toBeNull(), patient);
    const left = host.state().account?.positions['SPX'] ?? 0;
    expect(left).toBe(heldByAgents(host.state(), 'SPX'));
    // An exit that the agents had sent already may fill before it can be cancelled.
    expect(position).toMatchObject({ state: left === 0 ? 'done' : 'kept' });
  });

  test('gives each agent its exact part: the parts are the account', async () => {
    const host = await deskOnReplay();
    await deployThree(host);
    await untilFills(host, 4);
    await host.call('swarm.block', {});
    await vi.waitFor(() => {
      const state = host.state();
      expect(Object.values(state.orders).every(isFinal)).toBe(true);
      expect(state.account?.positions['SPX'] ?? 0).toBe(heldByAgents(state, 'SPX'));
    }, patient);
  });

  test('stops one agent by closing what it holds and leaves the others running', async () => {
    const host = await deskOnReplay();
    await deployThree(host);
    await vi.waitFor(
      () => expect(Object.keys(host.state().agents['momentum-02']?.positions ?? {})).toEqual(['SPX']),
      patient,
    );
    expect(await host.call('swarm.stop', { agentId: 'momentum-02' })).toEqual({
      agentId: 'momentum-02',
      leftOpen: [],
    });
    await vi.waitFor(() => expect(host.state().agents['momentum-02']?.phase).toBe('stopped'), patient);
    expect((await host.call('swarm.status', {})).alive).toBe(2);
  });
});

describe('a round on request', { timeout: 60_000 }, () => {
  test('tells what the agents last decided and what was sent, and feeds no bar twice', async () => {
    const host = await deskOnReplay();
    await expect(host.call('swarm.execute', { strategy: 'momentum' })).rejects.toMatchObject({
      code: 'AGENT_NOT_FOUND',
      message: expect.stringContaining('deploy --agent momentum'),
    });
    await deployThree(host);
    await untilFills(host, 2);
    const { decisions, orders } = await host.call('swarm.execute', { strategy: 'Momentum' });
    expect(decisions.map(({ agentId, symbol }) => [agentId, symbol])).toEqual([
      ['momentum-01', 'SPX'],
      ['momentum-02', 'SPX'],
      ['momentum-03', 'SPX'],
    ]);
    for (const { action, reason, decidedAt } of decisions) {
      expect(['hold', 'enter', 'exit', 'reverse']).toContain(action);
      expect(reason).not.toBe('');
      expect(Date.now() - (decidedAt ?? 0)).toBeLessThan(10_000);
    }
    expect(orders).toEqual([
      { symbol: 'SPX', outcome: expect.objectContaining({ kind: expect.any(String) }) },
    ]);
    await expect(
      host.call('swarm.execute', { strategy: 'momentum', symbols: ['ZZZ'] }),
    ).rejects.toMatchObject({ code: 'AGENT_NOT_FOUND', message: expect.stringContaining('follow SPX') });
    const [sandbox] = (await host.call('sandboxes.list', {})).sandboxes;
    const { lines } = await host.call('sandboxes.logs', { id: sandbox?.sandboxId ?? '' });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => JSON.stringify(line).includes('refused'))).toEqual([]);
  });
});

describe('a deployment with parameters', { timeout: 60_000 }, () => {
  test('runs by them, and keeps the defaults of the others on record', async () => {
    const host = await deskOnReplay();
    await host.call('swarm.deploy', {
      agent: 'MOMENTUM',
      symbols: ['SPX'],
      params: 'fast=3,slow=9,adxFloor=0',
      count: 1,
    });
    await vi.waitFor(() => expect(host.state().agents['momentum-01']?.phase).toBe('running'), patient);
    expect(host.state().agents['momentum-01']?.params).toEqual({
      ...Object.fromEntries(
        (findStrategy('momentum')?.params ?? []).map((param) => [param.name, param.default]),
      ),
      fast: 3,
      slow: 9,
      adxFloor: 0,
    });
    await untilFills(host, 1);
  });
});

describe('what goes wrong', { timeout: 90_000 }, () => {
  test('local services killed while trading: they come back, the agents with them, no order is sent twice', async () => {
    const host = await deskOnReplay();
    await deployThree(host);
    await untilFills(host, 2);
    const { pid } = host.services();
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(host.services().pid).not.toBe(pid), patient);
    await vi.waitFor(async () => expect((await host.call('swarm.status', {})).alive).toBe(3), patient);
    const fills = host.state().totals.fills;
    await untilFills(host, fills + 1);
    await host.call('swarm.kill', { policy: 'flatten' });
    const { ready } = host.services();
    const response = await fetch(`${ready.brokerUrl}/v2/orders?status=all&limit=500`, {
      headers: { 'APCA-API-KEY-ID': ready.keyId, 'APCA-API-SECRET-KEY': ready.secret },
    });
    const orders: unknown = await response.json();
    if (!Array.isArray(orders)) throw new Error('the broker did not answer with a list');
    const ids = orders.map((order: { client_order_id: string }) => order.client_order_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !(id in host.state().orders))).toEqual([]);
  });

  test('a runner killed in its sandbox: its agents go on in another one, with their books', async () => {
    const host = await deskOnReplay();
    await deployThree(host);
    await untilFills(host, 1);
    const [sandbox] = (await host.call('sandboxes.list', {})).sandboxes;
    if (!sandbox?.sandboxId) throw new Error('no sandbox runs');
    await host.runInSandbox(sandbox.sandboxId, 'kill -9 $(pidof desk-runner)').catch(() => undefined);
    await vi.waitFor(async () => {
      const status = await host.call('swarm.status', {});
      expect(status.alive).toBe(3);
      expect(status.agents.map((agent) => agent.sandboxId)).not.toContain(sandbox.sandboxId);
    }, patient);
    const fills = host.state().totals.fills;
    await untilFills(host, fills + 1);
  });

  test('a broken line from a runner is reported and nothing else is lost', async () => {
    const host = await deskOnReplay();
    await deployThree(host);
    await untilFills(host, 1);
    const [sandbox] = (await host.call('sandboxes.list', {})).sandboxes;
    if (!sandbox?.sandboxId) throw new Error('no sandbox runs');
    await host.runInSandbox(sandbox.sandboxId, 'echo "{not json" > /proc/$(pidof desk-runner)/fd/1');
    await vi.waitFor(
      () =>
        expect(
          host
            .state()
            .notices.map((notice) => notice.detail)
            .join(),
        ).toContain('{not json'),
      patient,
    );
    const fills = host.state().totals.fills;
    await untilFills(host, fills + 1);
    expect((await host.call('swarm.status', {})).alive).toBe(3);
  });

  test('a second host on the same data is refused with the pid of the first', async () => {
    const home = temporaryDirectory();
    await startRunningHost(home);
    await expect(startRunningHost(home)).rejects.toMatchObject({
      code: 'HOST_RUNNING',
      message: expect.stringContaining(String(process.pid)),
    });
  });

  test('input that cannot be used is refused with a code, names what is wrong, and changes nothing', async () => {
    const host = await startRunningHost(temporaryDirectory());
    for (const [name, input, code, named] of refusals) {
      await expect(host.callRaw(name, input), `${name} ${JSON.stringify(input)}`).rejects.toMatchObject({
        code,
        message: expect.stringContaining(named),
      });
    }
    expect(await host.call('swarm.status', {})).toMatchObject({ alive: 0, spendMicros: 0 });
  });

  test('a deployment that does not fit the budget takes nothing', async () => {
    const host = await startRunningHost(temporaryDirectory());
    await host.call('settings.change', { budget: 0.01 });
    await expect(host.call('swarm.deploy', { agent: 'momentum', count: 1 })).rejects.toMatchObject({
      code: 'BUDGET_EXCEEDED',
    });
    expect(host.state().spend.reservedMicros).toBe(0);
    expect(await host.call('sandboxes.list', {})).toEqual({ sandboxes: [] });
  });
});
