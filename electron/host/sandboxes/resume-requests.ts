// Decides when to ask a runner again for what is missing: at once when there is something new to say, never in a storm.
import { type LinkTimers, patienceMs } from './link-timers.ts';
import type { MessageWindow } from './message-window.ts';

/** A runner answers one request in less than this. */
const repeatAfterMs = 2_000;

export interface ResumeRequests {
  /** Asks unless the same was asked a moment ago; gives up on a message that was asked for in vain for 30 s. */
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
export function createResumeRequests(parts: ResumeRequestsParts): ResumeRequests {
  const { window, timers } = parts;
  let askedAfter = -1;
  let askedAt = 0;
  /** When `askedAfter` was first asked for although the runner is known to have written more. */
  let missingSince: number | null = null;

  function askAnew(): void {
    const after = window.through();
    const now = timers.monotonicMs();
    if (after !== askedAfter) missingSince = null;
    askedAfter = after;
    askedAt = now;
    if (window.missing() > 0) missingSince ??= now;
    const missingMs = missingSince === null ? 0 : now - missingSince;
    if (missingMs < patienceMs) parts.request(after);
    else
      parts.onUnanswered(
        `message ${after + 1} is missing and was asked for in vain for ${patienceMs / 1_000} s`,
      );
  }

  return {
    ask() {
      const isRecent = window.through() === askedAfter && timers.monotonicMs() - askedAt < repeatAfterMs;
      if (!isRecent) askAnew();
    },
    askAnew,
  };
}
