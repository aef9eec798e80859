import { describe, expect, test, vi } from 'vitest';
import { deploySwarm } from '../../../electron/contract/deploy.ts';
import { DeskEvent } from '../../../electron/contract/events.ts';
import type { KillScope } from '../../../electron/contract/kill-scope.ts';
import type { KillPolicy } from '../../../electron/contract/names.ts';
import { initialState, type KillReceipt } from '../../../electron/contract/state.ts';
import { reduce } from '../../../electron/contract/reduce.ts';
import type { CallContext } from '../../../electron/host/dispatch.ts';
import { createEntryHandlers } from '../../../electron/host/handlers/entry-handlers.ts';
import type { HostParts } from '../../../electron/host/host-parts.ts';
import { deployAgents, type DeployParts } from '../../../electron/host/swarm/deploy-agents.ts';
import { takeOverAfterCrash } from '../../../electron/host/swarm/take-over.ts';
import { agentDeployed } from '../../support/build-events.ts';
import { apiError, brokenConnection } from '../../support/fake-broker.ts';
import { createKillBench, type KillBench } from '../../support/kill-bench.ts';
import { testClock } from '../../support/fleet-bench.ts';
import { shares } from '../../support/trading-bench.ts';

const context: CallContext = { actor: 'cli', signal: new AbortController().signal };

function doors(bench: KillBench) {
  const parts: Partial<HostParts> = bench.parts;
  return createEntryHandlers(parts as HostParts);
}

const details = (receipt: KillReceipt): string[] =>
  receipt.items.map(({ id, state, detail }) => `${id} ${state}: ${detail}`);

/** Agents a and b in sandboxes of their own, both in AAPL. */
async function two(a = 10, b = 4): Promise<KillBench> {
  const bench = await createKillBench();
  await bench.deployIn('a', ['AAPL', 'KO']);
  await bench.deployIn('b', ['AAPL', 'KO']);
  if (a !== 0) await bench.hold('a', 'AAPL', a);
  if (b !== 0) await bench.hold('b', 'AAPL', b);
  bench.broker.calls.length = 0;
  return bench;
}

