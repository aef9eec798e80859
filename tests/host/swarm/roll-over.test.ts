import { expect, test, vi } from 'vitest';
import type { Bar } from '../../../electron/contract/bar.ts';
import type { DeskEvent } from '../../../electron/contract/events.ts';
import type { Agent } from '../../../electron/contract/state.ts';
import type { HostFrame, RunnerMessage } from '../../../electron/host/sandboxes/link-messages.ts';
import { createRollOver } from '../../../electron/host/swarm/roll-over.ts';
import type { RunningSlot } from '../../../electron/host/swarm/running-slot.ts';
import { createFleetBench } from '../../support/fleet-bench.ts';

type Target = Extract<RunnerMessage, { kind: 'target' }>;

function barAt(at: number): Bar {
  return { symbol: 'AAPL', at, openTicks: 1, highTicks: 1, lowTicks: 1, closeTicks: 1, volume: 1 };
}

function target(n: number, barTime: number, qtyNanos: number): Target {
  const common = { agentId: 'momentum-01', symbol: 'AAPL', priceTicks: 1, sentAt: 0, reason: '' };
  return { kind: 'target', n, barAt: barTime, qtyNanos, ...common };
}

function runningSlot(name: string, sent: string[]): RunningSlot {
  const link = {
    send: (frame: HostFrame) =>
      void sent.push(`${name} ${frame.kind}${frame.kind === 'bars' ? ` ${frame.bars[0]?.at}` : ''}`),
    close: async () => void sent.push(`${name} closed`),
  };
  const sandbox = { sandboxId: name } as RunningSlot['sandbox'];
  return {
    sandbox,
    link,
    symbols: new Set(['AAPL']),
    history: [barAt(149), barAt(150)],
    learnt: [],
    live: [],
    retired: false,
  };
}

async function rollOverBench() {
  const bench = createFleetBench();
  const [slotId = ''] = await bench.start();
  const common = { agentId: 'momentum-01', symbols: ['AAPL'], swarmId: 'swarm-1', mode: 'demo' as const };
  const deployed: DeskEvent = {
    kind: 'AgentDeployed',
    at: 1,
    ...common,
    strategy: 'momentum',
    params: { fast: 2, slow: 5 },
    slotId,
    maxPositionMicros: 1,
    plannedEndAt: 1e13,
    actor: 'cli',
  };
  bench.store.commit(deployed);
  const held = { agentId: 'momentum-01', symbol: 'AAPL', qtyNanos: 7, at: 2, priceTicks: 1, reason: '' };
  bench.store.commit({ kind: 'TargetSet', ...held });
  const sent: string[] = [];
  const running = new Map([[slotId, runningSlot('old', sent)]]);
  running.get(slotId)?.live.push(barAt(151), barAt(200));
  const ended: string[] = [];
  const unlike: string[] = [];
  let finishConnect: (fail?: Error) => void = () => undefined;
  const agentOf = (): Agent => {
    const agent = bench.store.state().agents['momentum-01'];
    if (!agent) throw new Error('the agent is gone');
    return agent;
  };
  const rollOver = createRollOver({
    store: bench.store,
    clock: { now: () => Date.now(), monotonicMs: () => 0 },
    fleet: bench.fleet,
    running,
    agentsIn: (slot) => (agentOf().slotId === slot ? [agentOf()] : []),
    connect: (_slotId, _agents, history, replay) => {
      sent.push(`warm ${history.length}, replay ${replay.length} from ${replay[0]?.at}`);
      return new Promise((resolve, reject) => {
        const replayed = [...replay];
        finishConnect = (fail) =>
          fail ? reject(fail) : resolve({ ...runningSlot('new', sent), live: replayed });
      });
    },
    async endSlot(slot, reason) {
      ended.push(slot);
      running.delete(slot);
      await bench.fleet.end(slot, reason);
    },
    onUnlike: (agentIds) => unlike.push(...agentIds),
  });
  return {
    bench,
    slotId,
    rollOver,
    running,
    sent,
    ended,
    unlike,
    agentOf,
    finish: (fail?: Error) => finishConnect(fail),
    successorId: () => bench.fleet.aliveSlots().find((slot) => slot.slotId !== slotId)?.slotId ?? '',
  };
}

