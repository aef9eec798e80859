// What the journal says when a host starts: that it did, and what was lost when the journal itself was damaged.
import type { EventOf } from '../contract/events.ts';
import type { OpenedJournal } from './open-journal.ts';
import type { Store } from './store.ts';

type Start = Pick<EventOf<'HostStarted'>, 'at' | 'pid' | 'version'>;

/** Records the start, in the mode of the host before. After a recovery LIVE is not armed any more. */
export function recordStart(store: Store, start: Start, recovery: OpenedJournal['recovery']): void {
  const { at } = start;
  store.commit({ kind: 'HostStarted', ...start, mode: store.state().mode });
  if (!recovery) return;
  // What was cut off may have been the end of the arming.
  if (store.state().live)
    store.commit({
      kind: 'LiveDisarmed',
      at,
      actor: 'host',
      reason: 'the journal was damaged and has been recovered',
    });
  store.commit({ kind: 'NoticeRaised', at, noticeId: 'journal-recovered', severity: 'warning', ...recovery });
}
