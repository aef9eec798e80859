import { expect, test } from 'vitest';
import type { Bar } from '../../../electron/contract/bar.ts';
import type { HostFrame } from '../../../electron/host/sandboxes/link-messages.ts';
import { type Learnt, openingFrames } from '../../../electron/host/swarm/opening-frames.ts';

function bars(symbol: string, from: number, to: number): Bar[] {
  const shape = { symbol, openTicks: 1, highTicks: 1, lowTicks: 1, closeTicks: 1, volume: 1 };
  return Array.from({ length: to - from + 1 }, (_, index) => ({ ...shape, at: from + index }));
}

function learnt(symbol: string, barAt: number): Learnt {
  return { agentId: 'neural-01', symbol, barAt, state: '00' };
}

/** "warmup AAPL 1-3", "bars AAPL 4", "recall AAPL 3". */
function told(frames: readonly HostFrame[]): string[] {
  return frames.map((frame) => {
    if (frame.kind === 'recall') return `recall ${frame.symbol} ${frame.barAt}`;
    if (frame.kind !== 'warmup' && frame.kind !== 'bars') return frame.kind;
    const [first, last] = [frame.bars[0], frame.bars.at(-1)];
    if (frame.kind === 'bars') return `bars ${first?.symbol} ${first?.at}`;
    return `warmup ${frame.symbol} ${first ? `${first.at}-${last?.at}` : 'nothing'}`;
  });
}

test('puts a state back right after its bar, in the history or among the bars that are decided again', () => {
  const history = [...bars('AAPL', 1, 5), ...bars('MSFT', 1, 5)];
  const replay = [...bars('AAPL', 6, 7), ...bars('MSFT', 6, 7)];
  const states = [learnt('MSFT', 6), learnt('AAPL', 3)];
  const frames = openingFrames({ symbols: ['AAPL', 'MSFT'], history, replay, learnt: states });
  expect(told(frames)).toEqual([
    'warmup AAPL 1-3',
    'recall AAPL 3',
    'warmup AAPL 4-5',
    'warmup MSFT 1-5',
    'bars AAPL 6',
    'bars AAPL 7',
    'bars MSFT 6',
    'recall MSFT 6',
    'bars MSFT 7',
  ]);
});

test('puts a state older than all history back first, the newest last, and the older of two before the newer', () => {
  const states = [learnt('AAPL', 9), learnt('AAPL', 7), learnt('AAPL', 1)];
  const frames = openingFrames({
    symbols: ['AAPL'],
    history: bars('AAPL', 5, 9),
    replay: [],
    learnt: states,
  });
  expect(told(frames)).toEqual([
    'warmup AAPL nothing',
    'recall AAPL 1',
    'warmup AAPL 5-7',
    'recall AAPL 7',
    'warmup AAPL 8-9',
    'recall AAPL 9',
  ]);
});

test('warms every symbol, also one without history', () => {
  const frames = openingFrames({
    symbols: ['AAPL', 'MSFT'],
    history: bars('AAPL', 1, 2),
    replay: [],
    learnt: [],
  });
  expect(told(frames)).toEqual(['warmup AAPL 1-2', 'warmup MSFT nothing']);
});