test('each bar is decided by exactly one of the two, and no target is lost', async () => {
  const { bench, slotId, rollOver, running, sent, ended, unlike, agentOf, finish, successorId } =
    await rollOverBench();
  const done = rollOver.start(slotId, 'session cap');
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual(['warm 2, replay 2 from 151']);
  const successor = successorId();

  // While the successor starts, the predecessor decides; the replay only shows where the successor stands.
  expect(rollOver.maySet(slotId, agentOf(), target(5, 201, 3))).toBe(true);
  const replayed = target(1, 180, 7);
  expect(rollOver.maySet(successor, agentOf(), replayed)).toBe(false);
  rollOver.hear(successor, replayed);
  running.get(slotId)?.live.push(barAt(201));

  finish();
  await vi.advanceTimersByTimeAsync(1);
  expect(sent.slice(1)).toEqual(['new bars 201', 'old hello', 'new hello']);
  expect(agentOf()).toMatchObject({ slotId: successor, targets: { AAPL: { qtyNanos: 7 } } });
  expect(running.get(slotId)?.retired).toBe(true);
  expect(ended).toEqual([]);

  // What the predecessor decided before the switch still counts, what comes after it is the successor's.
  expect(rollOver.maySet(slotId, agentOf(), target(6, 201, 0))).toBe(true);
  expect(rollOver.maySet(successor, agentOf(), target(2, 201, 0))).toBe(false);
  expect(rollOver.maySet(successor, agentOf(), target(2, 202, 0))).toBe(true);
  expect(rollOver.maySet(slotId, agentOf(), target(7, 202, 0))).toBe(false);

  // A late word on an older bar does not undo a later decision.
  rollOver.hear(successor, target(2, 202, 0));
  expect(rollOver.maySet(slotId, agentOf(), target(6, 201, 4))).toBe(false);
  rollOver.hear(successor, target(3, 203, 7));

  const ready = { kind: 'ready', runnerId: '', version: '', agents: [] as string[] } as const;
  rollOver.hear(successor, { ...ready, lastN: 1 });
  rollOver.hear(slotId, { ...ready, lastN: 6 });
  await vi.advanceTimersByTimeAsync(1);
  expect(ended).toEqual([]);
  rollOver.hear(slotId, target(6, 201, 0));
  await vi.advanceTimersByTimeAsync(1);
  await done;
  expect(ended).toEqual([slotId]);
  expect(unlike).toEqual([]);
  expect(bench.provider.sandboxes.size).toBe(1);
  expect(rollOver.maySet(successor, agentOf(), target(3, 203, 0))).toBe(true);
  expect(rollOver.maySet(slotId, agentOf(), target(8, 203, 0))).toBe(false);
});

test('a successor that does not start changes nothing and costs nothing further', async () => {
  const { bench, slotId, rollOver, running, agentOf, finish } = await rollOverBench();
  const done = rollOver.start(slotId, 'session cap').catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1);
  finish(new Error('the runner does not start'));
  await vi.advanceTimersByTimeAsync(1);
  expect(await done).toMatchObject({ message: 'the runner does not start' });
  expect(agentOf().slotId).toBe(slotId);
  expect(running.get(slotId)?.retired).toBe(false);
  expect(bench.fleet.aliveSlots().map((slot) => slot.slotId)).toEqual([slotId]);
  expect(rollOver.maySet(slotId, agentOf(), target(9, 300, 1))).toBe(true);
});

test('a successor that stands elsewhere is reported, and the target is kept', async () => {
  const { slotId, rollOver, unlike, agentOf, finish } = await rollOverBench();
  const done = rollOver.start(slotId, 'session cap');
  await vi.advanceTimersByTimeAsync(1);
  finish();
  // Neither answers: after five seconds it goes on.
  await vi.advanceTimersByTimeAsync(5_100);
  await done;
  expect(unlike).toEqual(['momentum-01']);
  expect(agentOf().targets['AAPL']?.qtyNanos).toBe(7);
});

test('a sandbox without agents just ends', async () => {
  const { bench, slotId, rollOver, ended } = await rollOverBench();
  bench.store.commit({
    kind: 'AgentsRolledOver',
    at: 3,
    agentIds: ['momentum-01'],
    fromSlotId: slotId,
    toSlotId: 'elsewhere',
    reason: '',
  });
  await rollOver.start(slotId, 'session cap');
  expect(ended).toEqual([slotId]);
});
