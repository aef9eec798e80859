import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type Journal, loadNative } from '../../electron/native/load.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const native = loadNative();
const script = join(import.meta.dirname, 'append-and-leave.mjs');

function openJournal(directory = temporaryDirectory()): Journal {
  return native.Journal.open(join(directory, 'journal.db'));
}

test('appends durably and reads back in order', async () => {
  const journal = openJournal();
  expect(await journal.append(['{"a":1}', 'zażółć 💸'])).toBe(2);
  expect(await journal.append(['third'])).toBe(3);
  expect(await journal.append([])).toBe(3);
  expect(journal.lastSeq()).toBe(3);
  expect(journal.scan(1, 10)).toEqual([
    { seq: 2, payload: 'zażółć 💸' },
    { seq: 3, payload: 'third' },
  ]);
  expect(journal.scan(0, 1)).toEqual([{ seq: 1, payload: '{"a":1}' }]);
  expect(journal.scan(3, 10)).toEqual([]);
  expect(journal.verify()).toEqual({ ok: true, events: 3, brokenAtSeq: null });
  journal.close();
});

test('numbers concurrent appends in the order of the calls', async () => {
  const journal = openJournal();
  const seqs = await Promise.all(Array.from({ length: 2_000 }, (_, at) => journal.append([`event ${at}`])));
  expect(seqs).toEqual(Array.from({ length: 2_000 }, (_, at) => at + 1));
  expect(journal.scan(1_998, 10).map((event) => event.payload)).toEqual(['event 1998', 'event 1999']);
  journal.close();
});

test('continues where it was closed', async () => {
  const directory = temporaryDirectory();
  const first = openJournal(directory);
  await first.append(['one', 'two']);
  first.close();
  const second = openJournal(directory);
  expect(second.recovery()).toEqual({ droppedEvents: 0, lastGoodSeq: 2, reason: null });
  expect(await second.append(['three'])).toBe(3);
  second.close();
});

test('closing answers the appends that wait', async () => {
  const journal = openJournal();
  const waiting = Array.from({ length: 100 }, () => journal.append(['waits']));
  journal.close();
  journal.close();
  expect((await Promise.all(waiting)).at(-1)).toBe(100);
});

test('a closed journal rejects appends and throws on reads', async () => {
  const journal = openJournal();
  journal.close();
  await expect(journal.append(['late'])).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
  await expect(journal.append(['late'])).rejects.toBeInstanceOf(Error);
  expect(() => journal.scan(0, 1)).toThrow(expect.objectContaining({ code: 'JOURNAL_FAILED' }));
  expect(() => journal.verify()).toThrow(expect.objectContaining({ code: 'JOURNAL_FAILED' }));
});

test('a file that is not a journal is set aside and told', () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'journal.db'), 'not a database '.repeat(100));
  const journal = openJournal(directory);
  expect(journal.recovery()).toEqual({
    droppedEvents: 0,
    lastGoodSeq: 0,
    reason: expect.stringContaining(`kept as ${join(directory, 'journal.db.damaged-1')}`),
  });
  journal.close();
});

test('a directory that is not there is named', () => {
  const directory = join(temporaryDirectory(), 'missing');
  expect(() => openJournal(directory)).toThrow(
    expect.objectContaining({ code: 'DATA_DIR_UNWRITABLE', message: expect.stringContaining(directory) }),
  );
});

test.each([[-1], [1.5], [Number.NaN], [Number.POSITIVE_INFINITY], [2 ** 53]])(
  'scanning after %s is refused',
  (afterSeq) => {
    const journal = openJournal();
    expect(() => journal.scan(afterSeq, 1)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    journal.close();
  },
);

test('a process that runs out of work first writes what it appended', async () => {
  const directory = temporaryDirectory();
  await promisify(execFile)(process.execPath, [script, join(directory, 'journal.db'), 'drain']);
  const journal = openJournal(directory);
  expect(journal.lastSeq()).toBe(500);
  journal.close();
});

test('a process that exits with appends under way leaves a good journal', async () => {
  const directory = temporaryDirectory();
  const run = promisify(execFile)(process.execPath, [script, join(directory, 'journal.db'), 'exit']);
  await expect(run).rejects.toMatchObject({ code: 7, signal: null });
  const journal = openJournal(directory);
  expect(journal.recovery().reason).toBeNull();
  expect(journal.verify().ok).toBe(true);
  journal.close();
});
