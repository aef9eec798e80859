import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { superviseStream } from '../../../../electron/host/trading/alpaca/stream-supervisor.ts';
import { silent, testClock } from '../../../support/fleet-bench.ts';

/** A stream that is in the state that the test says, and tells what was asked of it. */
function supervise(state: string) {
  vi.useFakeTimers();
  const asked: string[] = [];
  const stream = {
    state,
    getState: () => stream.state,
    connect: () => void asked.push(`connect at ${Math.round(performance.now() - start)}`),
    disconnect: () => void asked.push('disconnect'),
  };
  const start = performance.now();
  const bench = { stream, asked, fault: null as string | null };
  const supervisor = superviseStream({
    name: 'test',
    stream,
    clock: testClock,
    log: silent,
    faultOf: () => bench.fault,
  });
  onTestFinished(() => {
    supervisor.close();
    vi.useRealTimers();
  });
  return { ...bench, supervisor, connects: () => asked.filter((call) => call.startsWith('connect')), bench };
}

describe('a stream', () => {
  test('that has ended is started again, at ever longer intervals up to a minute', async () => {
    const { connects } = supervise('disconnected');
    await vi.advanceTimersByTimeAsync(190_000);
    const times = connects().map((call) => Number(call.split(' ').at(-1)));
    const pauses = times.map((at, nth) => at - (times[nth - 1] ?? 0));
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  test('that works again is started at once when it ends the next time', async () => {
    const { stream, connects } = supervise('disconnected');
    await vi.advanceTimersByTimeAsync(20_000);
    stream.state = 'authenticated';
    await vi.advanceTimersByTimeAsync(5_000);
    const before = connects().length;
    stream.state = 'disconnected';
    await vi.advanceTimersByTimeAsync(2_000);
    expect(connects()).toHaveLength(before + 1);
  });

  test('whose key is not answered gets another connection after fifteen seconds', async () => {
    const { stream, asked } = supervise('connecting');
    await vi.advanceTimersByTimeAsync(5_000);
    stream.state = 'connected';
    await vi.advanceTimersByTimeAsync(15_000);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toEqual(['disconnect', expect.stringContaining('connect at')]);
  });

  test('that the SDK will connect again is left to it', async () => {
    const { asked } = supervise('waiting to reconnect');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked).toEqual([]);
  });

  test('that is of no use although it is authenticated gets another connection', async () => {
    const { asked, bench } = supervise('authenticated');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toEqual([]);
    bench.fault = 'nothing comes';
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toEqual(['disconnect', expect.stringContaining('connect at')]);
  });

  test('that was closed is left alone', async () => {
    const { asked, supervisor } = supervise('disconnected');
    supervisor.close();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked).toEqual(['disconnect']);
  });
});