describe('a kill of one agent', () => {
  test('closes its book alone, at the broker too, and ends its sandbox alone', async () => {
    const bench = await two();
    bench.broker.fillTicks = 1_000_000;
    const receipt = await bench.kill({ scope: 'agent:a' });
    expect(details(receipt)).toEqual([
      'position:a/AAPL done: closed, as the broker shows',
      'agent:a done: stopped; nothing it says is heard',
      expect.stringMatching(/^sandbox:slot-\S+ done: gone at the provider$/),
    ]);
    expect(receipt).toMatchObject({ verified: true, scope: 'agent:a', policy: 'flatten' });
    expect([bench.held('a'), bench.held('b')]).toEqual([0, 4]);
    expect(bench.broker.held.get('AAPL')).toBe(shares(4));
    expect(bench.provider.sandboxes.size).toBe(1);
    expect(bench.store.state().agents['b']?.phase).toBe('running');
    expect(bench.killCalls.filter((call) => call.startsWith('submit'))).toEqual(['submit AAPL']);
  });

  test('keeps it from wanting anything, and lets the others trade on', async () => {
    const bench = await two();
    bench.broker.fillTicks = 1_000_000;
    await bench.kill({ scope: 'agent:a' });
    expect(bench.store.state().entries.kind).toBe('open');
    bench.quote('AAPL', 999_900, 1_000_100);
    await bench.target('a', 'AAPL', 20);
    await bench.target('b', 'AAPL', 6);
    await bench.pass(100);
    expect([bench.held('a'), bench.held('b')]).toEqual([0, 6]);
  });

  test('keeps what it holds by policy, whatever it had wanted before', async () => {
    const bench = await two();
    bench.broker.isOpen = false;
    await bench.pass(1_000);
    await bench.target('a', 'AAPL', 5);
    bench.broker.isOpen = true;
    bench.broker.fillTicks = 1_000_000;
    const receipt = await bench.kill({ scope: 'agent:a', policy: 'keep' });
    await bench.pass(2_000);
    expect(details(receipt)).toContain('position:a/AAPL kept: left open and unmanaged, as chosen');
    expect(receipt.verified).toBe(true);
    expect(bench.held('a')).toBe(10);
  });

  test('leaves a sandbox to the others that live in it', async () => {
    const bench = await createKillBench();
    const slotId = await bench.deployIn('a');
    bench.deploy('b', ['AAPL'], slotId);
    const receipt = await bench.kill({ scope: 'agent:a' });
    expect(receipt.items.map(({ kind }) => kind)).toEqual(['agent']);
    expect(bench.provider.sandboxes.size).toBe(1);
    expect(bench.store.state().agents['b']?.phase).toBe('running');
  });

  test('cancels an order that it shares, and the others get theirs by the next', async () => {
    const bench = await two(0, 0);
    bench.quote('AAPL', 999_900, 1_000_100);
    bench.want('a', 'AAPL', 10);
    await bench.target('b', 'AAPL', 4);
    expect(bench.lastOrder()).toMatchObject({ clientOrderId: 'nt-1', qtyNanos: shares(14) });
    bench.broker.fillTicks = 1_000_000;
    const receipt = await bench.kill({ scope: 'agent:a' });
    expect(details(receipt)).toContain('order:nt-1 done: cancelled at the broker');
    expect(receipt.verified).toBe(true);
    expect(bench.lastOrder()).toMatchObject({
      clientOrderId: 'nt-2',
      qtyNanos: shares(4),
      shares: [{ agentId: 'b', qtyNanos: shares(4) }],
    });
    expect(bench.held('b')).toBe(4);
  });

  test('leaves the orders of others alone', async () => {
    const bench = await two(0, 0);
    bench.quote('AAPL', 999_900, 1_000_100);
    bench.quote('KO', 999_900, 1_000_100);
    await bench.target('a', 'AAPL', 10);
    await bench.target('b', 'KO', 4);
    await bench.kill({ scope: 'agent:a' });
    expect((await bench.broker.openOrders()).map(({ symbol }) => symbol)).toEqual(['KO']);
    expect(bench.broker.calls).not.toContain('cancelAll');
  });

  test('counts an order that filled before its cancel as done, and closes what it brought', async () => {
    const bench = await two(0, 4);
    bench.quote('AAPL', 999_900, 1_000_100);
    await bench.target('a', 'AAPL', 10);
    const broker = bench.trading.killBroker();
    const { cancel } = broker;
    broker.cancel = (brokerOrderId) => {
      bench.broker.fill('nt-2', shares(10), 1_000_000);
      return cancel(brokerOrderId);
    };
    bench.broker.fillTicks = 1_000_000;
    const receipt = await bench.kill({ scope: 'agent:a' });
    expect(details(receipt).slice(0, 2)).toEqual([
      expect.stringMatching(/^order:nt-2 done: filled at the broker before a cancel/),
      'agent:a done: stopped; nothing it says is heard',
    ]);
    expect(details(receipt)).toContain('position:a/AAPL done: closed, as the broker shows');
    expect([bench.held('a'), bench.held('b')]).toEqual([0, 4]);
  });

  test('asks for all cancels at once', async () => {
    const bench = await two(0, 0);
    for (const symbol of ['AAPL', 'KO']) {
      bench.quote(symbol, 999_900, 1_000_100);
      await bench.target('a', symbol, 10);
    }
    const asked: string[] = [];
    bench.trading.killBroker().cancel = (brokerOrderId) => {
      asked.push(brokerOrderId);
      return new Promise(() => undefined);
    };
    const killed = bench.kill({ scope: 'agent:a' });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual(['b-1', 'b-2']);
    expect((await killed).verified).toBe(false);
  });

  test('tells which order the broker would not cancel, in its words', async () => {
    const bench = await two(0, 0);
    bench.quote('AAPL', 999_900, 1_000_100);
    await bench.target('a', 'AAPL', 10);
    bench.trading.killBroker().cancel = () => Promise.reject(apiError(500, 'try later'));
    const receipt = await bench.kill({ scope: 'agent:a' });
    expect(details(receipt)).toContain('order:nt-1 failed: try later');
    expect(receipt.verified).toBe(false);
  });

  test('says what stays open while the market is closed, and closes it when it opens', async () => {
    const bench = await two();
    bench.broker.isOpen = false;
    await bench.pass(1_000);
    const receipt = await bench.kill({ scope: 'agent:a' });
    expect(details(receipt)).toContainEqual(
      expect.stringMatching(
        /^position:a\/AAPL waiting: 10 stay open: market closed, the closing order stands until/,
      ),
    );
    expect(await bench.broker.openOrders()).toMatchObject([{ side: 'sell', qtyNanos: shares(10) }]);
    bench.broker.finish(bench.lastOrder().clientOrderId, 'expired');
    bench.broker.fillTicks = 1_000_000;
    bench.broker.isOpen = true;
    await bench.pass(2_000);
    expect([bench.held('a'), bench.held('b')]).toEqual([0, 4]);
  });

  test('needs no order stream', async () => {
    const bench = await two();
    bench.broker.listener = null;
    bench.broker.fillTicks = 1_000_000;
    const receipt = await bench.kill({ scope: 'agent:a' });
    expect(receipt.verified).toBe(true);
    expect([bench.held('a'), bench.held('b')]).toEqual([0, 4]);
  });

  test('goes on when the journal fails', async () => {
    const bench = await two();
    bench.broker.fillTicks = 1_000_000;
    bench.journal.fail(new Error('disk full'));
    expect(await bench.kill({ scope: 'agent:a' })).toMatchObject({ verified: true });
    expect(bench.broker.held.get('AAPL')).toBe(shares(4));
  });

  test('is not verified where the broker cannot be asked', async () => {
    const bench = await two();
    bench.broker.reachable = false;
    const receipt = await bench.kill({ scope: 'agent:a' });
    expect(receipt.verified).toBe(false);
    expect(details(receipt)).toContainEqual(expect.stringMatching(/^position:all failed: The broker is out/));
  });

  test('is not verified where the broker holds something else than the books sum to', async () => {
    const bench = await two();
    bench.broker.held.set('AAPL', shares(15));
    bench.broker.fillTicks = 1_000_000;
    const receipt = await bench.kill({ scope: 'agent:a' });
    expect(details(receipt)).toContain(
      'position:a/AAPL failed: not verified: the broker holds 5 AAPL, the books sum to 4',
    );
    expect(receipt.verified).toBe(false);
  });

  test('tells why the gate does not let a book be closed that offsets another', async () => {
    const bench = await two(10, -10);
    expect(bench.broker.held.get('AAPL')).toBe(0);
    bench.store.commit({ kind: 'EntriesBlocked', at: Date.now(), actor: 'cli', reason: 'test' });
    const receipt = await bench.kill({ scope: 'agent:a' });
    expect(details(receipt)).toContainEqual(
      expect.stringMatching(/^position:a\/AAPL failed: 10 stay open: STATE_REDUCING/),
    );
    expect([bench.held('a'), bench.held('b')]).toEqual([10, -10]);
  });

  test('closes a book that offsets another where the gate lets the account be short', async () => {
    const bench = await two(10, -10);
    bench.broker.fillTicks = 1_000_000;
    bench.quote('AAPL', 999_900, 1_000_100);
    expect(await bench.kill({ scope: 'agent:a' })).toMatchObject({ verified: true });
    expect([bench.held('a'), bench.held('b')]).toEqual([0, -10]);
    expect(bench.broker.held.get('AAPL')).toBe(shares(-10));
  });

  test('closes the book of an agent that had failed', async () => {
    const bench = await two();
    bench.store.commit({ kind: 'AgentMoved', at: Date.now(), agentId: 'a', phase: 'failed', reason: 'test' });
    bench.broker.fillTicks = 1_000_000;
    expect(await bench.kill({ scope: 'agent:a' })).toMatchObject({ verified: true });
    expect(bench.held('a')).toBe(0);
  });
});

