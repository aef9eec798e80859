// Opens the journal and puts what had to be recovered into words.
import type { Journal, Native } from '../native/load.ts';
import { fromNativeError } from '../native/native-error.ts';

export interface OpenedJournal {
  readonly journal: Journal;
  /** Null when nothing was damaged. */
  readonly recovery: { readonly title: string; readonly detail: string } | null;
}

/** Opens or creates the journal. Throws DATA_DIR_UNWRITABLE. A damaged tail is cut back to the last good event and reported. */
export function openJournal(native: Native, path: string): OpenedJournal {
  const journal = openFile(native, path);
  const { droppedEvents, lastGoodSeq, reason } = journal.recovery();
  if (!reason) return { journal, recovery: null };
  return {
    journal,
    recovery: {
      title: 'The journal was damaged and has been recovered',
      detail: `${reason}. ${droppedEvents} events after event ${lastGoodSeq} were set aside beside the journal. Compare orders and positions with the broker.`,
    },
  };
}

function openFile(native: Native, path: string): Journal {
  try {
    return native.Journal.open(path);
  } catch (error) {
    throw fromNativeError(error);
  }
}
