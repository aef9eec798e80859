import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openJournal } from '../../electron/host/open-journal.ts';
import { loadNative } from '../../electron/native/load.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const native = loadNative();

test('a journal that is in order is opened without a word', async () => {
  const path = join(temporaryDirectory(), 'journal.db');
  const first = openJournal(native, path);
  expect(first.recovery).toBeNull();
  await first.journal.append(['one', 'two']);
  first.journal.close();
  const again = openJournal(native, path);
  expect(again.recovery).toBeNull();
  expect(again.journal.scan(0, 10).map((row) => row.payload)).toEqual(['one', 'two']);
  again.journal.close();
});

test('a journal whose end was damaged goes on from the last good event, and says what it gave up', async () => {
  const path = join(temporaryDirectory(), 'journal.db');
  const first = openJournal(native, path);
  await first.journal.append(['the first event', 'the second event', 'the third event']);
  first.journal.close();
  const bytes = readFileSync(path);
  bytes.write('THE THIRD', bytes.indexOf('the third event'));
  writeFileSync(path, bytes);

  const again = openJournal(native, path);
  expect(again.recovery).toMatchObject({
    title: 'The journal was damaged and has been recovered',
    detail: expect.stringMatching(/1 events after event 2 were set aside.*Compare orders and positions/),
  });
  expect(again.journal.scan(0, 10).map((row) => row.payload)).toEqual([
    'the first event',
    'the second event',
  ]);
  again.journal.close();
});

test('a directory that cannot be written is refused in the words of the desk', () => {
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, '');
  expect(() => openJournal(native, join(file, 'journal.db'))).toThrow(
    expect.objectContaining({ name: 'DeskError', code: 'DATA_DIR_UNWRITABLE' }),
  );
});