describe('a kill of a strategy', () => {
  test('takes in its agents and no others', async () => {
    const bench = await two();
    await bench.deployIn('c', ['KO']);
    const { strategy } = bench.store.state().agents['a'] ?? { strategy: 'momentum' as const };
    const slotId = bench.store.state().agents['c']?.slotId ?? '';
    bench.store.commit(agentDeployed({ at: Date.now(), agentId: 'd', strategy: 'pairs', slotId }));
    bench.broker.fillTicks = 1_000_000;
    const receipt = await bench.kill({ scope: `strategy:${strategy}` });
    expect(receipt.verified).toBe(true);
    const { agents } = bench.store.state();
    expect(Object.values(agents).map(({ agentId, phase }) => `${agentId} ${phase}`)).toEqual([
      'a stopped',
      'b stopped',
      'c stopped',
      'd deploying',
    ]);
    expect(bench.provider.sandboxes.size).toBe(1);
    expect(bench.broker.held.get('AAPL')).toBe(0);
  });
});

test('a kill of the account leaves the warm pool, one of everything does not', async () => {
  for (const [scope, left] of [
    ['account', 1],
    ['all', 0],
  ] as const) {
    const bench = await two();
    const [warm = ''] = bench.fleet.reserve(1, 'base');
    await bench.fleet.open(warm);
    bench.store.commit({ kind: 'SandboxPooled', at: Date.now(), slotId: warm, pooled: true });
    bench.broker.fillTicks = 1_000_000;
    expect(await bench.kill({ scope })).toMatchObject({ verified: true, scope });
    expect(bench.store.state().entries.kind).toBe('latched');
    expect(bench.broker.held.get('AAPL')).toBe(0);
    expect(bench.provider.sandboxes.size).toBe(left);
  }
});

