// Decides when to ask a runner again for what is missing: at once when there is something new to say, never in a storm.
import type { LinkTimers } from './link-timers.ts';
import type { MessageWindow } from './message-window.ts';

/** The runner's answer to one request takes less than this. */
const repeatAfterMs = 2_000;
const mostRequests = 10;

export interface ResumeRequests {
  /** Asks unless the same was asked a moment ago; gives up on a message that was asked for ten times. */
  ask(): void;
  /** Asks in any case: the stream is new, so what was asked before may not be answered. */
  askAnew(): void;
}

export interface ResumeRequestsParts {
  readonly window: MessageWindow;
  readonly timers: LinkTimers;
  request(after: number): void;
  onUnanswered(reason: string): void;
}

/** Creates the requests of one link. */
export function createResumeRequests({
  window,
  timers,
  request,
  onUnanswered,
}: ResumeRequestsParts): ResumeRequests {
  let askedAfter = -1;
  let askedAt = 0;
  let requests = 0;

  function askAnew(): void {
    const after = window.through();
    requests = after === askedAfter && window.missing() > 0 ? requests + 1 : 1;
    if (requests > mostRequests) {
      return onUnanswered(`message ${after + 1} is missing and was asked for ${mostRequests} times`);
    }
    askedAfter = after;
    askedAt = timers.monotonicMs();
    request(after);
  }

  return {
    ask() {
      const isRecent = window.through() === askedAfter && timers.monotonicMs() - askedAt < repeatAfterMs;
      if (!isRecent) askAnew();
    },
    askAnew,
  };
}
