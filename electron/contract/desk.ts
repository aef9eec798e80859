// What a door sees of the host: ask, and follow. Everything else of the host is hidden from doors.
import type { FeedFrame } from './frames.ts';
import type { Actor } from './names.ts';

export interface Subscription {
  /** Says that the last frame has been applied; the next one is sent only after this. */
  ack(): void;
  /** Asks for a fresh snapshot: the replica saw a gap. */
  resync(): void;
  /** A hidden subscriber receives one frame a second at most, a visible one 20. */
  setVisible(visible: boolean): void;
  close(): void;
}

export interface Desk {
  /** Runs one operation of the catalogue on unparsed input. Rejects with a DeskError. */
  call(name: string, input: unknown, actor: Actor, signal?: AbortSignal): Promise<unknown>;
  /** Sends a snapshot at once, then frames; at most one is unacknowledged. */
  subscribe(send: (frame: FeedFrame) => void): Subscription;
}