describe('keep hedged', () => {
  /** Agent a holds a pair, 10 AAPL against so many KO, both at $100; agent b holds AAPL alone. */
  async function pair(ko: number): Promise<KillBench> {
    const bench = await two();
    await bench.hold('a', 'KO', ko);
    bench.broker.fillTicks = 1_000_000;
    return bench;
  }

  test('keeps an exact pair', async () => {
    const bench = await pair(-10);
    const receipt = await bench.kill({ scope: 'agent:a', policy: 'keep-hedged' });
    expect(details(receipt).slice(0, 2)).toEqual([
      'position:a/AAPL kept: 10 kept as a hedge',
      'position:a/KO kept: -10 kept as a hedge',
    ]);
    expect(receipt.verified).toBe(true);
    expect([bench.held('a'), bench.held('a', 'KO'), bench.held('b')]).toEqual([10, -10, 4]);
    expect(bench.killCalls.filter((call) => call.startsWith('submit'))).toEqual([]);
  });

  test('trims the heavier leg and says by how much', async () => {
    const bench = await pair(-6);
    const receipt = await bench.kill({ scope: 'agent:a', policy: 'keep-hedged' });
    expect(details(receipt).slice(0, 2)).toEqual([
      'position:a/AAPL kept: 4 closed, 6 kept as a hedge',
      'position:a/KO kept: -6 kept as a hedge',
    ]);
    expect(receipt.verified).toBe(true);
    expect([bench.held('a'), bench.held('a', 'KO'), bench.held('b')]).toEqual([6, -6, 4]);
    expect(bench.broker.held.get('AAPL')).toBe(shares(10));
  });

  test('closes a book with one side', async () => {
    const bench = await two();
    bench.broker.fillTicks = 1_000_000;
    const receipt = await bench.kill({ scope: 'agent:a', policy: 'keep-hedged' });
    expect(details(receipt)).toContain('position:a/AAPL done: closed, as the broker shows');
    expect(bench.held('a')).toBe(0);
  });

  test('closes a book without a price, and says so', async () => {
    const bench = await pair(-10);
    bench.trading.terms = (symbol) => ({ priceTicks: symbol === 'KO' ? null : 1_000_000, lotNanos: 1 });
    const receipt = await bench.kill({ scope: 'agent:a', policy: 'keep-hedged' });
    expect(details(receipt).slice(0, 2)).toEqual([
      'position:a/AAPL done: closed, as the broker shows; no price of KO is known',
      'position:a/KO done: closed, as the broker shows; no price of KO is known',
    ]);
    expect([bench.held('a'), bench.held('a', 'KO')]).toEqual([0, 0]);
  });

  test.each(['all', 'account'] as const)(
    '%s: judges every book by itself, and what no agent owns as one more',
    async (scope) => {
      const bench = await pair(-6);
      bench.broker.held.set('TSLA', shares(3));
      await bench.trading.reconcileForKill(true);
      const receipt = await bench.kill({ scope, policy: 'keep-hedged' });
      expect(details(receipt)).toEqual(
        expect.arrayContaining([
          'position:a/AAPL kept: 4 closed, 6 kept as a hedge',
          'position:a/KO kept: -6 kept as a hedge',
          'position:b/AAPL done: closed, as the broker shows',
          'position:house/TSLA done: closed, as the broker shows',
        ]),
      );
      expect(receipt.verified).toBe(true);
      expect(Object.fromEntries(bench.broker.held)).toEqual({
        AAPL: shares(6),
        KO: shares(-6),
        TSLA: 0,
      });
      expect(bench.store.state().entries.kind).toBe('latched');
    },
  );
});

