// Source of truth: numbers each event, folds it, journals it, tells the followers. State changes nowhere else.
import { DeskError } from '../contract/errors.ts';
import { DeskEvent } from '../contract/events.ts';
import type { NumberedEvent } from '../contract/frames.ts';
import { reduce } from '../contract/reduce.ts';
import { type DeskState, initialState } from '../contract/state.ts';
import type { Journal, JournalEvent } from '../native/load.ts';
import { fromNativeError } from '../native/native-error.ts';
import type { Log } from './log.ts';

const scanBatch = 5_000;

export type EventListener = (numbered: NumberedEvent, state: DeskState) => void;

export interface Store {
  state(): DeskState;
  seq(): number;
  /** Folds at once; the journal follows within its group commit. */
  commit(event: DeskEvent): void;
  /** Folds at once and resolves when the event is on disk. Rejects with JOURNAL_FAILED. */
  commitDurable(event: DeskEvent): Promise<void>;
  follow(listener: EventListener): () => void;
  /** Resolves when everything committed so far is on disk. */
  flush(): Promise<void>;
}

/** Opens the store by folding the journal. `onJournalFailure` is called once, when an append could not be made durable. */
export function createStore(journal: Journal, log: Log, onJournalFailure: (error: DeskError) => void): Store {
  let { state, seq } = foldJournal(journal);
  let pending: Promise<unknown> = Promise.resolve();
  let failure: DeskError | null = null;
  const listeners = new Set<EventListener>();

  /** What no later start could read again must neither be folded nor written. */
  function check(event: DeskEvent): void {
    const checked = DeskEvent.safeParse(event);
    if (!checked.success)
      throw fail(new Error(`${event.kind} is not an event of this version: ${checked.error.message}`));
  }

  function apply(event: DeskEvent): void {
    seq += 1;
    state = reduce(state, event);
    const numbered = { seq, event };
    for (const listener of listeners) listener(numbered, state);
  }

  function fail(cause: unknown): DeskError {
    if (failure) return failure;
    failure = new DeskError(
      'JOURNAL_FAILED',
      `The journal could not be written (${cause instanceof Error ? cause.message : String(cause)}). New orders are refused; free disk space or fix the data directory, then restart.`,
      {},
      { cause },
    );
    log.error({ err: cause }, 'journal failed');
    onJournalFailure(failure);
    return failure;
  }

  async function commitDurable(event: DeskEvent): Promise<void> {
    check(event);
    apply(event);
    if (failure) throw failure;
    try {
      const appended = journal.append([JSON.stringify(event)]);
      pending = appended.catch(() => undefined);
      await appended;
    } catch (cause) {
      throw fail(cause);
    }
  }

  return {
    state: () => state,
    seq: () => seq,
    commit: (event) => void commitDurable(event).catch(() => undefined),
    commitDurable,
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    flush: async () => void (await pending),
  };
}

function foldJournal(journal: Journal): { state: DeskState; seq: number } {
  let state = initialState;
  let seq = 0;
  for (;;) {
    const rows = scan(journal, seq);
    for (const row of rows) {
      state = reduce(state, readEvent(row));
      seq = row.seq;
    }
    if (rows.length < scanBatch) return { state, seq };
  }
}

function scan(journal: Journal, afterSeq: number): JournalEvent[] {
  try {
    return journal.scan(afterSeq, scanBatch);
  } catch (error) {
    throw fromNativeError(error);
  }
}

function readEvent({ seq, payload }: JournalEvent): DeskEvent {
  try {
    return DeskEvent.parse(JSON.parse(payload));
  } catch (cause) {
    throw new DeskError(
      'JOURNAL_CORRUPT',
      `Event ${seq} of the journal is not one this version knows. Restore the journal or start with another NEURAL_TRADER_HOME.`,
      { seq },
      { cause },
    );
  }
}
