// Ties the account's book to its journal: an event changes the book at once, and nothing that shows the change
// may leave the process before the event is durable.
import { DeskError } from '../../contract/errors.ts';
import type { AccountBook } from './account-book.ts';
import { AccountEvent } from './account-events.ts';

/** The part of the native journal used here. */
export interface EventJournal {
  /** Resolves once durable; appends become durable in the order of the calls. */
  append(payloads: string[]): Promise<number>;
  scan(afterSeq: number, limit: number): readonly { readonly seq: number; readonly payload: string }[];
  close(): void;
}

export interface AccountStore {
  /** Applies the event to the book and journals it. Throws once journalling has failed. */
  record(event: AccountEvent): void;
  /** Runs the action when everything recorded so far is durable, in the order of the calls; never if it cannot be. */
  afterDurable(action: () => void): void;
  /** Resolves when everything recorded so far is durable; rejects when it never will be. */
  settled(): Promise<void>;
}

const scanRows = 5_000;

/** Replays the journal into the book. Throws JOURNAL_CORRUPT at an event that cannot be read or applied. */
export function replayJournal(journal: EventJournal, book: AccountBook): void {
  for (let afterSeq = 0; ; ) {
    const rows = journal.scan(afterSeq, scanRows);
    for (const { seq, payload } of rows) {
      try {
        book.apply(AccountEvent.parse(JSON.parse(payload)));
      } catch (cause) {
        throw new DeskError(
          'JOURNAL_CORRUPT',
          `Event ${seq} of the demo account cannot be replayed. Move the account's file away to start a new one.`,
          { seq },
          { cause },
        );
      }
      afterSeq = seq;
    }
    if (rows.length < scanRows) return;
  }
}

/** Creates the store. After a failed append it refuses every further event: an order nobody can remember is not taken. */
export function createAccountStore(journal: EventJournal, book: AccountBook): AccountStore {
  let failure: DeskError | null = null;
  let tail: Promise<void> = Promise.resolve();

  async function append(event: AccountEvent, before: Promise<void>): Promise<void> {
    try {
      await journal.append([JSON.stringify(event)]);
    } catch (cause) {
      failure ??= new DeskError(
        'JOURNAL_FAILED',
        'The demo account cannot be journalled, so the demo broker takes no more orders. Free disk space and restart.',
        {},
        { cause },
      );
    }
    await before;
  }

  return {
    record(event) {
      if (failure) throw failure;
      book.apply(event);
      tail = append(event, tail);
    },
    afterDurable(action) {
      tail = tail.then(() => {
        if (!failure) action();
      });
    },
    async settled() {
      await tail;
      if (failure) throw failure;
    },
  };
}