describe('the latch of an agent or a strategy', () => {
  const started = (scope: KillScope, policy: KillPolicy = 'flatten') =>
    ({
      kind: 'KillStarted',
      at: 1,
      killId: `kill-${scope}`,
      actor: 'cli',
      scope,
      policy,
      reason: 'test',
      items: [],
    }) satisfies DeskEvent;

  test('is released by its scope, with a reason, and stands otherwise', async () => {
    const bench = await two(0, 0);
    const { 'swarm.rearm': rearm } = doors(bench);
    await bench.kill({ scope: 'agent:a' });
    await bench.kill({ scope: 'strategy:momentum' });
    const call = (scope: KillScope) => Promise.resolve(rearm({ scope, reason: 'looked into it' }, context));
    await expect(call('agent:b')).rejects.toMatchObject({
      code: 'NOT_LATCHED',
      message: 'No kill latches agent:b. Latched: agent:a, strategy:momentum. Name one of these.',
    });
    await expect(call('all')).rejects.toMatchObject({ code: 'NOT_LATCHED' });
    expect(await call('agent:a')).toMatchObject({ scope: 'agent:a' });
    expect(Object.keys(bench.store.state().latches)).toEqual(['strategy:momentum']);
    expect(bench.events('Rearmed')).toMatchObject([{ scope: 'agent:a', reason: 'looked into it' }]);
  });

  test('is not released while its kill is at work', async () => {
    const bench = await two();
    const handlers = doors(bench);
    const killed = handlers['swarm.kill']({ scope: 'agent:a', policy: 'flatten', reason: 'one' }, context);
    await vi.advanceTimersByTimeAsync(1);
    await expect(
      Promise.resolve(handlers['swarm.rearm']({ scope: 'agent:a', reason: 'too early' }, context)),
    ).rejects.toMatchObject({ code: 'KILL_LATCHED' });
    await vi.advanceTimersByTimeAsync(60_000);
    await killed;
  });

  test('survives a restart, and an unfinished kill is closed as not verified', async () => {
    const bench = await two();
    bench.store.commit(started('agent:a'));
    takeOverAfterCrash(bench.store, testClock);
    expect(bench.store.state().latches['agent:a']).toMatchObject({ verified: false });
    await vi.advanceTimersByTimeAsync(10);
    const again = bench.journal
      .payloads()
      .reduce((state, text) => reduce(state, DeskEvent.parse(JSON.parse(text))), initialState);
    expect(again.latches).toEqual(bench.store.state().latches);
  });

  test('keeps its strategy from being deployed', async () => {
    const bench = await two(0, 0);
    bench.store.commit(started('strategy:momentum'));
    const parts: Partial<DeployParts> = { store: bench.store };
    const deploy = (agent: 'momentum' | 'pairs') => () =>
      deployAgents(parts as DeployParts, deploySwarm.input.parse({ agent, symbols: 'AAPL,KO' }), 'cli');
    expect(deploy('momentum')).toThrow(/momentum was killed \(test\).*rearm --scope strategy:momentum/);
    // Gets past the latch, to the next thing that these parts lack.
    expect(deploy('pairs')).toThrow(TypeError);
  });

  test('keeps its agent from being brought back', async () => {
    const bench = await two();
    bench.store.commit(started('agent:a'));
    const { a, b } = bench.store.state().agents;
    if (!a || !b) throw new Error('no agents');
    bench.swarm.loseSlot(a.slotId, 'test');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(bench.store.state().agents['a']?.phase).toBe('failed');
    expect(bench.events('AgentDeployed').filter(({ agentId }) => agentId === 'a')).toHaveLength(1);
  });
});

describe('who asks for a kill', () => {
  test.each([
    ['agent:nobody', 'AGENT_NOT_FOUND', 'There is no agent "nobody". There is a, b.'],
    ['strategy:martingale', 'UNKNOWN_STRATEGY', /There is no strategy "martingale". Choose from momentum, /],
  ] as const)('of %s is told what there is', async (scope, code, message) => {
    const bench = await two(0, 0);
    const { 'swarm.kill': kill } = doors(bench);
    await expect(
      Promise.resolve(kill({ scope, policy: 'flatten', reason: 'test' }, context)),
    ).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(bench.events('KillStarted')).toEqual([]);
  });

  test('of everything does not wait for a kill of one agent, which leaves the rest to it', async () => {
    const bench = await two();
    const { 'swarm.kill': kill } = doors(bench);
    bench.broker.failures.push({ taken: false, error: brokenConnection });
    const one = kill({ scope: 'agent:a', policy: 'flatten', reason: 'one' }, context);
    await vi.advanceTimersByTimeAsync(300);
    bench.broker.fillTicks = 1_000_000;
    const everything = kill({ scope: 'all', policy: 'flatten', reason: 'all' }, context);
    await vi.advanceTimersByTimeAsync(0);
    expect(bench.store.state().entries.kind).toBe('latched');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await everything).toMatchObject({ scope: 'all', verified: true });
    expect((await one).scope).toBe('agent:a');
    expect(bench.broker.held.get('AAPL')).toBe(0);
  });

  test('of an agent gets the receipt of the kill of everything that is at work', async () => {
    const bench = await two();
    const { 'swarm.kill': kill } = doors(bench);
    bench.broker.fillTicks = 1_000_000;
    const everything = kill({ scope: 'all', policy: 'flatten', reason: 'all' }, context);
    const one = kill({ scope: 'agent:a', policy: 'keep', reason: 'one' }, context);
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await one).killId).toBe((await everything).killId);
  });
});
