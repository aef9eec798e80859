import { describe, expect, test, vi } from 'vitest';
import { stopAgent, stopAllAgents } from '../../../electron/host/swarm/stop-agents.ts';
import { createKillBench } from '../../support/kill-bench.ts';
import { shares } from '../../support/trading-bench.ts';

describe('an agent that is stopped', () => {
  test('closes what it holds, then leaves its runner, and its sandbox ends with it', async () => {
    const bench = await createKillBench();
    const slotId = await bench.deployIn('a');
    await bench.hold('a', 'AAPL', 10);
    const stopped = stopAgent(bench.parts, 'a', 'test');
    await bench.pass(50);
    expect(bench.broker.submitted.at(-1)).toMatchObject({ side: 'sell', qtyNanos: shares(10) });
    expect(bench.store.state().agents['a']?.phase).toBe('stopping');
    expect(bench.store.state().sandboxes[slotId]?.phase).toBe('ready');
    bench.broker.fill('nt-2', shares(10), 1_000_000);
    expect(await stopped).toEqual([]);
    expect(bench.store.state().agents['a']).toMatchObject({ phase: 'stopped', phaseReason: 'test' });
    expect(bench.store.state().sandboxes[slotId]?.phase).toBe('ended');
  });

  test('says what it had to leave open, for example because the market is closed', async () => {
    const bench = await createKillBench();
    await bench.deployIn('a');
    await bench.hold('a', 'AAPL', 10);
    bench.broker.isOpen = false;
    const stopped = stopAgent(bench.parts, 'a', 'test');
    await bench.pass(10_100);
    expect(await stopped).toMatchObject([{ symbol: 'AAPL', qtyNanos: shares(10) }]);
    expect(bench.store.state().agents['a']).toMatchObject({
      phase: 'stopped',
      phaseReason: 'test; left open AAPL 10',
    });
  });

  test('closes in a crossing when another agent wants what it sells', async () => {
    const bench = await createKillBench();
    await bench.deployIn('a');
    await bench.deployIn('b');
    await bench.hold('a', 'AAPL', 10);
    const stopped = stopAgent(bench.parts, 'a', 'test');
    await bench.target('b', 'AAPL', 10);
    expect(await stopped).toEqual([]);
    expect(bench.held('b')).toBe(10);
    expect(bench.broker.submitted).toHaveLength(1);
  });

  test('is refused when nobody has that name, and is done at once when it has stopped already', async () => {
    const bench = await createKillBench();
    await bench.deployIn('a');
    await expect(stopAgent(bench.parts, 'nobody', 'test')).rejects.toMatchObject({
      code: 'AGENT_NOT_FOUND',
      message: expect.stringContaining('nobody'),
    });
    await stopAgent(bench.parts, 'a', 'test');
    const before = bench.events('AgentMoved').length;
    expect(await stopAgent(bench.parts, 'a', 'again')).toEqual([]);
    expect(bench.events('AgentMoved')).toHaveLength(before);
  });
});

test('all agents stop at the same time, those that failed and still hold something too', async () => {
  const bench = await createKillBench();
  await bench.deployIn('a', ['AAPL']);
  await bench.deployIn('b', ['KO']);
  await bench.deployIn('c', ['TSLA']);
  await bench.hold('a', 'AAPL', 10);
  await bench.hold('b', 'KO', 5);
  for (const agentId of ['b', 'c']) bench.swarm.move(agentId, 'failed', 'test');
  const stopped = stopAllAgents(bench.parts, 'test');
  await vi.advanceTimersByTimeAsync(30);
  expect(bench.broker.submitted.slice(-2).map((order) => `${order.side} ${order.symbol}`)).toEqual([
    'sell AAPL',
    'sell KO',
  ]);
  bench.broker.fill('nt-3', shares(10), 1_000_000);
  bench.broker.fill('nt-4', shares(5), 600_000);
  expect(await stopped).toEqual(['a', 'b']);
  expect(bench.store.state().agents['c']?.phase).toBe('failed');
});
