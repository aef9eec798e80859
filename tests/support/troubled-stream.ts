// The order stream of a troubled broker: one connection a session, whose messages are lost, repeated and overtaken as it is told.
import type { SessionOptions } from '../../electron/host/trading/alpaca/trading-session.ts';
import type { BrokerConduct } from './broker-troubles.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { VirtualTimers } from './virtual-timers.ts';

export interface StreamSession {
  readonly options: SessionOptions;
  readonly isDead: () => boolean;
  isReady: boolean;
  /** Counts connections: what was on its way over an earlier one is lost. */
  era: number;
}

/** Sends a message to every session. */
export type Tell = (message: (options: SessionOptions) => void) => void;

export interface TroubledStream {
  readonly tell: Tell;
  /** Sessions whose host lives. */
  alive(): StreamSession[];
  open(options: SessionOptions, isDead: () => boolean): StreamSession;
  close(session: StreamSession): void;
  restart(session: StreamSession): void;
  /** Drops every connection, or lets the sessions authenticate again. */
  set(stream: BrokerConduct['stream']): void;
}

/** Creates it without sessions. */
export function createTroubledStream(
  timers: VirtualTimers,
  random: SeededRandom,
  conduct: () => BrokerConduct,
): TroubledStream {
  const sessions = new Set<StreamSession>();

  function drop(session: StreamSession): void {
    session.isReady = false;
    session.era += 1;
  }

  function authenticate(session: StreamSession): void {
    const { era } = session;
    timers.after(random.between(1, 100 + conduct().latencyMs), () => {
      if (session.era !== era || session.isDead()) return;
      session.isReady = true;
      session.options.listener.onReady();
    });
  }

  return {
    tell(message) {
      const { loses, repeats, shufflesMs } = conduct();
      for (const session of sessions) {
        const { era } = session;
        if (!session.isReady || random.chance(loses)) continue;
        const times = random.chance(repeats) ? 2 : 1;
        for (let time = 0; time < times; time += 1)
          timers.after(random.between(1, 2 + shufflesMs), () => {
            if (session.era === era && !session.isDead()) message(session.options);
          });
      }
    },
    alive: () => [...sessions].filter((session) => !session.isDead()),
    open(options, isDead) {
      const session = { options, isDead, isReady: false, era: 0 };
      sessions.add(session);
      if (conduct().stream === 'up') authenticate(session);
      return session;
    },
    close(session) {
      drop(session);
      sessions.delete(session);
    },
    restart(session) {
      drop(session);
      if (conduct().stream === 'up') authenticate(session);
    },
    set(stream) {
      for (const session of sessions) {
        drop(session);
        if (stream === 'up') authenticate(session);
      }
    },
  };
}
