import { describe, expect, test, vi } from 'vitest';
import type { KillItem } from '../../../electron/contract/events.ts';
import type { KillReceipt } from '../../../electron/contract/state.ts';
import { createHandlers } from '../../../electron/host/handlers/handlers.ts';
import type { HostParts } from '../../../electron/host/host-parts.ts';
import { apiError, brokenConnection } from '../../support/fake-broker.ts';
import { createKillBench, type KillBench } from '../../support/kill-bench.ts';
import { shares } from '../../support/trading-bench.ts';

const states = (receipt: KillReceipt): string[] =>
  receipt.items.map((item) => `${item.label.split(' ')[0]} ${item.state}`);

function item(receipt: KillReceipt, kind: KillItem['kind']): KillItem | undefined {
  return receipt.items.find((candidate) => candidate.kind === kind);
}

async function holding(...symbols: string[]): Promise<KillBench> {
  const bench = await createKillBench();
  await bench.deployIn('a', symbols.length > 0 ? symbols : ['AAPL']);
  for (const symbol of symbols) await bench.hold('a', symbol, 10);
  bench.broker.calls.length = 0;
  bench.provider.calls.length = 0;
  return bench;
}

describe('a kill', () => {
  test('latches on disk first, then cancels, closes, verifies, and only then ends the sandboxes', async () => {
    const bench = await holding('AAPL');
    const effects: string[] = [];
    const steps: Readonly<Record<string, string>> = {
      cancelAll: 'cancel',
      submit: 'close',
      positions: 'look',
      kill: 'end sandbox',
    };
    const record = (call: string): number => {
      const step = steps[call.split(' ')[0] ?? ''];
      return step && effects.at(-1) !== step ? effects.push(step) : 0;
    };
    bench.broker.calls.push = record;
    bench.provider.calls.push = record;
    bench.broker.fillTicks = 1_000_000;
    bench.journal.hold();
    const killed = bench.kill();
    await vi.advanceTimersByTimeAsync(0);
    expect(bench.store.state().entries.kind).toBe('latched');
    expect(effects).toEqual([]);
    bench.journal.release();
    await killed;
    expect(effects.slice(0, 5)).toEqual(['cancel', 'look', 'close', 'look', 'end sandbox']);
  });

  test('shows of each item what the broker and the provider show, and is verified', async () => {
    const bench = await holding('AAPL', 'KO');
    await bench.target('a', 'AAPL', 15);
    bench.broker.fillTicks = 1_000_000;
    const receipt = await bench.kill();
    expect(receipt.items.map(({ kind, state, detail }) => [kind, state, detail])).toEqual([
      ['order', 'done', 'cancelled at the broker'],
      ['position', 'done', 'flat at the broker'],
      ['position', 'done', 'flat at the broker'],
      ['agent', 'done', 'stopped; nothing it says is heard'],
      ['sandbox', 'done', 'gone at the provider'],
    ]);
    expect(receipt).toMatchObject({ verified: true, policy: 'flatten' });
    expect([...bench.broker.held.values()]).toEqual([0, 0]);
    expect([bench.held('a', 'AAPL'), bench.held('a', 'KO')]).toEqual([0, 0]);
    expect(bench.provider.sandboxes.size).toBe(0);
    expect(bench.store.state().agents['a']?.phase).toBe('stopped');
  });

  test('closes what the broker holds, also where the desk knows of nothing', async () => {
    const bench = await holding();
    bench.broker.held.set('TSLA', shares(-3));
    bench.broker.fillTicks = 1_000_000;
    const receipt = await bench.kill();
    expect(states(receipt)).toContain('TSLA done');
    expect(bench.broker.held.get('TSLA')).toBe(0);
  });

  test('crosses books that offset each other: the account has nothing to close', async () => {
    const bench = await holding('AAPL');
    await bench.deployIn('b');
    await bench.hold('b', 'AAPL', -10);
    expect(bench.broker.held.get('AAPL')).toBe(0);
    bench.killCalls.length = 0;
    const killed = bench.kill();
    for (let second = 0; second < 20; second += 1) {
      bench.quote('AAPL', 999_900, 1_000_100);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(await killed).toMatchObject({ verified: true });
    expect([bench.held('a'), bench.held('b')]).toEqual([0, 0]);
    expect(bench.killCalls.filter((call) => call.startsWith('submit'))).toEqual([]);
  });

  test('leaves positions by policy and says so', async () => {
    const bench = await holding('AAPL');
    const receipt = await bench.kill({ policy: 'keep' });
    expect(item(receipt, 'position')).toMatchObject({ label: 'AAPL 10', state: 'kept' });
    expect(receipt.verified).toBe(true);
    expect(bench.broker.calls.filter((call) => call.startsWith('submit'))).toEqual([]);
    expect(bench.broker.held.get('AAPL')).toBe(shares(10));
    expect(bench.provider.sandboxes.size).toBe(0);
  });

  test("replaces an agent's order for a part of a position by one for the whole", async () => {
    const bench = await holding('AAPL');
    bench.broker.isOpen = false;
    await bench.pass(1_000);
    await bench.target('a', 'AAPL', 5);
    expect((await bench.broker.openOrders()).map((order) => order.qtyNanos)).toEqual([shares(5)]);
    const receipt = await bench.kill();
    expect(item(receipt, 'order')?.state).toBe('done');
    expect((await bench.broker.openOrders()).map((order) => order.qtyNanos)).toEqual([shares(10)]);
  });

  test('goes on when the journal fails', async () => {
    const bench = await holding('AAPL');
    bench.broker.fillTicks = 1_000_000;
    bench.journal.fail(new Error('disk full'));
    expect(await bench.kill()).toMatchObject({ verified: true });
    expect(bench.broker.held.get('AAPL')).toBe(0);
  });

  test('settles an order that fills while the latch is being written', async () => {
    const bench = await holding('AAPL');
    await bench.target('a', 'AAPL', 15);
    bench.journal.hold();
    const killed = bench.kill();
    await vi.advanceTimersByTimeAsync(0);
    bench.broker.fill('nt-2', shares(5), 1_000_000);
    bench.broker.fillTicks = 1_000_000;
    bench.journal.release();
    const receipt = await killed;
    expect(item(receipt, 'order')).toMatchObject({ id: 'order:nt-2', state: 'done' });
    expect(receipt.verified).toBe(true);
  });

  test('is joined by a second one while it runs', async () => {
    const bench = await holding('AAPL');
    const parts: Partial<HostParts> = bench.parts;
    const handlers = createHandlers(parts as HostParts);
    const context = { actor: 'cli', signal: new AbortController().signal } as const;
    const first = handlers['swarm.kill']({ scope: 'all', policy: 'flatten', reason: 'one' }, context);
    const second = handlers['swarm.kill']({ scope: 'all', policy: 'keep', reason: 'two' }, context);
    bench.broker.fillTicks = 1_000_000;
    await vi.advanceTimersByTimeAsync(30_000);
    const [one, two] = await Promise.all([first, second]);
    expect(two.killId).toBe(one.killId);
    expect(two.policy).toBe('flatten');
    expect(bench.events('KillStarted')).toHaveLength(1);
    const third = handlers['swarm.kill']({ scope: 'all', policy: 'flatten', reason: 'three' }, context);
    await vi.advanceTimersByTimeAsync(30_000);
    expect((await third).killId).not.toBe(one.killId);
  });
});

describe('a position that does not close', () => {
  test('is tried again after a rejection', async () => {
    const bench = await holding('AAPL');
    bench.broker.fillTicks = 1_000_000;
    bench.broker.failures.push({ taken: false, error: apiError(403, 'account is restricted') });
    const receipt = await bench.kill();
    expect(item(receipt, 'position')?.state).toBe('done');
    expect(bench.broker.submitted.slice(-2)).toMatchObject([{ side: 'sell' }, { side: 'sell' }]);
  });

  test('is failed, in the words of the broker, when the rejection stays', async () => {
    const bench = await holding('AAPL', 'KO');
    bench.broker.fillTicks = 1_000_000;
    bench.broker.refusals.set('AAPL', apiError(403, 'account is restricted'));
    const receipt = await bench.kill();
    expect(states(receipt)).toEqual(expect.arrayContaining(['AAPL failed', 'KO done']));
    expect(item(receipt, 'position')?.detail).toBe('account is restricted');
    expect(receipt.verified).toBe(false);
    expect(bench.provider.sandboxes.size).toBe(0);
  });

  test('is waiting while the market is closed and its order stands', async () => {
    const bench = await holding('AAPL');
    bench.broker.isOpen = false;
    await bench.pass(1_000);
    const receipt = await bench.kill();
    expect(item(receipt, 'position')).toMatchObject({
      state: 'waiting',
      detail: expect.stringMatching(/^stays open: market closed/),
    });
    expect(receipt.verified).toBe(false);
    expect(await bench.broker.openOrders()).toMatchObject([{ symbol: 'AAPL', side: 'sell' }]);
  });

  test('is failed, not waiting, when no order stands for it', async () => {
    const bench = await holding('AAPL');
    bench.broker.isOpen = false;
    await bench.pass(1_000);
    bench.broker.refusals.set('AAPL', apiError(403, 'market is closed'));
    const receipt = await bench.kill();
    expect(item(receipt, 'position')).toMatchObject({ state: 'failed', detail: 'market is closed' });
  });

  test('whose closing order is never answered holds up neither the others nor the sandboxes', async () => {
    const bench = await holding('AAPL', 'KO');
    bench.broker.mute = true;
    const receipt = await bench.kill();
    expect(bench.killCalls.filter((call) => call.startsWith('submit'))).toEqual(['submit AAPL', 'submit KO']);
    expect(states(receipt)).toEqual(expect.arrayContaining(['AAPL failed', 'KO failed']));
    expect(bench.provider.sandboxes.size).toBe(0);
  });
});

describe('an order whose outcome is not known', () => {
  test('is waited for, and not sent again', async () => {
    const bench = await holding('AAPL');
    bench.broker.failures.push({ taken: false, error: brokenConnection });
    await bench.target('a', 'AAPL', 20);
    bench.broker.fillTicks = 1_000_000;
    const receipt = await bench.kill();
    expect(bench.lastOrder()).toMatchObject({ side: 'sell', qtyNanos: shares(10) });
    expect(item(receipt, 'order')?.state).toBe('done');
    expect(receipt.verified).toBe(true);
    expect(bench.broker.held.get('AAPL')).toBe(0);
  });

  test('is cancelled when it turns out to have been taken in', async () => {
    const bench = await holding('AAPL');
    bench.broker.failures.push({ taken: true, error: brokenConnection });
    await bench.target('a', 'AAPL', 20);
    bench.broker.fillTicks = 1_000_000;
    const receipt = await bench.kill();
    expect(bench.store.state().orders['nt-2']?.state).toBe('cancelled');
    expect(receipt.verified).toBe(true);
  });

  test('is failed when nobody can tell in time', async () => {
    const bench = await holding();
    bench.broker.mute = true;
    await bench.target('a', 'AAPL', 20);
    const receipt = await bench.kill();
    expect(item(receipt, 'order')).toMatchObject({ state: 'failed', detail: 'its outcome is not known' });
    expect(receipt.verified).toBe(false);
  });
});

describe('without the broker', () => {
  test('the order stream is not needed: orders that were cancelled are looked up, positions closed', async () => {
    const bench = await holding('AAPL');
    await bench.target('a', 'AAPL', 20);
    bench.broker.listener = null;
    bench.broker.fillTicks = 1_000_000;
    const receipt = await bench.kill();
    expect(item(receipt, 'order')?.state).toBe('done');
    expect(item(receipt, 'position')?.state).toBe('done');
    expect(bench.broker.held.get('AAPL')).toBe(0);
  });

  test.each(['flatten', 'keep'] as const)(
    '%s: what could not be asked is failed, the receipt is not verified, the sandboxes are ended',
    async (policy) => {
      const bench = await holding('AAPL');
      await bench.target('a', 'AAPL', 20);
      bench.broker.reachable = false;
      const receipt = await bench.kill({ policy });
      expect(states(receipt)).toEqual(expect.arrayContaining(['buy failed', 'AAPL failed']));
      expect(receipt.verified).toBe(false);
      expect(item(receipt, 'sandbox')?.state).toBe('done');
      expect(bench.provider.sandboxes.size).toBe(0);
    },
  );

  test.each(['flatten', 'keep'] as const)(
    '%s: nothing on record is not proof of nothing open',
    async (policy) => {
      const bench = await createKillBench();
      bench.broker.reachable = false;
      const receipt = await bench.kill({ policy });
      expect(receipt.verified).toBe(false);
      expect(states(receipt)).toEqual(['orders failed', 'positions failed']);
    },
  );

  test.each(['flatten', 'keep'] as const)('%s: a lost connection does not end the kill', async (policy) => {
    const bench = await holding('AAPL');
    bench.trading.disconnect();
    const receipt = await bench.kill({ policy });
    expect(receipt).toMatchObject({ verified: false });
    expect(receipt.finishedAt).not.toBeNull();
    expect(bench.provider.sandboxes.size).toBe(0);
  });
});

test('a sandbox that the provider keeps is failed', async () => {
  const bench = await holding();
  bench.provider.kill = async () => {
    throw new Error('out of reach');
  };
  const receipt = await bench.kill();
  expect(item(receipt, 'sandbox')).toMatchObject({ state: 'failed', detail: 'out of reach' });
  expect(receipt.verified).toBe(false);
});

test('a provider that does not answer is no proof that nothing runs', async () => {
  const bench = await createKillBench();
  bench.provider.list = async () => {
    throw new Error('out of reach');
  };
  const receipt = await bench.kill();
  expect(item(receipt, 'sandbox')).toMatchObject({
    state: 'failed',
    detail: 'the provider did not answer: out of reach',
  });
  expect(receipt.verified).toBe(false);
});

describe('a sandbox that no slot knows', () => {
  async function withStranger(): Promise<KillBench> {
    const bench = await createKillBench();
    await bench.provider.create({ template: 'base', metadata: { desk: 'desk-test' }, timeoutMs: 600_000 });
    return bench;
  }

  test('is ended too', async () => {
    const bench = await withStranger();
    expect(await bench.kill()).toMatchObject({ verified: true });
    expect(bench.provider.sandboxes.size).toBe(0);
  });

  test('and that cannot be ended stands in the receipt', async () => {
    const bench = await withStranger();
    bench.provider.kill = async () => {
      throw new Error('out of reach');
    };
    const receipt = await bench.kill();
    expect(receipt.verified).toBe(false);
    expect(receipt.items).toContainEqual(
      expect.objectContaining({ id: 'sandbox:s1', state: 'failed', label: 's1' }),
    );
  });
});

test('a creation that is under way is waited for and ended before anything is verified', async () => {
  const bench = await createKillBench();
  bench.provider.held = [];
  const [slotId = ''] = bench.fleet.reserve(1, 'base');
  const opening = bench.fleet.open(slotId).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(10);
  setTimeout(() => bench.provider.held?.[0]?.(), 3_000);
  const receipt = await bench.kill();
  expect(await opening).toMatchObject({ code: 'CANCELLED' });
  expect(bench.provider.sandboxes.size).toBe(0);
  expect(receipt.verified).toBe(true);
  expect((receipt.finishedAt ?? 0) - receipt.startedAt).toBeGreaterThanOrEqual(3_000);
});
