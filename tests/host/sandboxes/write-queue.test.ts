import { expect, test } from 'vitest';
import { createWriteQueue } from '../../../electron/host/sandboxes/write-queue.ts';
import { silentLog } from '../../support/followed-link.ts';
import { createVirtualTimers } from '../../support/virtual-timers.ts';

/** A pipe that takes each write when the test says so. */
function openPipe() {
  const timers = createVirtualTimers();
  const texts: string[] = [];
  const answers: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const stuck: string[] = [];
  const queue = createWriteQueue({
    write(text) {
      texts.push(text);
      return new Promise((resolve, reject) => answers.push({ resolve, reject }));
    },
    onStuck(reason) {
      stuck.push(reason);
      queue.drop();
    },
    timers,
    log: silentLog,
  });
  const kinds = (): string[][] =>
    texts.map((text) =>
      text
        .trim()
        .split('\n')
        .map((line) => String(JSON.parse(line).kind)),
    );
  return { timers, queue, answers, stuck, texts, kinds };
}

const pauseAgent = (agentId: string) => ({ kind: 'pauseAgent', agentId }) as const;

test('writes one batch at a time and keeps the order', async () => {
  const { timers, queue, answers, texts } = openPipe();
  for (const agentId of ['a', 'b', 'c']) queue.put(pauseAgent(agentId));
  expect(texts).toEqual(['{"kind":"pauseAgent","agentId":"a"}\n']);
  answers[0]?.resolve();
  await timers.settle();
  expect(texts[1]).toBe('{"kind":"pauseAgent","agentId":"b"}\n{"kind":"pauseAgent","agentId":"c"}\n');
});

test('keeps only the last beat, acknowledgement and request while a write hangs', async () => {
  const { timers, queue, answers, texts } = openPipe();
  queue.put(pauseAgent('a'));
  for (let through = 1; through <= 1_000; through += 1) {
    queue.put({ kind: 'beat' });
    queue.put({ kind: 'ack', through });
    queue.put({ kind: 'resume', after: through });
  }
  answers[0]?.resolve();
  await timers.settle();
  expect(texts[1]?.trim().split('\n').sort()).toEqual([
    '{"kind":"ack","through":1000}',
    '{"kind":"beat"}',
    '{"kind":"resume","after":1000}',
  ]);
});

test('writes a batch again when the write fails, before anything newer', async () => {
  const { timers, queue, answers, texts, stuck } = openPipe();
  queue.put(pauseAgent('a'));
  answers[0]?.reject(new Error('502'));
  await timers.settle();
  queue.put(pauseAgent('b'));
  await timers.advance(2_000);
  expect(texts).toEqual(['{"kind":"pauseAgent","agentId":"a"}\n', '{"kind":"pauseAgent","agentId":"a"}\n']);
  answers[1]?.resolve();
  await timers.settle();
  expect(texts[2]).toBe('{"kind":"pauseAgent","agentId":"b"}\n');
  expect(stuck).toEqual([]);
});

test('gives up with the last reason when nothing can be written for 30 s, and then has no timer left', async () => {
  const { timers, queue, answers, stuck } = openPipe();
  queue.put(pauseAgent('a'));
  for (let second = 0; second < 40 && stuck.length === 0; second += 1) {
    for (const answer of answers) answer.reject(new Error('503 busy'));
    await timers.advance(1_000);
  }
  expect(stuck).toEqual(['nothing could be written for 30 s: 503 busy']);
  expect(timers.monotonicMs()).toBeGreaterThanOrEqual(30_000);
  expect(timers.pending()).toBe(0);
});

test('does not wait longer than 8 s for one write', async () => {
  const { timers, queue, texts } = openPipe();
  queue.put(pauseAgent('a'));
  await timers.advance(7_900);
  expect(texts).toHaveLength(1);
  await timers.advance(1_000);
  expect(texts).toHaveLength(2);
});

const thousandBars = Array.from({ length: 1_000 }, (_, at) => ({
  symbol: 'SPX',
  at,
  openTicks: 1,
  highTicks: 1,
  lowTicks: 1,
  closeTicks: 1,
  volume: 1,
}));

test('says that the runner takes nothing in before the waiting frames fill the memory', () => {
  const { queue, stuck, texts } = openPipe();
  for (let count = 0; count < 200 && stuck.length === 0; count += 1)
    queue.put({ kind: 'warmup', symbol: 'SPX', bars: thousandBars });
  expect(stuck).toEqual([expect.stringMatching(/^the runner takes nothing in: 8\d{6} characters/)]);
  expect(texts).toHaveLength(1);
});

test('writes without end what is taken in without end', async () => {
  const { timers, queue, answers, stuck, texts } = openPipe();
  for (let write = 0; write < 200; write += 1) {
    queue.put({ kind: 'warmup', symbol: 'SPX', bars: thousandBars });
    answers[write]?.resolve();
    await timers.settle();
  }
  expect(texts).toHaveLength(200);
  expect(stuck).toEqual([]);
});

test('cuts what waits into batches that a provider accepts', async () => {
  const { timers, queue, answers, texts } = openPipe();
  for (let count = 0; count < 30_000; count += 1) queue.put(pauseAgent(`agent-${count}`));
  for (let write = 0; write < 20; write += 1) {
    answers[write]?.resolve();
    await timers.settle();
  }
  expect(Math.max(...texts.map((text) => text.length))).toBeLessThanOrEqual(256 * 1024);
  const all = texts.join('').trim().split('\n');
  expect(all.map((line) => JSON.parse(line).agentId)).toEqual(
    Array.from({ length: 30_000 }, (_, count) => `agent-${count}`),
  );
});

test('writes what waits and then stop at the end, and repeats nothing', async () => {
  const { timers, queue, answers, kinds } = openPipe();
  queue.put(pauseAgent('a'));
  queue.put(pauseAgent('b'));
  const end = queue.end(2_000);
  queue.put(pauseAgent('too late'));
  answers[0]?.reject(new Error('gone'));
  await timers.settle();
  answers[1]?.resolve();
  await end;
  expect(kinds()).toEqual([['pauseAgent'], ['pauseAgent', 'stop']]);
  expect(timers.pending()).toBe(0);
});

test('ends within its limit although a write hangs', async () => {
  const { timers, queue } = openPipe();
  queue.put(pauseAgent('a'));
  let ended = false;
  void queue.end(2_000).then(() => (ended = true));
  await timers.advance(1_900);
  expect(ended).toBe(false);
  await timers.advance(200);
  expect(ended).toBe(true);
  expect(timers.pending()).toBe(0);
});
