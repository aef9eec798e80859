// The file of a demo account: one journal a market, held by one process at a time.
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeskError } from '../../contract/errors.ts';
import { fromNativeError } from '../../native/native-error.ts';
import { type AccountBook, createAccountBook } from './account-book.ts';
import { replayJournal } from './account-store.ts';
import type { BrokerNative, RecoveringJournal } from './broker-native.ts';

/** A predecessor whose parent died needs a moment to notice and let go. */
const LOCK_ATTEMPTS = 30;
const LOCK_WAIT_MS = 100;

export interface AccountFile {
  readonly journal: RecoveringJournal;
  /** Rebuilt from the journal. */
  readonly book: AccountBook;
  close(): void;
  /** Closes the account for good and puts its file aside under a name that carries this time. */
  retire(atMs: number): void;
}

/** Opens the account of a market, new or old. Throws DATA_DIR_UNWRITABLE, JOURNAL_CORRUPT, or HOST_RUNNING while another process has it. */
export async function openAccountFile(
  native: BrokerNative,
  dataDir: string,
  marketId: string,
): Promise<AccountFile> {
  makeDirectory(dataDir);
  const path = join(dataDir, `demo-${marketId}.db`);
  const lock = await acquireLock(native, `${path}.lock`);
  try {
    const journal = native.Journal.open(path);
    const book = createAccountBook(native.applyFill);
    replayJournal(journal, book);
    const close = () => {
      journal.close();
      lock.release();
    };
    return {
      journal,
      book,
      close,
      retire(atMs) {
        close();
        renameSync(path, join(dataDir, `demo-${marketId}.ended-${atMs}.db`));
      },
    };
  } catch (error) {
    lock.release();
    throw fromNativeError(error);
  }
}

function makeDirectory(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (cause) {
    throw new DeskError(
      'DATA_DIR_UNWRITABLE',
      `${dataDir} cannot be created. Choose another directory.`,
      { dataDir },
      { cause },
    );
  }
}

async function acquireLock(native: BrokerNative, path: string): Promise<{ release(): void }> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return native.InstanceLock.acquire(path, `demo broker, process ${process.pid}`);
    } catch (error) {
      const isLocked = error instanceof Error && 'code' in error && error.code === 'LOCKED';
      if (!isLocked || attempt === LOCK_ATTEMPTS) throw fromNativeError(error);
      await sleep(LOCK_WAIT_MS);
    }
  }
}
